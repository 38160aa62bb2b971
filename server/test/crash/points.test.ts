import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/engine.js';
import type { Ledger, Store } from '../../src/engine/ports.js';
import { usageOf } from '../../src/engine/usage.js';
import { manualClock } from '../../src/kit/clock.js';
import { countingIds } from '../../src/kit/ids.js';
import { openMemoryLedger } from '../../src/ledgers/memory/ledger.js';
import { openMemoryStore } from '../../src/stores/memory/store.js';
import { type Client, mixedLoad } from './client.js';
import { Died, type Fate, mortal } from './mortal.js';

/** Small sizes, so that every path (held, spilled, committed on the way) is walked with few bytes. */
const limits = { heldChunkBytes: 6, batchBytes: 4, checkpointBytes: 4, patienceMs: 50 };

interface World {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly ids: ReturnType<typeof countingIds>;
  lives: number;
}

/** One life of the server: drives all clients until they are done or it dies. Says how many port calls it made. */
const live = async (world: World, clients: readonly Client[], fate: Fate | null) => {
  world.lives += 1;
  const mine = world.lives;
  const life = mortal(world.store, world.ledger, fate);
  const engine = createEngine({
    store: life.store,
    ledger: life.ledger,
    ids: world.ids,
    clock: manualClock(),
    limits,
    presence: { self: mine, isGone: (other) => other !== world.lives },
  });
  for (const client of clients) {
    if (life.isOver()) break;
    try {
      await client.drive(engine);
    } catch (error) {
      if (!life.isOver()) throw error;
      expect(error).toBeInstanceOf(Died);
    }
  }
  // What the dead process still had under way must come to nothing before the next one looks.
  await engine.close().catch(() => undefined);
  return life.calls();
};

const check = async (world: World, clients: readonly Client[]) => {
  world.lives += 1;
  const engine = createEngine({
    ...world,
    clock: manualClock(),
    limits,
    presence: { self: world.lives, isGone: (other) => other !== world.lives },
  });
  for (const client of clients) await client.check(engine);
  await engine.close();
};

const newWorld = async (): Promise<World> => ({
  store: await openMemoryStore(),
  ledger: await openMemoryLedger(),
  ids: countingIds(),
  lives: 0,
});

/** When all is done: every file is counted once, and nothing waits for anybody. */
const checkEnd = async (world: World, clients: readonly Client[]) => {
  await check(world, clients);
  const expected = { append: 23, 'one chunk': 5, empty: 0, place: 20, cancel: 0 };
  for (const [owner, held] of Object.entries(expected))
    expect((await world.ledger.read((facts) => usageOf(facts, owner))).held).toBe(held);
};

describe('a process that dies', () => {
  it('at any call of a store or a ledger loses no acknowledged byte and counts no other', async () => {
    const unharmed = await newWorld();
    const calls = await live(unharmed, mixedLoad(), null);
    expect(calls).toBeGreaterThan(100);
    for (let call = 1; call <= calls; call += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await newWorld();
        const clients = mixedLoad();
        await live(world, clients, { call, when });
        await check(world, clients);
        await live(world, clients, null);
        await checkEnd(world, clients);
      }
    }
  });

  it('again and again still brings every upload to its end', async () => {
    for (let stride = 3; stride <= 24; stride += 1) {
      const world = await newWorld();
      const clients = mixedLoad();
      // Each life gets a little further than what it takes to see where the last one died.
      for (let turn = 0; turn < 60; turn += 1) {
        await live(world, clients, { call: stride + turn, when: turn % 2 === 0 ? 'before' : 'after' });
        await check(world, clients);
      }
      await live(world, clients, null);
      await checkEnd(world, clients);
    }
  });
});
