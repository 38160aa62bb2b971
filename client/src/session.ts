import type { Dialect, Finished, Job, UploadOptions, UploadState } from './dialect.js';
import { aborted, UploadError } from './errors.js';
import { type Send, sender } from './http.js';
import { openMeter, type Progress } from './progress.js';
import { defaultPolicy, type RetryPolicy } from './retry.js';
import { type Fingerprint, fingerprint, toSource, type UploadInput } from './source.js';

/** An upload under way. */
export interface Upload {
  /** Resolves when the server has everything; rejects with an `UploadError`. */
  readonly done: Promise<Finished>;
  readonly progress: Progress;
  /** The latest state, or null until something is worth keeping. */
  readonly state: UploadState | null;
  readonly paused: boolean;
  /** Stops sending; what the server has confirmed stays. */
  pause(): void;
  /** Goes on after `pause`, from where the server says it stands. */
  resume(): void;
  /** Ends the upload (`done` rejects with `aborted`) and has the server drop it; rejects where the server will not. */
  cancel(): Promise<void>;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isFingerprint = (value: unknown): value is Fingerprint =>
  isObject(value) && 'name' in value && 'size' in value && 'lastModified' in value;

const isAnyState = (value: unknown): value is UploadState =>
  isObject(value) &&
  typeof value.dialect === 'string' &&
  typeof value.endpoint === 'string' &&
  isFingerprint(value.source);

const revive = <O extends UploadOptions, S extends UploadState>(
  dialect: Dialect<O, S>,
  value: unknown,
  endpoint: string,
  source: Fingerprint,
): S | null => {
  if (value === undefined || value === null) return null;
  const stale = (why: string): never => {
    throw new UploadError('changed', `The stored state does not fit: ${why}.`);
  };
  if (!isAnyState(value)) return stale('it is no upload state');
  if (value.dialect !== dialect.name || !dialect.isState(value)) return stale(`it is not one of ${dialect.name}`);
  if (value.endpoint !== endpoint) return stale('it belongs to another server');
  const { name, size, lastModified } = value.source;
  if (name !== source.name || size !== source.size || lastModified !== source.lastModified)
    return stale('it belongs to another file');
  return value;
};

/** How requests go to `endpoint`, and how failures are met. Refuses credentials within the address. */
export const connect = (
  options: UploadOptions,
  endpoint: string,
  headers: Readonly<Record<string, string>>,
): { readonly send: Send; readonly retry: RetryPolicy } => {
  const { origin, username } = new URL(endpoint);
  if (username !== '')
    throw new UploadError('refused', 'Credentials are given as user and password, not within the URL.');
  return {
    send: sender(options.fetch ?? globalThis.fetch.bind(globalThis), origin, { ...headers, ...options.headers }),
    retry: {
      ...defaultPolicy,
      ...(options.retries !== undefined && { retries: options.retries }),
      ...(options.onRetry !== undefined && { onRetry: options.onRetry }),
      ...options.retry,
    },
  };
};

/** Begins an upload in `dialect`. Throws at once (`changed`) where `options.state` belongs to something else. */
export const begin = <O extends UploadOptions, S extends UploadState>(
  dialect: Dialect<O, S>,
  input: UploadInput,
  options: O,
): Upload => {
  const source = toSource(input);
  const endpoint = dialect.endpoint(options);
  const meter = openMeter(
    () => source.size,
    (progress) => options.onProgress?.(progress),
  );
  const job: Job<S> = {
    source,
    endpoint,
    meter,
    ...connect(options, endpoint, dialect.headers(options)),
    state: revive(dialect, options.state, endpoint, fingerprint(source)),
    keep: (state) => {
      job.state = state;
      options.onState?.(state);
    },
  };
  const transfer = dialect.open(options, job);

  let run = new AbortController();
  let stopped = false;
  let paused = false;
  let wake = (): void => undefined;

  const drive = async (): Promise<Finished> => {
    for (;;) {
      if (stopped) throw aborted();
      try {
        meter.restart();
        return await transfer.run(run.signal);
      } catch (error) {
        if (stopped || !run.signal.aborted || !(error instanceof UploadError) || error.kind !== 'aborted') throw error;
      }
      while (paused && !stopped) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      run = new AbortController();
    }
  };
  const stop = (): void => {
    stopped = true;
    run.abort();
    wake();
  };

  if (options.signal?.aborted === true) stop();
  options.signal?.addEventListener('abort', stop, { once: true });
  const live = async (): Promise<Finished> => {
    try {
      return await drive();
    } finally {
      options.signal?.removeEventListener('abort', stop);
      await source.close();
    }
  };
  const done = live();

  return {
    done,
    get progress() {
      return meter.now();
    },
    get state() {
      return job.state;
    },
    get paused() {
      return paused;
    },
    pause: () => {
      paused = true;
      run.abort();
    },
    resume: () => {
      paused = false;
      wake();
    },
    cancel: async () => {
      stop();
      // The caller has said how it ends; who listens to `done` is told all the same.
      const finished = await done.then(
        () => true,
        () => false,
      );
      if (!finished) await transfer.cancel(new AbortController().signal);
    },
  };
};
