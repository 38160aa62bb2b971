import type { RefusalTable } from '../../engine/refusals.js';
import { Problem, problems } from './problems.js';

/** Every refusal of the engine and the services as a problem (specs/api2convert.md §3). */
export const refusals: RefusalTable<Problem> = {
  'no-such-upload': () => problems.notFound('Upload'),
  'not-open': () => problems.conflict('The upload takes no more bytes.'),
  'wrong-offset': ({ expected, given }) => problems.conflict(`The upload goes on at ${expected}, not at ${given}.`),
  'beyond-end': ({ size, end }) => problems.bad(`The file has ${size} bytes; the chunk would end at ${end}.`),
  'too-large': ({ limit }) => new Problem(413, `The file is too large: at most ${limit} bytes are taken.`),
  malformed: ({ reason }) => problems.bad(reason),
  incomplete: ({ received }) => problems.conflict(`The file is not complete: ${received} bytes are there.`),
  'size-conflict': ({ known, given }) => problems.conflict(`The total of this upload is ${known}, not ${given}.`),
  'digest-mismatch': ({ algorithm }) => problems.bad(`The bytes do not have this ${algorithm} checksum.`),
  'digest-unsupported': ({ algorithm }) => problems.bad(`The checksum algorithm ${algorithm} is not supported.`),
  'taken-over': () => problems.conflict('A newer request goes on with this upload.'),
  busy: () => new Problem(503, 'Another request holds this upload.', { headers: { 'retry-after': 1 } }),
  cut: ({ received }) => problems.bad(`The body ended early, after ${received} bytes.`),
  'no-room': () => new Problem(507, 'There is no room left on the server.'),
  'over-quota': ({ limit }) => new Problem(402, `The account’s quota of ${limit} bytes does not allow it.`),
  draining: ({ retryAfterSeconds }) =>
    new Problem(503, 'The server is going down.', { headers: { 'retry-after': retryAfterSeconds } }),
  'no-such-group': () => problems.notFound('Group'),
  unauthenticated: () => problems.unauthenticated(),
  forbidden: ({ permission }) => new Problem(403, `The account lacks the permission "${permission}".`),
  'no-such-file': () => problems.gone('The file is gone.'),
  'name-taken': ({ name }) => problems.conflict(`There is a file ${name} already.`),
  'not-satisfiable': ({ size }) =>
    new Problem(416, `The file has ${size} bytes.`, { headers: { 'content-range': `bytes */${size}` } }),
};
