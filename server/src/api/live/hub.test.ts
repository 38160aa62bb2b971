import { expect, test } from 'vitest';
import { manualClock } from '../../kit/clock.js';
import { silentLog } from '../../kit/log.js';
import { openHub } from './hub.js';

/** A hub over a ledger that is empty, or that cannot be read while it is `broken`. */
const hubOver = (ledger: { broken: boolean }) =>
  openHub({
    engine: {
      find: async () => undefined,
      list: async () => [],
      listen: () => () => undefined,
      outbox: async () => [],
    },
    ledger: {
      read: async (work) => {
        if (ledger.broken) throw new Error('the ledger cannot be read');
        return work({ get: async () => undefined, list: async () => [] });
      },
    },
    jobs: { find: async () => undefined, list: async () => [], listen: () => () => undefined },
    clock: manualClock(),
    log: silentLog,
    shown: [],
    health: async () => {
      throw new Error('nobody asks');
    },
  });

test('who would be told nothing is sent away, and who comes back is told all again', async () => {
  const ledger = { broken: true };
  const hub = hubOver(ledger);
  const watcher = hub.watch({ account: 'root', all: true });
  // Closing wakes it.
  await watcher?.sleep(60_000);
  expect([watcher?.closed, hub.watchers]).toEqual([true, 0]);
  ledger.broken = false;
  const again = hub.watch({ account: 'root', all: true });
  expect(again?.take()).toContain('event: hello');
  await hub.stop();
  expect(again?.closed).toBe(true);
});
