import { ConfigError } from '../config.js';
import { isRefusal, type RefusalTable } from '../engine/refusals.js';

/** What the command line says where the server says no. */
const refusals: RefusalTable<string> = {
  'no-such-upload': ({ id }) => `There is no upload ${id}.`,
  'not-open': ({ id, state }) => `Upload ${id} is ${state}.`,
  'wrong-offset': ({ expected, given }) => `The upload ends at byte ${expected}, not ${given}.`,
  'beyond-end': ({ size, end }) => `The upload ends at byte ${size}, before ${end}.`,
  'too-large': ({ limit }) => `At most ${limit} bytes are taken.`,
  malformed: ({ reason }) => reason,
  incomplete: ({ received }) => `Only ${received} bytes are there.`,
  'size-conflict': ({ known, given }) => `The size is ${known}, not ${given}.`,
  'digest-mismatch': ({ algorithm }) => `The bytes do not have the ${algorithm} that was declared.`,
  'digest-unsupported': ({ algorithm }) => `${algorithm} cannot be checked.`,
  'taken-over': ({ id }) => `A newer request has taken upload ${id} over.`,
  busy: ({ id }) => `Upload ${id} is in use; try again.`,
  cut: ({ received }) => `The bytes ended after ${received}.`,
  'no-room': () => 'There is no room left in the store.',
  'over-quota': ({ account, limit }) => `${account} may keep at most ${limit} bytes.`,
  draining: () => 'The server is stopping.',
  'no-such-group': ({ id }) => `There is no group ${id}.`,
  unauthenticated: () => 'The credentials are missing, wrong or expired.',
  forbidden: ({ permission }) => `The account may not ${permission}.`,
  'no-such-file': ({ id }) => `There is no file ${id}.`,
  'name-taken': ({ name }) => `The name "${name}" is taken.`,
  'not-satisfiable': ({ size }) => `The file has only ${size} bytes.`,
};

/** What went wrong, as one message for a person, and the exit code: 2 for a wrong configuration, else 1. */
export const explain = (error: unknown): { message: string; code: number } => {
  if (isRefusal(error)) return { message: error.answer(refusals), code: 1 };
  if (error instanceof ConfigError) return { message: error.message, code: 2 };
  return { message: error instanceof Error ? error.message : String(error), code: 1 };
};
