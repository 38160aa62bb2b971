import type { RefusalTable } from '../../engine/refusals.js';
import { type Code, codes } from './codes.js';

/** Every refusal of the engine and the services, as the vendor's number. */
export const refusals: RefusalTable<Code> = {
  'no-such-upload': () => codes.wrongSession,
  'not-open': () => codes.wrongSession,
  'wrong-offset': () => codes.internalError,
  'beyond-end': () => codes.tooLarge,
  'too-large': () => codes.tooLarge,
  malformed: () => codes.internalError,
  incomplete: () => codes.internalError,
  'size-conflict': () => codes.internalError,
  'digest-mismatch': () => codes.internalError,
  'digest-unsupported': () => codes.internalError,
  'taken-over': () => codes.internalError,
  busy: () => codes.internalError,
  cut: () => codes.internalError,
  'no-room': () => codes.internalError,
  'over-quota': () => codes.tooLarge,
  draining: () => codes.internalError,
  'no-such-group': () => codes.wrongSession,
  unauthenticated: () => codes.authenticationFailed,
  forbidden: () => codes.noSendingService,
  'no-such-file': () => codes.noSuchFax,
  'name-taken': () => codes.internalError,
  'not-satisfiable': () => codes.noImage,
};
