/** Waits that end early when there is reason to try again at once. */
export interface Waits {
  /** Resolves after `ms`, or as soon as `hurry` is called; rejects with the reason of `signal`. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Ends all waits. */
  hurry(): void;
}

export const openWaits = (): Waits => {
  const waiting = new Set<() => void>();
  return {
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          clearTimeout(timer);
          waiting.delete(end);
          signal.removeEventListener('abort', end);
          if (signal.aborted) reject(signal.reason);
          else resolve();
        };
        const timer = setTimeout(end, ms);
        waiting.add(end);
        signal.addEventListener('abort', end);
        if (signal.aborted) end();
      }),
    hurry: () => {
      for (const end of [...waiting]) end();
    },
  };
};

/** Ms between two looks at the clock. */
const beat = 10_000;
/** Ms without a look that mean that the machine slept; browsers look at clocks of unseen pages once a minute. */
const slept = 100_000;

/** What is called when the network may have changed: it is back, or the machine woke up; or when somebody looks at the page again. */
export interface Signs {
  readonly back: () => void;
  readonly seen: () => void;
}

/** Watches for such signs from now on. */
export const watchNetwork = ({ back, seen }: Signs): void => {
  let last = Date.now();
  const look = (): void => {
    const now = Date.now();
    if (now - last > slept) back();
    last = now;
  };
  setInterval(look, beat);
  addEventListener('online', back);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return;
    look();
    seen();
  });
};
