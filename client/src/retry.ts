import { aborted, refuseIfAborted, UploadError } from './errors.js';

/** How failures that may pass are met: waits grow twofold, each drawn at random from nothing to its full length. */
export interface RetryPolicy {
  /** How often in a row an attempt may fail before the failure is final; any progress starts the count anew. */
  readonly retries: number;
  /** The longest first wait, in ms. */
  readonly base: number;
  /** The longest later wait, in ms. */
  readonly cap: number;
  /** The longest wait a server may ask for, in ms; one that asks for more has refused. */
  readonly patience: number;
  /** Resolves after `ms`, or rejects when `signal` is given. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Told of each failure that will be tried again, and after how many ms. */
  readonly onRetry: (error: UploadError, wait: number) => void;
}

/** Waits by the platform's timer. */
export const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(aborted());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });

export const defaultPolicy: RetryPolicy = {
  retries: 8,
  base: 500,
  cap: 30_000,
  patience: 3_600_000,
  sleep,
  random: Math.random,
  onRetry: () => undefined,
};

/**
 * Makes `attempt` until it succeeds, fails for good, or has failed too often in a row; it calls `progressed` whenever
 * it got further. Anything thrown that is no `UploadError` is a bug and passes through at once.
 */
export const retrying = async <T>(
  policy: RetryPolicy,
  signal: AbortSignal,
  attempt: (progressed: () => void) => Promise<T>,
): Promise<T> => {
  let failures = 0;
  const progressed = (): void => {
    failures = 0;
  };
  for (;;) {
    refuseIfAborted(signal);
    try {
      return await attempt(progressed);
    } catch (error) {
      refuseIfAborted(signal);
      if (!(error instanceof UploadError) || !error.retryable || failures >= policy.retries) throw error;
      const asked = error.retryAfter ?? 0;
      if (asked > policy.patience) throw error;
      const wait = Math.max(asked, policy.random() * Math.min(policy.cap, policy.base * 2 ** failures));
      failures += 1;
      policy.onRetry(error, wait);
      await policy.sleep(wait, signal);
    }
  }
};

/** What a `Retry-After` header asks for, in ms from `now` (ms since 1970): seconds or a date. */
export const retryAfter = (header: string | null, now: number): number | undefined => {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};
