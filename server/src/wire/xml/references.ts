import { XmlError } from './errors.js';

const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
/** `&#x10FFFF;` is ten characters; leading zeros make it longer, but not without end. */
const LONGEST = 16;

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const resolve = (name: string): string => {
  const [, hex, digits] = /^#(?:x([0-9A-Fa-f]+)|(\d+))$/.exec(name) ?? [];
  const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(digits ?? Number.NaN);
  const text = named[name] ?? (code >= 9 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined);
  if (text === undefined) throw new XmlError('malformed', 'refers to an unknown entity');
  return text;
};

/** How many bytes at the end of `run` are the beginning of a reference. */
export const incompleteReference = (run: Buffer): number => {
  const begin = run.lastIndexOf(AMPERSAND);
  return begin < 0 || run.length - begin > LONGEST || run.includes(SEMICOLON, begin) ? 0 : run.length - begin;
};

/** `run` with its character references and the five predefined entities resolved. Throws `XmlError` for others. */
export const expandReferences = (run: Buffer): Buffer => {
  let begin = run.indexOf(AMPERSAND);
  if (begin < 0) return run;
  const pieces: Buffer[] = [];
  let at = 0;
  for (; begin >= 0; begin = run.indexOf(AMPERSAND, at)) {
    const end = run.subarray(begin, begin + LONGEST).indexOf(SEMICOLON);
    if (end < 0) throw new XmlError('malformed', 'has an ampersand that begins no reference');
    pieces.push(run.subarray(at, begin), Buffer.from(resolve(run.toString('latin1', begin + 1, begin + end))));
    at = begin + end + 1;
  }
  pieces.push(run.subarray(at));
  return Buffer.concat(pieces);
};
