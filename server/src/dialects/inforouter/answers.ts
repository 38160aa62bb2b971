import { isRefusal } from '../../engine/refusals.js';
import type { Log } from '../../kit/log.js';
import { element, type XmlOut, type XmlOutElement } from '../../wire/soap/index.js';
import { Problem, problems } from './problems.js';
import { refusals } from './refusals.js';

/** Attributes of an answer, in their order. Clients want none left out: what is not known is empty. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

const written = (attributes: Attributes): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));

/** An answer that says yes (specs/inforouter.md §1). */
export const success = (attributes: Attributes = {}, ...children: readonly XmlOut[]): XmlOutElement =>
  element('response', { success: 'true', ...written(attributes) }, ...children);

/** An answer that says no without a code. */
export const failureWith = (attributes: Attributes, ...children: readonly XmlOut[]): XmlOutElement =>
  element('response', { success: 'false', ...written(attributes) }, ...children);

/** An answer that says no: its code in both spellings that clients look for (§3), and its text. */
export const failure = (
  { errorCode, message }: Problem,
  attributes: Attributes = {},
  ...children: readonly XmlOut[]
): XmlOutElement => failureWith({ errorCode, errorcode: errorCode, error: message, ...attributes }, ...children);

/** Is this an answer that says yes? */
export const isSuccess = ({ attributes }: XmlOutElement): boolean => attributes.success === 'true';

/**
 * What a failed call is told: the vendor's words for what was refused, and for anything else that the server is in trouble,
 * which is logged. Throws `draining` on, which is not for the vendor's words.
 */
export const problemOf = (error: unknown, { log, operation }: { log: Log; operation: string }): Problem => {
  if (error instanceof Problem) return error;
  if (isRefusal(error, 'draining')) throw error;
  if (isRefusal(error)) return error.answer(refusals);
  log.error({ err: error, operation }, 'a call failed');
  return problems.systemError(' The server was unable to process the request.');
};
