import { STATUS_CODES } from 'node:http';
import { isRefusal, type RefusalTable } from '../../../engine/refusals.js';
import type { Reply } from '../../../http/exchange.js';
import { BodyCut } from '../../../http/exchange.js';
import type { Log } from '../../../kit/log.js';
import { errorType } from './media-types.js';

/** A no of the REST API: an HTTP status and an English sentence. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const notAcceptable = (): Problem => new Problem(406, 'None of the media types in Accept can be answered.');

const states = {
  open: 'is still open',
  sealed: 'is complete',
  finished: 'has been completed',
  cancelled: 'has been cancelled',
  expired: 'has been terminated',
  corrupt: 'is corrupted',
} as const;

const bad = (message: string): Problem => new Problem(400, message);
/** What may go well the next time: a vendor's library repeats a chunk after a 500, and after nothing else (specs/brightsign.md §B2). */
const transient = (message: string): Problem => new Problem(500, message);

/** Every refusal as a status of §B2, with a sentence of ours. */
const refusals: RefusalTable<Problem> = {
  'no-such-upload': () => new Problem(404, 'There is no upload with this upload token.'),
  'no-such-group': () => new Problem(404, 'There is no upload session with this session token.'),
  'no-such-file': ({ id }) => new Problem(404, `There is no content with the id ${id}.`),
  'not-open': ({ state }) => bad(`The upload ${states[state]}.`),
  'wrong-offset': ({ given }) => bad(`A chunk cannot be placed at offset ${given}.`),
  'beyond-end': ({ size, end }) =>
    bad(`The chunk would end at ${end}, beyond the end of the file, which has ${size} bytes.`),
  'too-large': ({ limit }) => new Problem(413, `More than ${limit} bytes are not accepted.`),
  malformed: ({ reason }) => bad(reason),
  incomplete: ({ received, size }) =>
    bad(`The file is not complete: ${received} of ${size ?? 'an unknown number of'} bytes have been received.`),
  'size-conflict': ({ known, given }) => bad(`The file size ${given} does not agree with the ${known} bytes received.`),
  'digest-mismatch': ({ expected, actual }) =>
    bad(`The SHA1 hash of the file is ${actual}, not ${expected} as specified.`),
  'digest-unsupported': () => bad('The hash is not a SHA1 hash.'),
  'over-quota': () => bad('The account has no room left for this file.'),
  'name-taken': ({ name }) => bad(`There is a content named ${name} already.`),
  'not-satisfiable': () => bad('The requested bytes do not exist.'),
  cut: () => bad('The body ended before it was complete.'),
  'taken-over': () => transient('The upload was taken over by another request.'),
  busy: () => transient('The upload is in use by another request.'),
  'no-room': () => transient('There is no room left on the server.'),
  draining: () => transient('The server is going down.'),
  unauthenticated: () => new Problem(401, 'The access token is missing, wrong or has expired.'),
  forbidden: ({ permission }) => new Problem(403, `The user lacks the permission to ${permission} contents.`),
};

const toProblem = (error: unknown, log: Log): Problem => {
  if (error instanceof Problem) return error;
  if (isRefusal(error)) return error.answer(refusals);
  if (error instanceof BodyCut) return bad('The body ended before it was complete.');
  log.error({ err: error }, 'a call failed');
  return new Problem(500, 'The server was unable to process the request due to an internal error.');
};

/** The answer to what was thrown. */
export const replyTo = (error: unknown, log: Log): Reply => {
  const { status, message } = toProblem(error, log);
  const word = (STATUS_CODES[status] ?? 'Error').replaceAll(/[^A-Za-z]/g, '');
  return {
    status,
    headers: {
      'content-type': errorType,
      'cache-control': 'no-store',
      ...(status === 401 && { 'www-authenticate': 'Bearer realm="BrightSign"' }),
    },
    body: JSON.stringify({ error: word, message }),
  };
};
