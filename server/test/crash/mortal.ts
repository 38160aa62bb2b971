import type { Ledger, Store } from '../../src/engine/ports.js';

/** Thrown where the process is said to have died; nothing it does afterwards has an effect. */
export class Died extends Error {
  override readonly name = 'Died';
}

/** When to die: at the `call`-th call of a port (from 1), before it had its effect or after. */
export interface Fate {
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** A life that ends at a given call: every await of the engine is a call of one of these ports. */
export interface Life {
  readonly store: Store;
  readonly ledger: Ledger;
  /** Calls so far. */
  readonly calls: () => number;
  readonly isOver: () => boolean;
}

/** Wraps a store and a ledger, which live on, in a life that does not. */
export const mortal = (store: Store, ledger: Ledger, fate: Fate | null): Life => {
  let calls = 0;
  let over = false;
  const alive = () => {
    if (over) throw new Died();
  };
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    alive();
    calls += 1;
    const last = fate?.call === calls;
    if (last && fate.when === 'before') over = true;
    alive();
    const result = await work();
    if (last) over = true;
    alive();
    return result;
  };
  return {
    calls: () => calls,
    isOver: () => over,
    store: {
      name: store.name,
      room: () => step(() => store.room()),
      write: (part, position, buffers) => step(() => store.write(part, position, buffers)),
      sync: (part) => step(() => store.sync(part)),
      read: async function* (place, range) {
        await step(async () => undefined);
        for await (const bytes of store.read(place, range)) {
          alive();
          yield bytes;
        }
      },
      size: (place) => step(() => store.size(place)),
      publish: (part, object, size) => step(() => store.publish(part, object, size)),
      withdraw: (object, part) => step(() => store.withdraw(object, part)),
      remove: (place) => step(() => store.remove(place)),
      list: () => store.list(),
      close: async () => undefined,
    },
    ledger: {
      name: ledger.name,
      transact: (work, tier) => step(() => ledger.transact(work, tier)),
      read: (work) => step(() => ledger.read(work)),
      close: async () => undefined,
    },
  };
};
