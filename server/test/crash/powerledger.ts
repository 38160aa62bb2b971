import type { Fact, Facts, Ledger } from '../../src/engine/ports.js';
import type { Json } from '../../src/kit/json.js';
import { rounds } from '../../src/kit/rounds.js';
import { openMemoryLedger } from '../../src/ledgers/memory/ledger.js';
import type { Power } from './power.js';

/** What a ledger holds when it comes up again. */
export type KeptLedger = readonly Fact[];

type Change = { readonly key: string; readonly value: Json | undefined };

/** A ledger that remembers which commits are durable. `kept(lost)`: what is found again, if power is lost or not. */
export const powerLedger = async (
  power: Power,
  begin: KeptLedger = [],
): Promise<{ ledger: Ledger; kept(lost: boolean): KeptLedger }> => {
  const inner = await openMemoryLedger();
  await inner.transact(async (facts) => {
    for (const { key, value } of begin) facts.put(key, value);
  });
  const commits: Change[][] = [];
  let durable = 0;

  const sync = rounds(async () => {
    const covered = commits.length;
    await power.step();
    durable = covered;
  });

  const ledger: Ledger = {
    name: 'power',
    transact: async (work, tier = 'durable') => {
      power.check();
      const result = await inner.transact(async (facts) => {
        const changes: Change[] = [];
        const recording: Facts = {
          ...facts,
          put: (key, value) => {
            facts.put(key, value);
            changes.push({ key, value: structuredClone(value) });
          },
          delete: (key) => {
            facts.delete(key);
            changes.push({ key, value: undefined });
          },
        };
        const answer = await work(recording);
        await power.step();
        commits.push(changes);
        return answer;
      });
      if (tier === 'durable') await sync();
      return result;
    },
    read: async (work) => {
      power.check();
      return inner.read(work);
    },
    close: async () => {
      await inner.close();
      await sync();
    },
  };

  const kept = (lost: boolean): KeptLedger => {
    const more = lost ? Math.floor(power.random() * (commits.length - durable + 1)) : commits.length - durable;
    const found = new Map<string, Json>(begin.map(({ key, value }) => [key, value]));
    for (const { key, value } of commits.slice(0, durable + more).flat()) {
      if (value === undefined) found.delete(key);
      else found.set(key, value);
    }
    return [...found].map(([key, value]) => ({ key, value }));
  };

  return { ledger, kept };
};
