/** Runs tasks of one key one after the other; tasks of different keys do not wait for each other. */
export interface KeyedLock {
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
}

/** Makes a `KeyedLock`. A key nobody uses takes no memory. */
export const keyedLock = (): KeyedLock => {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run: async (key, task) => {
      const before = tails.get(key);
      const mine = (before ?? Promise.resolve()).then(task, task);
      tails.set(key, mine);
      try {
        return await mine;
      } finally {
        if (tails.get(key) === mine) tails.delete(key);
      }
    },
  };
};
