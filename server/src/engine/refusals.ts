import type { Ranges } from '../kit/ranges.js';
import type { UploadState } from './upload.js';

/**
 * Everything that can be refused, and the facts each refusal carries. A refusal is an answer, not a fault: what was
 * refused never happened. Each dialect owns a total table from these kinds to its own words, so that a new kind does
 * not compile until every dialect answers it.
 */
export interface RefusalFacts {
  // uploads
  'no-such-upload': { id: string };
  /** The upload takes no more bytes, or is not in the state that the request needs. */
  'not-open': { id: string; state: UploadState };
  /** An appended chunk does not begin where the upload ends. */
  'wrong-offset': { expected: number; given: number };
  /** A chunk would go beyond the declared size. */
  'beyond-end': { size: number; end: number };
  /** More bytes than a limit allows; `size` is null where only the limit is known to be passed. */
  'too-large': { limit: number; size: number | null };
  /** A number, name or list that can never be right; `reason` is an English sentence. */
  malformed: { reason: string };
  /** A finish before all bytes are there. */
  incomplete: { received: number; size: number | null; missing: Ranges };
  /** The size given now contradicts the size that is known. */
  'size-conflict': { known: number; given: number };
  /** Bytes and digest do not agree; hex, lower case. `scope` says of what. */
  'digest-mismatch': { scope: 'chunk' | 'upload'; algorithm: string; expected: string; actual: string };
  'digest-unsupported': { algorithm: string };
  /** A newer request has taken this place of the upload over. */
  'taken-over': { id: string };
  /** Another request holds this place of the upload and does not let go; the same request will do later. */
  busy: { id: string };
  /** The sender went away, or its body ended before its declared length; `kept` bytes were kept. */
  cut: { received: number; kept: number };
  /** No room left on the store. */
  'no-room': { needed: number | null; free: number | null };
  /** The account's quota does not allow it. */
  'over-quota': { account: string; limit: number; used: number; needed: number };
  /** The server is draining; the same request will do later. */
  draining: { retryAfterSeconds: number };
  'no-such-group': { id: string };
  // accounts
  /** No credentials, wrong ones, or ones that have expired. Never says which. */
  unauthenticated: { reason: 'missing' | 'wrong' | 'expired' };
  forbidden: { permission: string };
  // catalog
  'no-such-file': { id: string };
  'name-taken': { name: string };
  'not-satisfiable': { size: number };
}

export type RefusalKind = keyof RefusalFacts;

/** An answer for every kind; a missing row is a type error. */
export type RefusalTable<Answer> = { readonly [Kind in RefusalKind]: (facts: RefusalFacts[Kind]) => Answer };

/** Thrown by the engine and the services where a request is answered with no. Carries facts, no wire words. */
export class Refusal<Kind extends RefusalKind = RefusalKind> extends Error {
  override readonly name = 'Refusal';
  readonly kind: Kind;
  readonly facts: RefusalFacts[Kind];

  constructor(kind: Kind, facts: RefusalFacts[Kind]) {
    super(`${kind} ${JSON.stringify(facts)}`);
    this.kind = kind;
    this.facts = facts;
  }

  /** Looks the answer for this refusal up in a dialect's table. */
  answer<Answer>(table: RefusalTable<Answer>): Answer {
    return table[this.kind](this.facts);
  }
}

/** Is `error` a refusal (of this kind, when one is named)? */
export const isRefusal = <Kind extends RefusalKind = RefusalKind>(
  error: unknown,
  kind?: Kind,
): error is Refusal<Kind> => error instanceof Refusal && (kind === undefined || error.kind === kind);
