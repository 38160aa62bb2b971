import { Refusal } from '../engine/refusals.js';
import type { Exchange } from '../http/exchange.js';
import { ApiProblem } from './problems.js';

/** Most bytes that a JSON body may have. */
const most = 64 * 1024;

const tooLarge = (size: number | null) => new Refusal('too-large', { limit: most, size });

/** Is this a media type of JSON, in a character set that is ours? */
const isJson = (type = ''): boolean =>
  /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('malformed', { reason: 'The body is no JSON.' });
  }
};

const textOf = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal('malformed', { reason: 'The body is no UTF-8.' });
  }
};

/** The JSON body of a request. Refuses another media type (415), one of more than 64 KiB, and what is no JSON. */
export const readJson = async ({ headers, length, body }: Exchange): Promise<unknown> => {
  if (!isJson(headers['content-type']) || (headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new ApiProblem({ kind: 'unsupported-type', status: 415, title: 'A body of application/json is wanted.' });
  if (length !== null && length > most) throw tooLarge(length);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body()) {
    size += piece.length;
    if (size > most) throw tooLarge(null);
    pieces.push(piece);
  }
  return parsed(textOf(Buffer.concat(pieces)));
};
