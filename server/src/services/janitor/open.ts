import type { Engine } from '../../engine/verbs.js';
import type { Clock } from '../../kit/clock.js';
import type { Log } from '../../kit/log.js';
import type { Janitor, Sweep } from './janitor.js';
import type { JanitorOptions } from './options.js';
import { endedSweep, expirySweep } from './uploads.js';

const day = 24 * 3600 * 1000;
/** ms until the next piece of work where there is more. */
const soon = 100;

/** Ends overdue uploads, forgets those that ended long ago, and runs the `sweeps` of others. */
export const openJanitor = (parts: {
  engine: Pick<Engine, 'expire' | 'list' | 'forget'>;
  clock: Clock;
  log: Log;
  options: JanitorOptions;
  sweeps?: readonly Sweep[];
}): Janitor => {
  const { engine, clock, log, options, sweeps = [] } = parts;
  const all = [expirySweep(engine), endedSweep(engine, clock, options.keepDays * day), ...sweeps];

  const round = async (signal: AbortSignal): Promise<boolean> => {
    let more = false;
    for (const sweep of all) {
      if (signal.aborted) return false;
      try {
        more = (await sweep.run(signal)) === true || more;
      } catch (error) {
        log.error({ err: error, sweep: sweep.name }, 'tidying up failed');
      }
    }
    return more;
  };

  const goRound = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) await clock.sleep((await round(signal)) ? soon : options.everySeconds * 1000, signal);
  };

  let running: { stopping: AbortController; done: Promise<void> } | undefined;
  return {
    start: () => {
      if (running) return;
      const stopping = new AbortController();
      running = { stopping, done: goRound(stopping.signal) };
    },
    stop: async () => {
      if (!running) return;
      running.stopping.abort();
      await running.done;
      running = undefined;
    },
  };
};
