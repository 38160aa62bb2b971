import type { FactReader, Facts, Ledger, Shelf } from '../../engine/ports.js';
import { listOverdue, timedKey } from '../../engine/timed.js';
import type { Clock } from '../../kit/clock.js';

/** A fact that ends by the clock. */
export interface Expiring {
  /** ms since 1970. */
  readonly expiresAt: number;
}

/** A shelf whose facts are there until their time has come. */
export interface ExpiringShelf<T extends Expiring> {
  /** The fact, unless its time has come. */
  find(facts: FactReader, id: string): Promise<T | undefined>;
  /** Puts a new fact on the shelf. */
  add(facts: Facts, id: string, value: T): void;
  /** Puts another value in a fact's place; its time may have moved on. */
  amend(facts: Facts, id: string, value: T): void;
  delete(facts: Facts, id: string): void;
  /** Begins the fact's time anew: `life` ms. */
  prolong(ledger: Ledger, id: string, life: number): Promise<void>;
  /** As `prolong`, but written down once a minute at most: for what is used all the time. `known`: the fact as it was found. */
  keepAlive(ledger: Ledger, id: string, known: Expiring, life: number): Promise<void>;
  /** Removes facts whose time has come, a bounded number of them; says whether there may be more. */
  sweep(ledger: Ledger): Promise<boolean>;
}

/** How many facts one piece of sweeping looks at. */
const batch = 200;

/** Makes an expiring shelf of two: the facts, and when to look at which, `<ordered ms>/<id>`. A fact may have moved on meanwhile. */
export const expiringShelf = <T extends Expiring>(
  values: Shelf<T>,
  due: Shelf<null>,
  clock: Clock,
): ExpiringShelf<T> => {
  const noteDue = (facts: Facts, id: string, at: number) => due.put(facts, timedKey(at, id), null);

  const prolong = (ledger: Ledger, id: string, life: number): Promise<void> =>
    ledger.transact(async (facts) => {
      const value = await values.get(facts, id);
      if (value && value.expiresAt > clock.now()) values.put(facts, id, { ...value, expiresAt: clock.now() + life });
    }, 'relaxed');

  return {
    find: async (facts, id) => {
      const value = await values.get(facts, id);
      return value && value.expiresAt > clock.now() ? value : undefined;
    },
    add: (facts, id, value) => {
      values.put(facts, id, value);
      noteDue(facts, id, value.expiresAt);
    },
    amend: (facts, id, value) => values.put(facts, id, value),
    delete: (facts, id) => values.delete(facts, id),
    prolong,
    keepAlive: async (ledger, id, { expiresAt }, life) => {
      const slack = Math.min(60_000, life / 100);
      if (expiresAt + slack <= clock.now() + life) await prolong(ledger, id, life);
    },
    sweep: (ledger) =>
      ledger.transact(async (facts) => {
        const now = clock.now();
        const overdue = await listOverdue(facts, due, { now, limit: batch });
        for (const { key, id } of overdue) {
          due.delete(facts, key);
          const value = await values.get(facts, id);
          if (value && value.expiresAt > now) noteDue(facts, id, value.expiresAt);
          else values.delete(facts, id);
        }
        return overdue.length === batch;
      }, 'relaxed'),
  };
};
