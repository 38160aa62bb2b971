/** A file's name without its ending; a name that begins with its only dot has none. */
export const baseName = (name: string): string => {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
};

/** A file's ending, lower case and without the dot; '' if it has none. */
export const endingOf = (name: string): string => name.slice(baseName(name).length + 1).toLowerCase();
