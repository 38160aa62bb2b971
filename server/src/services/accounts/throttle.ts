import type { Clock } from '../../kit/clock.js';
import { keyedLock } from '../../kit/lock.js';

/** Slows down the guessing of one name's password. */
export interface Throttle {
  /**
   * Runs `check` for a name, one at a time, and not before the delay that earlier wrong ones earned is over. Says
   * `false` at once, without a check, where too many wait for the same name already.
   */
  run(key: string, check: () => Promise<boolean>): Promise<boolean>;
}

/** So many wrong ones are free. */
const free = 3;
const firstDelay = 250;
const longestDelay = 10_000;
/** ms after which wrong ones are forgotten. */
const memory = 15 * 60_000;
const mostWaiting = 4;

/** Milliseconds to wait after so many wrong ones in a row. */
const delayAfter = (wrong: number): number =>
  wrong < free ? 0 : Math.min(longestDelay, firstDelay * 2 ** (wrong - free));

/** Makes a throttle that keeps at most `most` names in mind. */
export const throttle = (clock: Clock, most = 10_000): Throttle => {
  const failures = new Map<string, { count: number; at: number }>();
  const waiting = new Map<string, number>();
  const lock = keyedLock();

  const fail = (key: string): void => {
    const before = failures.get(key);
    const count = before && clock.now() - before.at < memory ? before.count + 1 : 1;
    failures.delete(key);
    failures.set(key, { count, at: clock.now() });
    for (const oldest of failures.keys()) {
      if (failures.size <= most) break;
      failures.delete(oldest);
    }
  };

  const rest = (key: string): number => {
    const last = failures.get(key);
    if (!last || clock.now() - last.at >= memory) return 0;
    const delay = delayAfter(last.count);
    return Math.min(delay, Math.max(0, last.at + delay - clock.now()));
  };

  return {
    run: async (key, check) => {
      const others = waiting.get(key) ?? 0;
      if (others >= mostWaiting) return false;
      waiting.set(key, others + 1);
      try {
        return await lock.run(key, async () => {
          const ms = rest(key);
          if (ms > 0) await clock.sleep(ms);
          const right = await check();
          if (right) failures.delete(key);
          else fail(key);
          return right;
        });
      } finally {
        const left = (waiting.get(key) ?? 1) - 1;
        if (left === 0) waiting.delete(key);
        else waiting.set(key, left);
      }
    },
  };
};
