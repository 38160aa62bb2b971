import type { IncomingHttpHeaders } from 'node:http';

/** A request's body ended before it was whole, or its sender fell silent. */
export class BodyCut extends Error {
  override readonly name = 'BodyCut';
}

/**
 * One request, as rooms above `http` see it. Much of it is worked out when it is asked for, so take what you need by
 * name; a copy made by spreading lacks it.
 */
export interface Exchange {
  /** Upper case. */
  readonly method: string;
  /** As sent, with query, below the mount's prefix: `/files/abc?x=1`. */
  readonly target: string;
  /** Without the query. Not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Values of the route's `:name` parts, decoded; of its `*`, under `'*'`. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** `1.0`, `1.1`. */
  readonly httpVersion: string;
  /** Scheme, host and mount prefix under which the client reached us (or the configured public URL); no slash at the end. */
  readonly origin: string;
  /** The client's address; behind a trusted proxy the one that it names. */
  readonly remote: string;
  /** Aborts when the client is gone before its answer was sent. */
  readonly gone: AbortSignal;
  /** Aborts when the server begins to drain. */
  readonly finishSoon: AbortSignal;
  /** The declared length of the body in bytes; null when it is not said (chunked). */
  readonly length: number | null;
  /**
   * The body's bytes as they arrive, with back-pressure. Starting to read is what sends `100 Continue`, so a request
   * can be refused before its bytes travel. Throws `BodyCut` when the sender goes away or falls silent. Once only.
   */
  body(): AsyncIterable<Buffer>;
  /**
   * Sends an interim answer (1xx) before the answer itself, such as 104. Left out where the client speaks HTTP/1.0 or the
   * answer has begun.
   */
  inform(status: number, headers: Readonly<Record<string, string | number>>): void;
  /** Trailer fields; complete once the body is read. */
  trailers(): Readonly<Record<string, string | undefined>>;
}

/** An answer. A body that is a string goes out as UTF-8. Without `content-length` an iterable is sent chunked. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number | readonly string[]>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** A path and who answers it. Paths match without regard to case and to a slash at the end. */
export interface Route {
  /** Upper case; `*` for all. */
  readonly methods: readonly string[];
  /** `/files/:id`, `/a/*`. */
  readonly path: string;
  /** What the access log and metrics call it, so that ids and tokens in paths are not logged: `tus PATCH`. */
  readonly name: string;
  handle(exchange: Exchange): Promise<Reply>;
}
