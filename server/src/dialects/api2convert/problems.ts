import { json } from '../../http/answers.js';
import type { Reply } from '../../http/exchange.js';

/** Messages by the path of the field that they are about: `conversion.0.options.width`. */
export type Faults = Readonly<Record<string, readonly string[]>>;

/** A no, in the words of the vendor's error body (specs/api2convert.md §3). */
export class Problem extends Error {
  override readonly name = 'Problem';
  /** An HTTP status, which is told as `code`, too. */
  readonly status: number;
  readonly faults: Faults;
  readonly headers: Readonly<Record<string, string | number>>;

  constructor(
    status: number,
    message: string,
    more: { faults?: Faults; headers?: Readonly<Record<string, string | number>> } = {},
  ) {
    super(message);
    this.status = status;
    this.faults = more.faults ?? {};
    this.headers = more.headers ?? {};
  }
}

/** The answer that tells a problem. `errors` is left out where there is none. */
export const replyOf = ({ status, message, faults, headers }: Problem): Reply =>
  json(status, { code: status, message, ...(Object.keys(faults).length > 0 && { errors: faults }) }, headers);

/** Problems that more than one place has. */
export const problems = {
  unauthenticated: () => new Problem(401, 'Invalid api key'),
  notFound: (what: string) => new Problem(404, `${what} not found.`),
  invalid: (faults: Faults) => {
    const [first] = Object.entries(faults);
    return new Problem(400, first ? `${first[0]}: ${first[1][0] ?? ''}` : 'The request is not valid.', { faults });
  },
  bad: (message: string) => new Problem(400, message),
  conflict: (message: string) => new Problem(409, message),
  gone: (message: string) => new Problem(410, message),
  limit: (message: string) => new Problem(402, message),
} as const;
