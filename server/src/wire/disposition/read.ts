import { isUtf8 } from 'node:buffer';

/** A `Content-Disposition`, taken apart. */
export interface Disposition {
  /** Lower case: `form-data`, `attachment`. */
  readonly type: string;
  /** Of a form's field. */
  readonly name: string | undefined;
  /** As sent: maybe a whole path, maybe empty, and with any character in it. */
  readonly fileName: string | undefined;
}

const parameter = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g;

/** Bytes that came as ISO-8859-1, read as the UTF-8 that they mostly are. */
const decoded = (sent: string): string => {
  const bytes = Buffer.from(sent, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : sent;
};

/**
 * A value in its quotes, as written by curl (`\"`, `\\`) and by browsers (`%22`, `%0D`, `%0A`). Any other backslash is
 * itself, for old browsers send `C:\temp\a.txt`; so is any other percent sign, for new ones send `100%.txt`.
 */
const unquoted = (sent: string): string =>
  sent
    .replace(/\\(["\\])/g, '$1')
    .replace(/%(22|0D|0A)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** RFC 8187: `UTF-8''%E2%82%AC`. Undefined where it makes no sense. */
const extended = (sent: string): string | undefined => {
  const [, charset = '', value = ''] = /^([^']*)'[^']*'(.*)$/s.exec(sent) ?? [];
  const bytes = value.replace(/%([0-9A-Fa-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  if (/^utf-?8$/i.test(charset)) return Buffer.from(bytes, 'latin1').toString();
  return /^iso-8859-1$/i.test(charset) ? bytes : undefined;
};

/**
 * Takes a `Content-Disposition` apart: of a form's part, as clients write it whatever the standards say, or of a request
 * or answer. `field` is as Node gives header fields, a character for each byte. `filename*` wins over `filename`.
 */
export const readDisposition = (field: string): Disposition => {
  const semicolon = field.indexOf(';');
  const values = new Map<string, string>();
  for (const [, sent = '', quoted, plain = ''] of field.matchAll(parameter)) {
    const name = sent.toLowerCase();
    const value = name.endsWith('*') ? extended(quoted ?? plain.trim()) : unquoted(decoded(quoted ?? plain.trim()));
    if (value !== undefined && !values.has(name)) values.set(name, value);
  }
  return {
    type: (semicolon < 0 ? field : field.slice(0, semicolon)).trim().toLowerCase(),
    name: values.get('name*') ?? values.get('name'),
    fileName: values.get('filename*') ?? values.get('filename'),
  };
};
