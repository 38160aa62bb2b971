const prefix = 'longshore.upload:';

/** What an upload is remembered by: a file that is chosen again is told by its name, size and date. */
const keyOf = (file: File): string => prefix + JSON.stringify([file.name, file.size, file.lastModified]);

/** An upload that was left before its end. */
export interface Unfinished {
  readonly key: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** The state of an upload of this file, or undefined. */
export const recall = (file: File): unknown => {
  try {
    return JSON.parse(localStorage.getItem(keyOf(file)) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
};

/** Remembers `state` until `forget`. A browser that keeps nothing costs only the chance to resume. */
export const remember = (file: File, state: unknown): void => {
  try {
    localStorage.setItem(keyOf(file), JSON.stringify(state));
  } catch {
    // Private windows and full storage refuse.
  }
};

export const forget = (file: File): void => localStorage.removeItem(keyOf(file));
export const forgetKey = (key: string): void => localStorage.removeItem(key);

/** Everything that is remembered, by name. */
export const unfinished = (): Unfinished[] =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix))
    .flatMap((key) => {
      try {
        const [name, size] = JSON.parse(key.slice(prefix.length));
        return [{ key, name: String(name), size: Number(size) }];
      } catch {
        return [];
      }
    })
    .sort((a, b) => a.name.localeCompare(b.name));
