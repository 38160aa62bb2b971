/**
 * A signal that aborts when `signal` does, or after `ms`, for which it keeps no process alive. In place of
 * `AbortSignal.any([signal, AbortSignal.timeout(ms)])`: Node 20 forgets a timeout that nothing else holds as soon as memory is
 * tidied up, and what waits for it waits for good.
 */
export const withDeadline = (signal: AbortSignal, ms: number): AbortSignal => {
  const late = new AbortController();
  setTimeout(() => late.abort(new DOMException(`More than ${ms} ms have passed.`, 'TimeoutError')), ms).unref();
  return AbortSignal.any([signal, late.signal]);
};
