import type { RefusalTable } from '../../engine/refusals.js';
import type { SoapFault } from '../../wire/soap/index.js';
import { descriptive, securityFault, serverTrouble } from './faults.js';

const states = {
  open: 'is still open',
  sealed: 'is complete',
  finished: 'has been completed',
  cancelled: 'has been cancelled',
  expired: 'has been terminated',
  corrupt: 'is corrupted',
} as const;

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** Every refusal as a fault; the sentences are ours, as the vendor's are not public (specs/brightsign.md, part C). */
export const refusals: RefusalTable<SoapFault> = {
  'no-such-upload': () => descriptive('There is no upload with this upload token.'),
  'not-open': ({ state }) => descriptive(`The upload ${states[state]}.`),
  'wrong-offset': ({ given }) => descriptive(`A chunk cannot be placed at offset ${given}.`),
  'beyond-end': ({ size, end }) =>
    descriptive(`The chunk would end at ${end}, beyond the end of the file, which has ${size} bytes.`),
  'too-large': ({ limit }) => descriptive(`More than ${limit} bytes are not accepted.`),
  malformed: ({ reason }) => descriptive(reason),
  incomplete: ({ received, size }) =>
    descriptive(`The file is not complete: ${received} of ${size ?? 'an unknown number of'} bytes have been received.`),
  'size-conflict': ({ known, given }) =>
    descriptive(`The file size ${given} does not agree with the ${known} bytes received.`),
  'digest-mismatch': ({ expected, actual }) =>
    descriptive(`The SHA1 hash of the file is ${actual}, not ${expected} as specified.`),
  'digest-unsupported': () => descriptive('The hash is not a SHA1 hash.'),
  'taken-over': () => serverTrouble('The upload was taken over by another request.'),
  busy: () => serverTrouble('The upload is in use by another request.'),
  cut: () => descriptive('The message ended before it was complete.'),
  'no-room': () => serverTrouble('There is no room left on the server.'),
  'over-quota': () => descriptive('The account has no room left for this file.'),
  draining: () => serverTrouble('The server is going down.'),
  'no-such-group': () => descriptive('There is no upload session with this session token.'),
  unauthenticated: () =>
    securityFault('FailedAuthentication', 'At least one security token in the message could not be validated.'),
  forbidden: ({ permission }) =>
    descriptive(`The user lacks the permission "Content: ${capital(permission)} Content".`),
  'no-such-file': ({ id }) => descriptive(`There is no content with the id ${id}.`),
  'name-taken': ({ name }) => descriptive(`There is a content named ${name} already.`),
  'not-satisfiable': () => descriptive('The requested bytes do not exist.'),
};
