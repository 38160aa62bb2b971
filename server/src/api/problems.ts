import type { Reply } from '../http/exchange.js';

/** Why a request is not done, as its sender is told it. */
export interface Trouble {
  /** Behind `urn:longshore:`: `no-such-upload`. */
  readonly kind: string;
  readonly status: number;
  /** In English, for people: a whole sentence. */
  readonly title: string;
  /** What programs may want to know of it. No secrets. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string | number>>;
}

/** Thrown where the API itself refuses; what engine and services refuse is a `Refusal`. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.title);
    this.trouble = trouble;
  }
}

/** There is no such thing, or none that this caller may know of. `kind`: `no-such-task`. */
export const notFound = (kind: string, title: string): ApiProblem => new ApiProblem({ kind, status: 404, title });

/** The answer that tells of it (RFC 9457). */
export const problemReply = ({ kind, status, title, facts = {}, headers = {} }: Trouble): Reply => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: JSON.stringify({ type: `urn:longshore:${kind}`, title, status, ...facts }),
});
