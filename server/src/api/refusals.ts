import type { RefusalTable } from '../engine/refusals.js';
import type { Trouble } from './problems.js';

type Told = Omit<Trouble, 'kind'>;

/** Every refusal of the engine and the services: a status, a sentence, and the facts that help. */
export const refusals: RefusalTable<Told> = {
  'no-such-upload': () => ({ status: 404, title: 'There is no such upload.' }),
  'not-open': ({ state }) => ({ status: 409, title: `The upload is ${state}.`, facts: { state } }),
  'wrong-offset': ({ expected, given }) => ({
    status: 409,
    title: `The upload goes on at byte ${expected}, not at ${given}.`,
    facts: { expected, given },
  }),
  'beyond-end': ({ size, end }) => ({
    status: 413,
    title: `The upload has ${size} bytes; the chunk would end at ${end}.`,
    facts: { size, end },
  }),
  'too-large': ({ limit, size }) => ({
    status: 413,
    title: `At most ${limit} bytes are taken.`,
    facts: { limit, size },
  }),
  malformed: ({ reason }) => ({ status: 400, title: reason }),
  incomplete: ({ received, size }) => ({
    status: 409,
    title: 'The upload is not complete.',
    facts: { received, size },
  }),
  'size-conflict': ({ known, given }) => ({
    status: 409,
    title: `The upload has ${known} bytes, not ${given}.`,
    facts: { known, given },
  }),
  'digest-mismatch': ({ scope, algorithm, expected, actual }) => ({
    status: 409,
    title: `The bytes do not have this ${algorithm} digest.`,
    facts: { scope, algorithm, expected, actual },
  }),
  'digest-unsupported': ({ algorithm }) => ({
    status: 400,
    title: `The digest ${algorithm} is not known here.`,
    facts: { algorithm },
  }),
  'taken-over': () => ({ status: 409, title: 'A newer request goes on with this upload.' }),
  busy: () => ({
    status: 409,
    title: 'Another request holds this upload; try again in a moment.',
    headers: { 'retry-after': 1 },
  }),
  cut: ({ received, kept }) => ({ status: 400, title: 'The body ended early.', facts: { received, kept } }),
  'no-room': ({ needed, free }) => ({
    status: 507,
    title: 'There is no room left on the server.',
    facts: { needed, free },
  }),
  'over-quota': ({ limit, used, needed }) => ({
    status: 413,
    title: `The account may have ${limit} bytes, has ${used}, and wants ${needed} more.`,
    facts: { limit, used, needed },
  }),
  draining: ({ retryAfterSeconds }) => ({
    status: 503,
    title: 'The server is stopping; the same request will do later.',
    headers: { 'retry-after': retryAfterSeconds },
  }),
  'no-such-group': () => ({ status: 404, title: 'There is no such group of uploads.' }),
  unauthenticated: ({ reason }) => ({
    status: 401,
    title: reason === 'missing' ? 'You are not logged in.' : 'The name or the password is not right.',
    // Not `Basic`: browsers would ask for a name and password themselves.
    headers: { 'www-authenticate': 'Bearer realm="longshore"' },
  }),
  forbidden: ({ permission }) => ({
    status: 403,
    title: `The account lacks the permission "${permission}".`,
    facts: { permission },
  }),
  'no-such-file': () => ({ status: 404, title: 'There is no such file.' }),
  'name-taken': ({ name }) => ({ status: 409, title: `The name "${name}" is taken.`, facts: { name } }),
  'not-satisfiable': ({ size }) => ({
    status: 416,
    title: `The file has ${size} bytes.`,
    facts: { size },
    headers: { 'content-range': `bytes */${size}` },
  }),
};
