import type { Exchange } from '../../../http/exchange.js';
import type { Json } from '../../../kit/json.js';
import { malformed } from '../parameters.js';
import { type Act, type Intent, intentOf, type Subject } from './media-types.js';
import { Problem } from './problems.js';

/** A body's bytes as text; refuses 413 beyond `limit` bytes. */
export const readText = async ({ body, length }: Exchange, limit: number): Promise<string> => {
  const tooLarge = () => new Problem(413, `The message must not have more than ${limit} bytes.`);
  if (length !== null && length > limit) throw tooLarge();
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body()) {
    size += piece.length;
    if (size > limit) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
};

/**
 * What the Content-Type tells is to be done, if that is one of these acts upon one of these subjects. Refuses 406 where it is missing
 * or is the wrong one of ours, 415 where it is none of ours (specs/brightsign.md §B2, §B3).
 */
export const needIntent = (
  { headers }: Exchange,
  subjects: readonly Subject[],
  acts: readonly Act[] = ['start', 'complete', 'change'],
): Intent => {
  const type = headers['content-type'];
  if (type === undefined) throw new Problem(406, 'The Content-Type is missing.');
  const intent = intentOf(type);
  if (!intent) throw new Problem(415, 'The Content-Type is not known.');
  const { act, subject } = intent;
  if ((subject && !subjects.includes(subject)) || (act && !acts.includes(act)))
    throw new Problem(406, 'The Content-Type does not fit this address.');
  return intent;
};

/** Members of a JSON object, by their names in lower case: clients spell them in many ways (§B4). */
export type Members = ReadonlyMap<string, Json>;

/** Refuses `malformed` unless the value is an object. */
export const membersOf = (value: Json | undefined): Members => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('The arguments must be a JSON object.');
  return new Map(Object.entries(value).map(([name, each]) => [name.toLowerCase(), each]));
};

/** Reads a body of arguments. Refuses `malformed`. */
export const readMembers = async (exchange: Exchange, limit: number): Promise<Members> => {
  const text = (await readText(exchange, limit)).replace(/^\ufeff/, '');
  try {
    return membersOf(JSON.parse(text) as Json);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed('The body is not valid JSON.');
    throw error;
  }
};
