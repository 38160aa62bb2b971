import { BodyCut, type Exchange, type Reply } from '../../http/exchange.js';
import { BadBase64 } from '../base64/decode.js';
import { FormError } from '../fields/field.js';
import { MimeError } from '../multipart/errors.js';
import { XmlError } from '../xml/errors.js';
import { type FaultCode, type Instead, SoapFailure, SoapFault } from './fault.js';
import type { Call } from './operation.js';
import type { ServiceTable } from './service.js';
import { BadValue } from './types.js';

/** What went wrong, in the toolkit's words. */
export const toFailure = (error: unknown): SoapFailure => {
  if (error instanceof SoapFailure) return error;
  if (error instanceof XmlError) {
    const kind = { malformed: 'malformed-xml', 'too-large': 'too-large', encoding: 'unsupported-media' } as const;
    return new SoapFailure(kind[error.kind], `The message is not well-formed: ${error.message}`, { cause: error });
  }
  if (error instanceof BadBase64)
    return new SoapFailure('malformed-xml', `The base64 ${error.message}.`, { cause: error });
  if (error instanceof MimeError)
    return new SoapFailure('malformed-xml', `In the MIME body ${error.message}.`, { cause: error });
  if (error instanceof FormError)
    return new SoapFailure('bad-argument', `In the form ${error.message}.`, { cause: error });
  if (error instanceof BadValue) return new SoapFailure('bad-argument', `${error.message}.`, { cause: error });
  if (error instanceof BodyCut) return new SoapFailure('cut', 'The message is not whole.', { cause: error });
  return new SoapFailure('refused', 'The call was not done.', { cause: error });
};

const plainly: Readonly<
  Record<Exclude<SoapFailure['kind'], 'unsupported-media' | 'refused'>, readonly [FaultCode, number]>
> = {
  'malformed-xml': ['Client', 400],
  'not-soap': ['Client', 400],
  'version-mismatch': ['VersionMismatch', 500],
  'must-understand': ['MustUnderstand', 500],
  'unknown-operation': ['Client', 500],
  'unknown-form': ['Client', 500],
  'bad-argument': ['Client', 500],
  'too-large': ['Client', 413],
  cut: ['Client', 400],
};

/** What is answered where the dialect has no wish of its own. */
const plainAnswer = (failure: SoapFailure): SoapFault | Reply => {
  if (failure.kind === 'unsupported-media') return { status: 415 };
  if (failure.kind === 'refused')
    return failure.cause instanceof SoapFault
      ? failure.cause
      : new SoapFault({ code: 'Server', reason: 'The server could not do what was asked.' });
  const [code, status] = plainly[failure.kind];
  return new SoapFault({ code, reason: failure.message, status });
};

/** What is answered to a failed call: as the dialect wishes, else plainly. */
export const answerTo = <Begun extends { readonly call: Call }>(
  error: unknown,
  spec: Pick<ServiceTable, 'failed'>,
  exchange: Exchange,
  begun: Begun | undefined,
): SoapFault | Reply | (Instead & { readonly begun: Begun }) => {
  const failure = toFailure(error);
  const wished = spec.failed?.(failure, exchange, begun?.call);
  if (wished === undefined) return plainAnswer(failure);
  if (!('result' in wished)) return wished;
  return begun ? { ...wished, begun } : plainAnswer(failure);
};

/** Runs the dialect's own code, whose errors are refusals. */
export const asked = async <T>(ask: () => T | Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof SoapFailure ? error : new SoapFailure('refused', 'The call was not done.', { cause: error });
  }
};
