import type { RefusalTable } from '../../engine/refusals.js';
import { Problem, problems } from './problems.js';

const trouble = (text: string) => () => problems.systemError(` ${text}`);
const inUse = trouble('The upload handler is in use by another request.');

/** Every refusal of the engine and the services in the vendor's words. */
export const refusals: RefusalTable<Problem> = {
  'no-such-upload': problems.uploadHandlerNotFound,
  'not-open': ({ state }) => (state === 'sealed' ? problems.uploadHandlerComplete() : problems.uploadHandlerNotFound()),
  'wrong-offset': inUse,
  'beyond-end': problems.tooLarge,
  'too-large': problems.tooLarge,
  malformed: ({ reason }) => new Problem(4000, reason),
  incomplete: problems.invalidUploadHandler,
  'size-conflict': problems.invalidUploadHandler,
  'digest-mismatch': problems.invalidUploadHandler,
  'digest-unsupported': trouble('The checksum cannot be computed.'),
  'taken-over': inUse,
  busy: inUse,
  cut: trouble('The request ended before it was complete.'),
  'no-room': trouble('There is no room left on the server.'),
  'over-quota': () => new Problem(4000, 'The account has no room left for this file.'),
  draining: trouble('The server is going down.'),
  'no-such-group': problems.uploadHandlerNotFound,
  unauthenticated: problems.authenticationFailed,
  forbidden: problems.accessDenied,
  'no-such-file': problems.documentNotFound,
  'name-taken': problems.documentExists,
  'not-satisfiable': trouble('The requested bytes do not exist.'),
};
