import { XmlError } from './errors.js';

const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
/** `&#x10FFFF;` is ten characters; leading zeros make it longer, but not without end. */
const LONGEST = 16;

const named: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** The UTF-8 bytes of what a reference stands for, one character per byte. */
const resolve = (name: string | undefined): string => {
  const [, hex, digits] = /^#(?:x([0-9A-Fa-f]+)|(\d+))$/.exec(name ?? '') ?? [];
  const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(digits ?? Number.NaN);
  const text = named.get(name ?? '') ?? (code >= 9 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined);
  if (text === undefined) throw new XmlError('malformed', 'has an ampersand that begins no known reference');
  return Buffer.from(text).toString('latin1');
};

// Lines of base64 that end in `&#13;` come by the ten thousand.
const carriageReturns = new Set(['#13', '#xD', '#xd']);

/** How many bytes at the end of `run` are the beginning of a reference. */
export const incompleteReference = (run: Buffer): number => {
  const begin = run.lastIndexOf(AMPERSAND);
  return begin < 0 || run.length - begin > LONGEST || run.includes(SEMICOLON, begin) ? 0 : run.length - begin;
};

/** `run` with its character references and the five predefined entities resolved. Throws `XmlError` for others. */
export const expandReferences = (run: Buffer): Buffer =>
  run.includes(AMPERSAND)
    ? Buffer.from(
        run
          .toString('latin1')
          .replace(/&(?:([^;&]{1,14});)?/g, (_, name?: string) =>
            name !== undefined && carriageReturns.has(name) ? '\r' : resolve(name),
          ),
        'latin1',
      )
    : run;
