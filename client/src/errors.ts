/**
 * Why an upload ended without its file being there:
 * - `refused`: the server answered no (`status` has its number);
 * - `network`: no answer came, however often it was asked;
 * - `aborted`: the caller wanted it so;
 * - `changed`: the source, or what the server holds, is not what this upload began with.
 */
export type FailureKind = 'refused' | 'network' | 'aborted' | 'changed';

/** What is known about a failure beside its kind and message. */
export interface FailureDetails {
  /** The HTTP status of the answer that refused. */
  readonly status?: number;
  /** How long the server asked to be left alone, in ms. */
  readonly retryAfter?: number;
  /** Whether trying again may help. Without it the kind and the status decide. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

// 460 is tus's checksum mismatch: the bytes were spoilt on the way, so they are sent again.
const passing = new Set([408, 409, 423, 429, 460]);
// What a server does not know how to do it will not have learned by the next try.
const lasting = new Set([501, 505]);

/**
 * May another try bring another answer than this status? For protocols in which 409 is final. Not after 507: neither the account nor the
 * server will have more room in a moment.
 */
export const mayPass = (status: number): boolean =>
  (status >= 500 && status !== 507) || status === 408 || status === 429;

/** The one error that uploads fail with. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly kind: FailureKind;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly retryable: boolean;

  constructor(kind: FailureKind, message: string, details: FailureDetails = {}) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
    const { status = 0 } = details;
    const passes = (status >= 500 && !lasting.has(status)) || passing.has(status);
    this.retryable = details.retryable ?? (kind === 'network' || (kind === 'refused' && passes));
  }
}

/** The failure of an upload that was paused, cancelled or given up by its caller. */
export const aborted = (message = 'The upload was stopped.'): UploadError => new UploadError('aborted', message);

/** Throws `aborted` where `signal` has been given. */
export const refuseIfAborted = (signal: AbortSignal): void => {
  if (signal.aborted) throw aborted();
};

/** What `promise` brings, or `aborted` as soon as `signal` is given: for waits that cannot be called off themselves. */
export const abortable = async <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> => {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(aborted());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
