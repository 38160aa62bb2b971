/**
 * Shares one costly task (a disk sync) between all who want it. Whoever calls is served by a round that *began* after
 * the call: at once if none is running, else by the next, together with everybody else who waits. A round that fails
 * fails those it served.
 */
export const rounds = (task: () => Promise<void>): (() => Promise<void>) => {
  let waiting: { resolve: () => void; reject: (reason: unknown) => void }[] = [];
  let running = false;

  const run = async () => {
    running = true;
    while (waiting.length > 0) {
      const served = waiting;
      waiting = [];
      try {
        await task();
        for (const { resolve } of served) resolve();
      } catch (error) {
        for (const { reject } of served) reject(error);
      }
    }
    running = false;
  };

  return () =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      if (!running) void run();
    });
};
