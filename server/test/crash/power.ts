import { setImmediate } from 'node:timers/promises';
import type { Ledger, Store } from '../../src/engine/ports.js';
import { type KeptLedger, powerLedger } from './powerledger.js';
import { type KeptFiles, powerStore } from './powerstore.js';

/** Numbers from 0 (included) to 1 (not included). */
export type Random = () => number;

/** The same numbers for the same seed (mulberry32). */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** What a store and a ledger draw on. */
export interface Power {
  readonly random: Random;
  /** A moment at which the machine may stop. Rejects once it has. */
  step(): Promise<void>;
  /** Throws once the machine has stopped. */
  check(): void;
}

/** A machine that can stop at any step: a store and a ledger that know which of their bytes and facts are durable. */
export interface Machine {
  readonly store: Store;
  readonly ledger: Ledger;
  /** How many steps it has taken: run a story once to learn its length, then again stopping at each of them. */
  readonly steps: number;
  readonly stopped: boolean;
  /**
   * Stops the machine, if it has not stopped, and gives it as it comes up again; `diesAt` as for `machine`.
   * `power-lost`: whatever was not synced may be there, in part, or not. `killed`: only the process has ended, so
   * all that was written is there.
   */
  restart(how: 'power-lost' | 'killed', diesAt?: number): Promise<Machine>;
}

/** Makes a machine with nothing on it. At its step `diesAt` it stops: from then on every call rejects. */
export const machine = async (
  random: Random,
  diesAt = Number.POSITIVE_INFINITY,
  kept?: { files: KeptFiles; facts: KeptLedger },
): Promise<Machine> => {
  let steps = 0;
  let stopped = false;
  const check = () => {
    if (stopped) throw new Error('the machine has stopped');
  };
  const power: Power = {
    random,
    check,
    step: async () => {
      check();
      // Lets others come between, differently each time.
      for (let turns = Math.floor(random() * 3); turns > 0; turns -= 1) await setImmediate();
      steps += 1;
      if (steps >= diesAt) stopped = true;
      check();
    },
  };
  const files = powerStore(power, kept?.files);
  const facts = await powerLedger(power, kept?.facts);
  return {
    store: files.store,
    ledger: facts.ledger,
    get steps() {
      return steps;
    },
    get stopped() {
      return stopped;
    },
    restart: async (how, nextDiesAt) => {
      stopped = true;
      const lost = how === 'power-lost';
      return machine(random, nextDiesAt, { files: files.kept(lost), facts: facts.kept(lost) });
    },
  };
};
