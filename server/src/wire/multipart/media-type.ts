/** A Content-Type, taken apart. */
export interface MediaType {
  /** Lower case: `text/xml`. */
  readonly type: string;
  /** By lower-case name; values as sent, without their quotes. */
  readonly parameters: Readonly<Record<string, string>>;
}

const parameter = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))/g;

/** Takes a Content-Type apart; of what makes no sense it takes what it can. */
export const parseMediaType = (field: string): MediaType => {
  const semicolon = field.indexOf(';');
  const type = (semicolon < 0 ? field : field.slice(0, semicolon)).trim().toLowerCase();
  const parameters: Record<string, string> = Object.create(null);
  for (const [, name = '', quoted, plain] of field.matchAll(parameter))
    parameters[name.toLowerCase()] ??= quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
  return { type, parameters };
};
