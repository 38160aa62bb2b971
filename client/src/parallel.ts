/**
 * Runs `worker` `width` times at once and resolves when all have ended. The first failure asks the others to stop
 * (their signal is given), waits until they have, and is thrown; `signal` asks all of them.
 */
export const inParallel = async (
  width: number,
  signal: AbortSignal,
  worker: (index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  const stop = new AbortController();
  const forward = (): void => stop.abort(signal.reason);
  if (signal.aborted) forward();
  signal.addEventListener('abort', forward, { once: true });
  let failed: { readonly error: unknown } | undefined;
  const run = async (index: number): Promise<void> => {
    try {
      await worker(index, stop.signal);
    } catch (error) {
      failed ??= { error };
      stop.abort();
    }
  };
  try {
    await Promise.all(Array.from({ length: width }, (_, index) => run(index)));
  } finally {
    signal.removeEventListener('abort', forward);
  }
  if (failed !== undefined) throw failed.error;
};

/** Makes a gate that lets `width` pieces of work run at once; the others wait in line. */
export const turns = (width: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let free = width;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
};
