import { describe, it } from 'vitest';
import { createEngine } from '../../src/engine/engine.js';
import { manualClock } from '../../src/kit/clock.js';
import { countingIds } from '../../src/kit/ids.js';
import { type Client, mixedLoad } from './client.js';
import { type Machine, machine, seeded } from './power.js';

const limits = { heldChunkBytes: 6, batchBytes: 4, checkpointBytes: 4, patienceMs: 50 };

interface World {
  machine: Machine;
  readonly ids: ReturnType<typeof countingIds>;
  lives: number;
}

const start = (world: World) => {
  world.lives += 1;
  return createEngine({
    store: world.machine.store,
    ledger: world.machine.ledger,
    ids: world.ids,
    clock: manualClock(),
    limits,
    presence: { self: world.lives, isGone: (other) => other !== world.lives },
  });
};

/** Drives all clients until they are done or the machine stops. */
const live = async (world: World, clients: readonly Client[]) => {
  const engine = start(world);
  for (const client of clients) {
    try {
      await client.drive(engine);
    } catch (error) {
      if (!world.machine.stopped) throw error;
      break;
    }
  }
  await engine.close().catch(() => undefined);
};

const check = async (world: World, clients: readonly Client[]) => {
  const engine = start(world);
  for (const client of clients) await client.check(engine);
  await engine.close();
};

const newWorld = async (seed: number, diesAt?: number): Promise<World> => ({
  machine: await machine(seeded(seed), diesAt),
  ids: countingIds(),
  lives: 0,
});

describe('a machine that loses its power', () => {
  it.each(['power-lost', 'killed'] as const)('at any step (%s) keeps every acknowledged byte', async (how) => {
    const unharmed = await newWorld(1);
    await live(unharmed, mixedLoad());
    const { steps } = unharmed.machine;
    for (let diesAt = 1; diesAt <= steps; diesAt += 1) {
      const world = await newWorld(diesAt, diesAt);
      const clients = mixedLoad();
      await live(world, clients);
      world.machine = await world.machine.restart(how);
      await check(world, clients);
      await live(world, clients);
      await check(world, clients);
    }
  });

  it('again and again still brings every upload to its end', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = seeded(seed * 7919);
      const world = await newWorld(seed, 5 + Math.floor(random() * 60));
      const clients = mixedLoad();
      for (let turn = 0; turn < 12; turn += 1) {
        await live(world, clients);
        world.machine = await world.machine.restart(
          random() < 0.7 ? 'power-lost' : 'killed',
          10 + Math.floor(random() * 90),
        );
        if (turn % 3 === 0)
          await check(world, clients).catch((error) => {
            if (!world.machine.stopped) throw error;
          });
      }
      world.machine = await world.machine.restart('power-lost');
      await live(world, clients);
      await check(world, clients);
    }
  });
});
