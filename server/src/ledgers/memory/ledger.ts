import { boundsOf, type FactQuery, type Facts, isKey, type Ledger } from '../../engine/ports.js';
import type { Json } from '../../kit/json.js';
import { keyedLock } from '../../kit/lock.js';
import { sortedMap } from './sorted.js';

/**
 * A ledger in this process's memory: gone with it, so both tiers are the same. Transactions and reads run one after
 * the other; `work` that never ends stops them all.
 */
export const openMemoryLedger = async (): Promise<Ledger> => {
  // Values rest as text, so that nobody holds a value that another one changes.
  const facts = sortedMap();
  const turns = keyedLock();
  let closed = false;

  const inTurn = async <T>(task: () => Promise<T>): Promise<T> => {
    if (closed) throw new Error('the ledger is closed');
    return turns.run('', task);
  };

  const list = (query: FactQuery) => {
    const { from, below } = boundsOf(query);
    const keys = from < below ? facts.between(from, below) : [];
    const wanted = query.reverse ? keys.toReversed() : keys;
    return wanted.slice(0, query.limit).map((key) => ({ key, value: JSON.parse(facts.get(key) ?? 'null') as Json }));
  };

  const reader = {
    get: async (key: string) => {
      const text = facts.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as Json);
    },
    list: async (query: FactQuery) => list(query),
  };

  return {
    name: 'memory',
    transact: (work) =>
      inTurn(async () => {
        const undo: (() => void)[] = [];
        const set = (key: string, value: string | undefined) => {
          if (!isKey(key)) throw new Error(`not a key for a ledger: ${JSON.stringify(key)}`);
          const before = facts.get(key);
          undo.push(() => facts.set(key, before));
          facts.set(key, value);
        };
        const writer: Facts = {
          ...reader,
          put: (key, value) => set(key, JSON.stringify(value)),
          delete: (key) => set(key, undefined),
        };
        try {
          return await work(writer);
        } catch (error) {
          for (const each of undo.reverse()) each();
          throw error;
        }
      }),
    read: (work) => inTurn(() => work(reader)),
    close: async () => {
      closed = true;
      await turns.run('', async () => undefined);
    },
  };
};
