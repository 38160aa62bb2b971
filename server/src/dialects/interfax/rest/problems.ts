import { isRefusal } from '../../../engine/refusals.js';
import type { Reply } from '../../../http/exchange.js';
import type { Log } from '../../../kit/log.js';
import { MimeError } from '../../../wire/multipart/errors.js';
import { type Code, CodeError, codes } from '../codes.js';
import { refusals } from '../refusals.js';
import { jsonReply } from './answers.js';

/** A no of the REST API: an HTTP status, and what its JSON says. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: Code;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: Code, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The web service's numbers, as the REST API says them (specs/interfax.md §11.1); those of 404 are the vendor's texts. */
const problems: Readonly<Record<Code, readonly [status: number, message: string]>> = {
  [codes.done]: [500, 'Internal error'],
  [codes.noRecipient]: [400, 'No valid recipients'],
  [codes.postponedTooFar]: [400, 'The fax is postponed too far'],
  [codes.noDocument]: [400, 'No valid document'],
  [codes.internalError]: [500, 'Internal error'],
  [codes.notOwn]: [403, 'The fax belongs to somebody else'],
  [codes.noSendingService]: [403, 'The user may not send faxes'],
  [codes.nothingAsked]: [400, 'Nothing was asked for'],
  [codes.typesDiffer]: [400, 'The numbers of types and sizes differ'],
  [codes.authenticationFailed]: [401, 'Authentication failed'],
  [codes.typeMissing]: [400, 'A document has no type'],
  [codes.noSuchFax]: [404, 'Fax resource not found'],
  [codes.badSize]: [400, 'A size or range is missing or cannot be'],
  [codes.sizesDiffer]: [400, 'The size is not that of the data'],
  [codes.noImage]: [404, 'Fax image not available'],
  [codes.contradictorySwitches]: [400, 'The switches of a type contradict each other'],
  [codes.polledTooOften]: [429, 'The status was asked for too often'],
  [codes.badVerb]: [400, 'A condition cannot be understood'],
  [codes.tooManyTypes]: [400, 'There are too many documents'],
  [codes.noChunk]: [400, 'The chunk is missing or empty'],
  [codes.wrongSession]: [404, 'Wrong uploaded document resource'],
  [codes.tooLarge]: [413, 'There is more data than allowed'],
};

/** A no by its number. */
export const problemOf = (code: Code): Problem => {
  const [status, message] = problems[code];
  return new Problem(status, code, message);
};

/** A file type that cannot be faxed. */
export const unsupportedType = (): Problem =>
  new Problem(415, codes.noDocument, 'Documents of this type cannot be faxed');

const toProblem = (error: unknown): Problem | undefined => {
  if (error instanceof Problem) return error;
  if (error instanceof CodeError) return problemOf(error.code);
  if (error instanceof MimeError)
    return new Problem(400, codes.noDocument, `The body cannot be read: ${error.message}`);
  if (isRefusal(error, 'cut')) return new Problem(400, codes.sizesDiffer, 'The body has not the length of its range');
  for (const kind of ['draining', 'busy', 'taken-over', 'no-room'] as const)
    if (isRefusal(error, kind)) return new Problem(503, codes.internalError, 'The server cannot do this for now');
  return isRefusal(error) ? problemOf(error.answer(refusals)) : undefined;
};

/** The answer to what was thrown. Throws what is no refusal but the body's end again; it is for the listener to answer. */
export const replyTo = (error: unknown, log: Log): Reply => {
  const problem = toProblem(error);
  if (!problem) throw error;
  if (problem.status === 500) log.error({ err: error }, 'a call failed');
  const { status, code, message, headers } = problem;
  return jsonReply(
    status,
    { code, message, moreInfo: null },
    {
      ...headers,
      ...(status === 401 && { 'www-authenticate': 'Basic realm="InterFAX", charset="UTF-8"' }),
      ...(status === 503 && { 'retry-after': '5' }),
    },
  );
};
