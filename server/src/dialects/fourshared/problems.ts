import { Refusal, type RefusalTable } from '../../engine/refusals.js';
import { detail, SoapFault } from '../../wire/soap/index.js';
import { ApiException } from './types.js';

/** Why the answer is no. The vendor has no codes, only an English sentence and the name of a Java class (specs/fourshared.md §2). */
export interface Problem {
  readonly message: string;
  readonly exceptionClass: string;
}

const as =
  (exceptionClass: string) =>
  (message: string): Problem => ({ message, exceptionClass });
const upload = as('UploadException');
const item = as('ItemException');
const access = as('AccessException');

const notOpen = () => upload('The upload is not open.');
const again = () => upload('Another request writes to this place of the file. Try again.');

/** Every refusal of the engine and the services in the vendor's manner. */
export const refusals: RefusalTable<Problem> = {
  'no-such-upload': () => upload('There is no such upload.'),
  'not-open': notOpen,
  'wrong-offset': () => upload('The first byte is not where the part belongs.'),
  'beyond-end': () => upload('The part goes beyond the end of the file.'),
  'too-large': () => upload('The file is too large.'),
  malformed: ({ reason }) => item(reason),
  incomplete: () => upload('The file is not complete.'),
  'size-conflict': () => upload('The file has another size than was said.'),
  'digest-mismatch': () => upload('The file is damaged: its MD5 is another one.'),
  'digest-unsupported': () => upload('The digest cannot be computed.'),
  'taken-over': again,
  busy: again,
  cut: () => upload('The request ended before it was complete.'),
  'no-room': () => upload('There is no space left on the server.'),
  'over-quota': () => upload('There is not enough free space in the account.'),
  draining: () => as('ServiceException')('The server is going down.'),
  'no-such-group': notOpen,
  unauthenticated: () => as('LoginException')('Wrong login or password'),
  forbidden: () => access('The account may not do this.'),
  'no-such-file': () => item('There is no such file or folder.'),
  'name-taken': ({ name }) => item(`There is already an item called "${name}".`),
  'not-satisfiable': () => item('The requested bytes do not exist.'),
};

/** A refusal as a problem. */
export const problemOf = (refusal: Refusal | Denied): Problem =>
  refusal instanceof Denied ? refusal.problem : refusal.answer(refusals);

/** What is refused where credentials are wrong. */
export const wrongCredentials = new Refusal('unauthenticated', { reason: 'wrong' });

/** Thrown where an operation says no for a reason of the dialect's own. */
export class Denied extends Error {
  override readonly name = 'Denied';
  readonly problem: Problem;

  constructor(exceptionClass: string, message: string) {
    super(message);
    this.problem = { message, exceptionClass };
  }
}

/** A problem as jax3 says it. */
export const apiException = ({ message, exceptionClass }: Problem): SoapFault =>
  new SoapFault({
    code: 'Server',
    reason: message,
    detail: detail(ApiException, { details: message, exceptionClass }),
  });

/** A problem where no fault is declared. */
export const plainFault = ({ message }: Problem): SoapFault => new SoapFault({ code: 'Server', reason: message });
