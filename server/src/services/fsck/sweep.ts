import type { Ledger, Store } from '../../engine/ports.js';
import type { Clock } from '../../kit/clock.js';
import type { Log } from '../../kit/log.js';
import type { Sweep } from '../janitor/janitor.js';
import { checkOrphans } from './orphans.js';

const day = 24 * 60 * 60 * 1000;

/**
 * Once a day, removes parts that no upload knows and nobody wrote to for a day: what chunks leave behind whose process
 * died before they were accepted. Objects are left to the checker.
 */
export const orphanSweep = (parts: { ledger: Ledger; store: Store; clock: Clock; log: Log }): Sweep => {
  const { ledger, store, clock, log } = parts;
  let due = 0;
  return {
    name: 'orphaned parts',
    run: async () => {
      const now = clock.now();
      if (now < due) return;
      await checkOrphans(
        {
          ledger,
          store,
          isOld: (at) => at < now - day,
          found: async (kind, { subject, details }, repair) => {
            await repair?.();
            log.info({ kind, part: subject, details }, 'orphan removed');
          },
        },
        { kinds: ['part'], wanted: new Set() },
      );
      due = now + day;
    },
  };
};
