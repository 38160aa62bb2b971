import type { Clock } from '../../kit/clock.js';

/** Answers that are good for a moment. */
export interface Recent<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  clear(): void;
}

/** Keeps answers for `ms`, at most `most` of them. */
export const recent = <T>(clock: Clock, ms: number, most = 10_000): Recent<T> => {
  const kept = new Map<string, { readonly value: T; readonly until: number }>();
  return {
    get: (key) => {
      const found = kept.get(key);
      if (found && clock.now() < found.until) return found.value;
      kept.delete(key);
      return undefined;
    },
    set: (key, value) => {
      if (kept.size >= most) kept.clear();
      kept.set(key, { value, until: clock.now() + ms });
    },
    clear: () => kept.clear(),
  };
};
