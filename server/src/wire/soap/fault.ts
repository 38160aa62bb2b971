import type { XmlOutElement } from '../xml/writer.js';
import type { Type } from './types.js';

/** Whose fault it is, in SOAP 1.1's words; or a code of a vendor's own namespace. */
export type FaultCode =
  | 'Client'
  | 'Server'
  | 'VersionMismatch'
  | 'MustUnderstand'
  | { readonly local: string; readonly namespace: string };

/** An element that may stand in a fault's detail. It lies in the namespace of the data. */
export interface FaultType<T = unknown> {
  readonly name: string;
  readonly type: Type<T>;
}

/** What stands in a fault's detail: an element as it is, or a described one with its value. */
export type FaultDetail = XmlOutElement | { readonly fault: FaultType; readonly value: unknown };

/** A described detail, with its value. */
export const detail = <T>(fault: FaultType<T>, value: T): FaultDetail => ({ fault, value });

export interface FaultFacts {
  readonly code: FaultCode;
  /** For people. */
  readonly reason: string;
  /** The reason's `xml:lang`; the service's when it is not said. */
  readonly language?: string;
  readonly detail?: FaultDetail;
  /** Children of the answer's Header; those of the call's answer when it is not said. */
  readonly headers?: readonly XmlOutElement[];
  /** The HTTP status; 500 when it is not said. */
  readonly status?: number;
}

/** A refusal in SOAP's own form: thrown by a dialect's code, answered as a `Fault`. */
export class SoapFault extends Error implements FaultFacts {
  override readonly name = 'SoapFault';
  readonly code: FaultCode;
  readonly reason: string;
  readonly language?: string;
  readonly detail?: FaultDetail;
  readonly headers?: readonly XmlOutElement[];
  readonly status: number;
  constructor({ code, reason, language, detail: inside, headers, status = 500 }: FaultFacts) {
    super(reason);
    this.code = code;
    this.reason = reason;
    if (language !== undefined) this.language = language;
    if (inside !== undefined) this.detail = inside;
    if (headers !== undefined) this.headers = headers;
    this.status = status;
  }
}

/** Why a call could not be answered as it wished. */
export type FailureKind =
  /** Not XML, or XML that is refused: DOCTYPE, entities, too deep, bytes that are not base64, a broken MIME body. */
  | 'malformed-xml'
  /** Neither SOAP 1.1 nor 1.2 by its content type, or an encoding we cannot read. */
  | 'unsupported-media'
  /** Well-formed, but no envelope with a body. */
  | 'not-soap'
  /** An envelope of an unknown version. */
  | 'version-mismatch'
  /** A header block that must be understood, and is not. */
  | 'must-understand'
  | 'unknown-operation'
  /** A form for an operation that is not there, or is not offered that way. */
  | 'unknown-form'
  | 'bad-argument'
  /** More text, or a bigger message, than is taken. */
  | 'too-large'
  /** The sender went away, or fell silent, before the message was whole. */
  | 'cut'
  /** Thrown by the dialect's `context`, `receive` or `run`; `cause` is what was thrown. */
  | 'refused';

/** What is answered in place of a failure: as if `run` had given it. */
export interface Instead {
  readonly result: unknown;
}

/** A call that failed, before it is put into an answer. */
export class SoapFailure extends Error {
  override readonly name = 'SoapFailure';
  readonly kind: FailureKind;
  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
