import { type Cursor, cursor } from '../cursor.js';
import { FormError, type FormField } from './field.js';

/** Bounds of a form. */
export interface FieldLimits {
  /** Bytes of a field's name, as sent. */
  readonly name: number;
  /** Fields, counted. */
  readonly fields: number;
}

export const defaultFieldLimits: FieldLimits = { name: 1024, fields: 2 ** 20 };

const AND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
/** `%uD83D%uDE00`, a character beyond the first 65,536 as old .NET clients send it. */
const LONGEST_ESCAPE = 12;

const hex = '[0-9A-Fa-f]';
const pair = `%u[Dd][89ABab]${hex}{2}%u[Dd][C-Fc-f]${hex}{2}`;
const anEscape = new RegExp(`\\+|${pair}|%u${hex}{4}|%${hex}{2}`, 'g');

/** `%XX` as a byte, `%uXXXX` or a pair of them as a character; what is neither stays as it is. */
const unescaped = (run: Buffer, plus: string): Buffer => {
  if (!run.includes(PERCENT) && (plus === '+' || !run.includes('+'))) return run;
  const text = run.toString('latin1').replace(anEscape, (sent) => {
    if (sent === '+') return plus;
    if (sent[1] !== 'u') return String.fromCharCode(Number.parseInt(sent.slice(1), 16));
    const units = sent.split('%u').slice(1);
    return Buffer.from(String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)))).toString('latin1');
  });
  return Buffer.from(text, 'latin1');
};

const unfinished = new RegExp(`(?:%u[Dd][89ABab]${hex}{2})?(?:%(?:u${hex}{0,3}|${hex}?))?$`);

/** How many bytes at the end of `run` begin an escape that may go on: a whole one may, as the first half of a pair. */
const incompleteEscape = (run: Buffer): number => {
  const end = run.toString('latin1', Math.max(0, run.length - LONGEST_ESCAPE + 1));
  return unfinished.exec(end)?.[0].length ?? 0;
};

async function* value(bytes: Cursor, plus: string): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    const found = bytes.chunk.indexOf(AND, bytes.at);
    const run = bytes.chunk.subarray(bytes.at, found < 0 ? bytes.chunk.length : found);
    const taken = found < 0 ? run.length - incompleteEscape(run) : run.length;
    bytes.at += found < 0 ? taken : taken + 1;
    if (taken > 0) yield unescaped(run.subarray(0, taken), plus);
    if (found >= 0) return;
    if (!(await bytes.more())) {
      const rest = bytes.chunk.subarray(bytes.at);
      bytes.at = bytes.chunk.length;
      if (rest.length > 0) yield unescaped(rest, plus);
      return;
    }
  }
}

/**
 * The fields of an `application/x-www-form-urlencoded` body one after the other, as they arrive; values are never
 * gathered. Throws `FormError` past a bound.
 */
export async function* urlencodedFields(
  source: AsyncIterable<Buffer>,
  limits: FieldLimits = defaultFieldLimits,
): AsyncGenerator<FormField, void, undefined> {
  const bytes = cursor(source);
  for (let count = 1; await bytes.has(1); count += 1) {
    if (count > limits.fields) throw new FormError(`there are more than ${limits.fields} fields`);
    let end = nameEnd(bytes);
    while (end < 0 && bytes.chunk.length - bytes.at <= limits.name && (await bytes.more())) end = nameEnd(bytes);
    const stop = end < 0 ? bytes.chunk.length : end;
    if (stop - bytes.at > limits.name) throw new FormError(`a field's name has more than ${limits.name} bytes`);
    const name = unescaped(bytes.chunk.subarray(bytes.at, stop), ' ').toString();
    const valued = bytes.chunk[stop] === EQUALS;
    bytes.at = Math.min(stop + 1, bytes.chunk.length);
    const before = bytes.passed;
    let begun = !valued;
    let ended = !valued;
    const read = async function* (kind: 'text' | 'base64'): AsyncGenerator<Buffer, void, undefined> {
      if (begun) return;
      begun = true;
      yield* value(bytes, kind === 'text' ? ' ' : '+');
      ended = true;
    };
    if (name !== '' || valued) yield { name, value: read, file: false, fileName: undefined, headers: {}, before };
    if (!ended) for await (const _ of value(bytes, '+'));
  }
}

const nameEnd = (bytes: Cursor): number => {
  const at = bytes.chunk.subarray(bytes.at).findIndex((code) => code === EQUALS || code === AND);
  return at < 0 ? -1 : bytes.at + at;
};
