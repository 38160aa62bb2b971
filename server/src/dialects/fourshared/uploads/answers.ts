import { isRefusal, type RefusalTable } from '../../../engine/refusals.js';
import { json } from '../../../http/answers.js';
import { BodyCut, type Reply } from '../../../http/exchange.js';
import { FormError } from '../../../wire/fields/field.js';
import { MimeError } from '../../../wire/multipart/errors.js';
import { escapeText } from '../escape.js';
import { problemOf } from '../problems.js';

/** A POST that is not taken: an HTTP status, and a sentence for people (specs/fourshared.md §7). */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor(status: number, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** The status of each refusal of the engine and the services; after 503 the same request will do later. */
const statuses: RefusalTable<number> = {
  'no-such-upload': () => 404,
  'not-open': ({ state }) => (state === 'finished' || state === 'sealed' ? 409 : 404),
  'wrong-offset': () => 400,
  'beyond-end': () => 413,
  'too-large': () => 413,
  malformed: () => 400,
  incomplete: () => 409,
  'size-conflict': () => 400,
  'digest-mismatch': () => 400,
  'digest-unsupported': () => 400,
  'taken-over': () => 503,
  busy: () => 503,
  cut: () => 400,
  'no-room': () => 507,
  'over-quota': () => 507,
  draining: () => 503,
  'no-such-group': () => 404,
  unauthenticated: () => 403,
  forbidden: () => 403,
  'no-such-file': () => 404,
  'name-taken': () => 403,
  'not-satisfiable': () => 416,
};

/** Why a request was not carried out; undefined for what is a bug, or a sender that is gone. */
export const rejectionOf = (error: unknown): Rejected | undefined => {
  if (error instanceof Rejected) return error;
  if (error instanceof MimeError || error instanceof FormError) return new Rejected(400, `${error.message}.`);
  if (error instanceof BodyCut || !isRefusal(error)) return undefined;
  const status = error.answer(statuses);
  const wait = isRefusal(error, 'draining') ? error.facts.retryAfterSeconds : 1;
  return new Rejected(status, problemOf(error).message, status === 503 ? wait : undefined);
};

/** What became of a POST: the file's id as clients know it, or why not. `complete`: no byte of it is missing now. */
export type Outcome = { readonly file: number; readonly complete: boolean } | { readonly rejected: Rejected };

const waiting = ({ retryAfter }: Rejected) => (retryAfter === undefined ? {} : { 'retry-after': retryAfter });

const input = (id: string, value: string): string => `<input type="hidden" id="${id}" value="${escapeText(value)}"/>`;

const page = (status: number, inputs: string, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/html;charset=UTF-8', 'x-content-type-options': 'nosniff', ...headers },
  body: `<html><body>${inputs}</body></html>`,
});

/** The page that answers a form. */
export const asPage = (outcome: Outcome): Reply =>
  'rejected' in outcome
    ? page(outcome.rejected.status, input('alert', outcome.rejected.message), waiting(outcome.rejected))
    : page(200, input('uploadedFileId', String(outcome.file)) + input('sizeOk', 'true'));

/** The JSON that answers bytes which came without a form; the id is told with the section that completes the file. */
export const asJson = (outcome: Outcome): Reply => {
  if ('rejected' in outcome) {
    const { status, message } = outcome.rejected;
    return json(status, { status: 'error', errorCode: status, Message: message }, waiting(outcome.rejected));
  }
  return json(200, { status: 'OK', uploadedFileId: outcome.complete ? outcome.file : -1, fileUploadUrl: '' });
};
