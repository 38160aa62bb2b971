import type { Clock } from './clock.js';

/** A sleep that somebody can end early. For one sleeper at a time. */
export interface Alarm {
  /** Ends the sleep; rung while nobody sleeps, it ends the next one at once. */
  ring(): void;
  /** Sleeps for `ms` milliseconds or until it rings; says whether it rang. */
  sleep(ms: number): Promise<boolean>;
}

/** Makes an `Alarm` by this clock. */
export const alarm = (clock: Clock): Alarm => {
  let bell = new AbortController();
  return {
    ring: () => bell.abort(),
    sleep: async (ms) => {
      await clock.sleep(ms, bell.signal);
      const rang = bell.signal.aborted;
      if (rang) bell = new AbortController();
      return rang;
    },
  };
};
