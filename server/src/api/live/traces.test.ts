import { beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../../engine/engine.js';
import type { Ledger, Store } from '../../engine/ports.js';
import type { Engine } from '../../engine/verbs.js';
import { type ManualClock, manualClock } from '../../kit/clock.js';
import { countingIds } from '../../kit/ids.js';
import { openMemoryLedger } from '../../ledgers/memory/ledger.js';
import { openMemoryStore } from '../../stores/memory/store.js';
import { openTraces, type Traces } from './traces.js';

let clock: ManualClock;
let store: Store;
let ledger: Ledger;
/** The process whose traces are looked at, and another one over the same data. */
let engine: Engine;
let other: Engine;
let traces: Traces;

beforeEach(async () => {
  clock = manualClock();
  store = await openMemoryStore();
  ledger = await openMemoryLedger();
  const start = (prefix: string) =>
    createEngine({ store, ledger, clock, ids: countingIds(prefix), presence: { self: prefix, isGone: () => false } });
  const [one, two] = [start('a'), start('b')];
  [engine, other] = [one, two];
  traces = openTraces({ engine, clock, nameOf: ({ metadata }) => (typeof metadata === 'string' ? metadata : null) });
  engine.listen(traces.hear);
  return async () => {
    await one.close();
    await two.close();
  };
});

const open = (where: Engine = engine, metadata: string | null = null) =>
  where.open({ dialect: 'test', owner: 'ann', size: 1_000_000, metadata });

const send = async (upload: string, bytes: number, where: Engine = engine) => {
  const body = (async function* () {
    yield Buffer.alloc(bytes);
  })();
  const from = '192.0.2.1';
  return where.accept(await where.stage(body, { upload, offset: 'end', keep: 'whole', from }));
};

const shapes = () => traces.list().map(({ shape }) => shape);

describe('traces', () => {
  it('follow what this process does, from its beginning to its end', async () => {
    const { id } = await open(engine, 'a.txt');
    await send(id, 10);
    expect(shapes()).toMatchObject([{ id, name: 'a.txt', received: 10, from: '192.0.2.1', state: 'open' }]);
    const told: string[] = [];
    const stop = traces.listen(({ shape }) => told.push(`${shape.state} ${shape.received}`));
    await send(id, 5);
    await engine.cancel(id);
    stop();
    expect(told).toEqual(['open 15', 'cancelled 0']);
    expect(traces.size).toBe(0);
  });

  it('tell of a rate until it has come to rest, and then no more', async () => {
    const { id } = await open();
    const rates: number[] = [];
    traces.listen(({ shape }) => rates.push(shape.bytesPerSecond));
    await send(id, 500);
    for (let second = 0; second < 20; second += 1) {
      clock.advance(1_000);
      traces.tick();
    }
    expect(rates).toEqual([0, 500, 250, 167, 125, 100, 0]);
  });

  it('a rate that began before anybody looked comes to rest, too', async () => {
    const { id } = await open();
    await send(id, 500);
    clock.advance(1_000);
    const rates: number[] = [];
    traces.listen(({ shape }) => rates.push(shape.bytesPerSecond));
    expect(shapes()[0]?.bytesPerSecond).toBe(500);
    clock.advance(10_000);
    traces.tick();
    expect(rates.at(-1)).toBe(0);
  });

  it('learn from the ledger what was there before, and how fast another process brings bytes', async () => {
    const { id } = await open(other);
    await send(id, 1_000, other);
    expect(traces.size).toBe(0);
    await traces.look();
    expect(shapes()).toMatchObject([{ id, received: 1_000, from: null, bytesPerSecond: 0 }]);
    clock.advance(5_000);
    await send(id, 10_000, other);
    await traces.look();
    clock.advance(1_000);
    expect(shapes()).toMatchObject([{ received: 11_000, bytesPerSecond: 10_000 }]);
  });

  it('do not count twice what was heard here', async () => {
    const { id } = await open();
    await send(id, 1_000);
    await traces.look();
    clock.advance(1_000);
    expect(shapes()).toMatchObject([{ bytesPerSecond: 1_000 }]);
  });

  it('tell of the end that another process made', async () => {
    const [done, gone] = [await open(), await open()];
    const told = new Map<string, string>();
    traces.listen(({ shape }) => told.set(shape.id, shape.state));
    await other.cancel(done.id);
    await other.cancel(gone.id);
    await other.forget(gone.id);
    await traces.look();
    expect(told).toEqual(
      new Map([
        [done.id, 'cancelled'],
        [gone.id, 'cancelled'],
      ]),
    );
    expect(traces.size).toBe(0);
  });

  it('what ends while the ledger is looked at does not come back', async () => {
    const { id } = await open();
    // The list was made, and is on its way.
    const slow: Pick<Engine, 'find' | 'list'> = {
      find: engine.find,
      list: async (query) => {
        const found = await engine.list(query);
        await engine.cancel(id);
        return found;
      },
    };
    const late = openTraces({ engine: slow, clock, nameOf: () => null });
    engine.listen(late.hear);
    await late.look();
    expect(late.size).toBe(0);
  });

  it('chunks that are told in another order than they were counted in set nothing back', async () => {
    const { id } = await open();
    const upload = await engine.look(id);
    const event = { kind: 'progressed', at: clock.now(), from: null } as const;
    traces.hear({ ...event, bytes: 10, upload: { ...upload, received: 20 } });
    traces.hear({ ...event, bytes: 10, upload: { ...upload, received: 10 } });
    clock.advance(1_000);
    expect(shapes()).toMatchObject([{ received: 20, bytesPerSecond: 20 }]);
  });

  it('an upload that begins anew with less is told so', async () => {
    const { id } = await open();
    await send(id, 100);
    clock.advance(10);
    await engine.reset(id);
    await send(id, 7);
    expect(shapes()).toMatchObject([{ received: 7 }]);
  });

  it('follow so many uploads, and no more', async () => {
    const upload = await open();
    for (let each = 0; each < 20_000; each += 1)
      traces.hear({ kind: 'opened', at: 0, bytes: 0, from: null, upload: { ...upload, id: `u${each}` } });
    expect(traces.size).toBe(10_000);
  });
});
