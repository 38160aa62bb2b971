import type { Credentials, Send } from './http.js';
import type { Meter, Progress } from './progress.js';
import type { RetryPolicy } from './retry.js';
import type { Fingerprint, Source } from './source.js';

/** What every upload may be told. */
export interface UploadOptions extends Credentials {
  /** Where to upload to. */
  readonly url: string | URL;
  /** Headers sent with every request to that origin. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The file's name, where the source has none or a wrong one. */
  readonly fileName?: string;
  /** Bytes per request. */
  readonly chunkSize?: number;
  /** How many requests may be under way at once. */
  readonly parallel?: number;
  /** How often in a row one request may fail before the upload does; 8 without it. */
  readonly retries?: number;
  /** Ends the upload here and now and leaves the server's part as it is, to be resumed later. */
  readonly signal?: AbortSignal;
  /** What `onState` was last told, to go on from there; anything stale is refused (`changed`). */
  readonly state?: unknown;
  /** Told whenever bytes moved. */
  readonly onProgress?: (progress: Progress) => void;
  /** Told whenever there is a new state worth keeping: a JSON value. */
  readonly onState?: (state: UploadState) => void;
  /** Told of each failure that will be tried again, and after how many ms. */
  readonly onRetry?: RetryPolicy['onRetry'];
  /** Replaces parts of how failures are met. */
  readonly retry?: Partial<RetryPolicy>;
  /** Replaces the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/** What a state holds in every dialect. It holds no credentials. */
export interface UploadState {
  readonly dialect: string;
  /** The endpoint the upload was begun at. */
  readonly endpoint: string;
  readonly source: Fingerprint;
}

/** What became of an upload. */
export interface Finished {
  /** The upload's own URL, where the dialect gives it one. */
  readonly url?: string;
  /** The id of the content made from it, where the dialect gives it one. */
  readonly contentId?: string;
  /** When the server will forget the upload, as it said itself. */
  readonly expires?: string;
  /** Bytes. */
  readonly size: number;
}

/** What a dialect is lent for one upload. */
export interface Job<State extends UploadState> {
  readonly source: Source;
  readonly endpoint: string;
  readonly send: Send;
  readonly retry: RetryPolicy;
  readonly meter: Meter;
  /** The latest state; null until something is worth keeping. */
  state: State | null;
  /** Makes `state` the latest one and tells the caller. */
  keep(state: State): void;
}

/** One upload, in the words of a dialect. */
export interface Transfer {
  /**
   * Asks the server what it holds, sends the rest and finishes. Stops soon after `signal` is given, and may be run
   * again afterwards.
   */
  run(signal: AbortSignal): Promise<Finished>;
  /** Has the server drop what it holds; content with what it does not know. */
  cancel(signal: AbortSignal): Promise<void>;
}

/** A way to upload. */
export interface Dialect<Options extends UploadOptions, State extends UploadState> {
  readonly name: State['dialect'];
  /** The address an upload with these options is begun at. */
  readonly endpoint: (options: Options) => string;
  /** Headers that go with every request. */
  readonly headers: (options: Options) => Record<string, string>;
  /** Does `value`, which carries this dialect's name, have the shape of a state? */
  readonly isState: (value: UploadState) => value is State;
  readonly open: (options: Options, job: Job<State>) => Transfer;
}
