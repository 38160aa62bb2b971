import type { RefusalTable } from '../../engine/refusals.js';
import { text } from '../../http/answers.js';
import type { Reply } from '../../http/exchange.js';

/**
 * Every refusal in tus words: a status, and a line of plain text for people. Where the protocol names no status, one was chosen by what clients make of it: they try
 * again after 409, 423 and 5xx, and give up after any other 4xx.
 */
export const refusals: RefusalTable<Reply> = {
  'no-such-upload': ({ id }) => text(404, `There is no upload ${id}.`),
  'not-open': ({ id, state }) =>
    state === 'open' || state === 'sealed' || state === 'finished'
      ? text(403, `The upload ${id} takes no more bytes.`)
      : text(410, `The upload ${id} is ${state}.`),
  'wrong-offset': ({ expected, given }) => text(409, `The upload goes on at ${expected}, not at ${given}.`),
  'beyond-end': ({ size, end }) => text(413, `The upload has ${size} bytes; the chunk would end at ${end}.`),
  'too-large': ({ limit, size }) =>
    text(413, size === null ? `More than ${limit} bytes.` : `${size} bytes; at most ${limit} are taken.`),
  malformed: ({ reason }) => text(400, reason),
  incomplete: ({ received, size }) => text(409, `${received} of ${size ?? 'an unknown number of'} bytes are there.`),
  'size-conflict': ({ known, given }) => text(400, `The length of the upload is ${known}, not ${given}.`),
  'digest-mismatch': ({ algorithm }) => text(460, `The bytes do not have this ${algorithm} checksum.`),
  'digest-unsupported': ({ algorithm }) => text(400, `The checksum algorithm ${algorithm} is not supported.`),
  'taken-over': () => text(423, 'A newer request goes on with this upload.'),
  busy: () => text(423, 'Another request holds this upload.', { 'retry-after': 1 }),
  // Not a 4xx: a client that still listens is to ask for the offset and go on.
  cut: ({ received, kept }) =>
    text(503, `The body ended early: ${received} bytes came, ${kept} were kept.`, { 'retry-after': 1 }),
  'no-room': () => text(507, 'There is no room left on the server.'),
  // Not 507, after which clients try again: the account will not have more room in a moment.
  'over-quota': ({ limit, used, needed }) =>
    text(413, `The account may have ${limit} bytes, has ${used}, and wants ${needed} more.`),
  draining: ({ retryAfterSeconds }) => text(503, 'The server is going down.', { 'retry-after': retryAfterSeconds }),
  'no-such-group': ({ id }) => text(404, `There is no group ${id}.`),
  unauthenticated: () =>
    text(401, 'Credentials are wanted.', { 'www-authenticate': 'Basic realm="longshore", charset="UTF-8"' }),
  forbidden: ({ permission }) => text(403, `The account lacks the permission "${permission}".`),
  'no-such-file': () => text(410, 'The file is gone.'),
  'name-taken': ({ name }) => text(409, `There is a file ${name} already.`),
  'not-satisfiable': ({ size }) => text(416, `The file has ${size} bytes.`, { 'content-range': `bytes */${size}` }),
};
