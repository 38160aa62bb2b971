import type { Exchange } from '../../../http/exchange.js';
import type { FormField } from '../../../wire/fields/field.js';
import { multipartFields } from '../../../wire/multipart/fields.js';
import { parseMediaType } from '../../../wire/multipart/media-type.js';
import { fromWire } from '../ids.js';
import { Rejected } from './answers.js';
import type { Claim } from './part.js';

/** Bytes of a field that is a number. */
const longest = 64;

const wholeNumber = (name: string, text: string): number => {
  const number = /^\d{1,16}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new Rejected(400, `${name} is not a number.`);
  return number;
};

/** What a field says of where the part goes; nothing where it is another field. */
const claimOf = (name: string, text: string): Claim => {
  if (/^resumableFileId$/i.test(name)) return { file: fromWire(wholeNumber('resumableFileId', text)) };
  if (/^resumableFirstByte$/i.test(name)) return { firstByte: wholeNumber('resumableFirstByte', text) };
  return {};
};

/** What the request's query says of where the part goes. */
export const claimOfQuery = ({ query }: Pick<Exchange, 'query'>): Claim =>
  [...query].reduce<Claim>((claim, [name, value]) => ({ ...claimOf(name, value), ...claim }), {});

const textOf = async (field: FormField): Promise<string> => {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of field.value('text')) {
    length += piece.length;
    if (length > longest) throw new Rejected(400, `${field.name.slice(0, 40)} is too long.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
};

/** The part of a form: its bytes as they arrive, and what is known of it by then. */
export interface FilePart {
  readonly claim: Claim;
  readonly fileName: string | undefined;
  /** How many bytes there are, if the form ends right behind them as forms do; undefined where its own length is not known. */
  readonly length: number | undefined;
  readonly bytes: AsyncIterable<Buffer>;
}

const isFile = ({ name, file }: FormField): boolean => file || /^FilePart$/i.test(name);

/**
 * Reads a multipart form to its end and hands its file to `take` when that comes. Gives what was made of the file, and all that the
 * form said of where it goes: fields win over the query. Refuses a form without a file, or with two.
 */
export const readForm = async <T>(
  exchange: Exchange,
  take: (part: FilePart) => Promise<T>,
): Promise<{ claim: Claim; fileName: string | undefined; part: T }> => {
  const boundary = parseMediaType(exchange.headers['content-type'] ?? '').parameters.boundary ?? '';
  const ending = `\r\n--${boundary}--\r\n`.length;
  let claim = claimOfQuery(exchange);
  let found: { fileName: string | undefined; part: T } | undefined;
  for await (const field of multipartFields(exchange.body(), boundary)) {
    if (!isFile(field)) {
      if (/^resumable/i.test(field.name)) claim = { ...claim, ...claimOf(field.name, await textOf(field)) };
      continue;
    }
    if (found) throw new Rejected(400, 'The form has more than one file.');
    const { fileName } = field;
    const length = exchange.length === null ? undefined : exchange.length - field.before - ending;
    found = { fileName, part: await take({ claim, fileName, length, bytes: field.value('text') }) };
  }
  if (!found) throw new Rejected(400, 'FilePart is missing.');
  return { claim, ...found };
};
