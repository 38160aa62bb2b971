import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { OutboxEvent, UploadEvent } from '../../engine/events.js';
import { type Ledger, ordered, shelf } from '../../engine/ports.js';
import { eventShelf } from '../../engine/records.js';
import type { Engine } from '../../engine/verbs.js';
import { manualClock } from '../../kit/clock.js';
import { silentLog } from '../../kit/log.js';
import { openMemoryLedger } from '../../ledgers/memory/ledger.js';
import { type Consumer, consume } from './consume.js';
import { cursorOf, dropConsumer, outboxSweep } from './cursors.js';

const never = new AbortController().signal;

const settle = async () => {
  for (let i = 0; i < 60; i += 1) await setImmediate();
};

const world = async () => {
  const ledger = await openMemoryLedger();
  const clock = manualClock();
  const listeners = new Set<(event: UploadEvent) => void>();
  let seq = 0;
  const engine: Pick<Engine, 'outbox' | 'listen'> = {
    outbox: async (after, limit) => {
      const query = { after: ordered(after), ...(limit !== undefined && { limit }) };
      const found = await ledger.read((facts) => eventShelf.list(facts, query));
      return found.map(({ id, value }) => ({ seq: Number(id), ...value }));
    },
    listen: (hear) => {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
  };
  const post = async (count = 1) => {
    for (let i = 0; i < count; i += 1) {
      seq += 1;
      const event: Omit<OutboxEvent, 'seq'> = {
        kind: 'finished',
        at: clock.now(),
        uploadId: `u${seq}`,
        dialect: 'tus',
        owner: 'jo',
        size: 1,
        object: `o${seq}`,
        result: null,
      };
      await ledger.transact(async (facts) => eventShelf.put(facts, ordered(seq), event));
    }
  };
  const start = (consumer: Consumer, over: Ledger = ledger) => {
    const consumption = consume({ ...consumer, engine, ledger: over, clock, log: silentLog });
    consumption.start();
    return consumption;
  };
  return { ledger, clock, engine, listeners, post, start };
};

/** A consumer that keeps the numbers it is handed. */
const keeper = (name = 'hooks') => {
  const seen: number[] = [];
  const consumer: Consumer = {
    name,
    handle: async ({ seq }) => {
      seen.push(seq);
    },
  };
  return { seen, consumer };
};

test('every event, in order, from the beginning; after a stop from where it was', async () => {
  const { clock, listeners, post, start } = await world();
  const { seen, consumer } = keeper();
  await post(250);
  const first = start(consumer);
  for (let i = 0; i < 50 && seen.length < 250; i += 1) await settle();
  expect(seen).toEqual(Array.from({ length: 250 }, (_, i) => i + 1));
  await first.stop();
  expect(listeners.size).toBe(0);
  await post();
  clock.advance(60_000);
  await settle();
  expect(seen).toHaveLength(250);
  first.start();
  await settle();
  expect(seen.slice(250)).toEqual([251]);
  await post();
  clock.advance(2000);
  await settle();
  expect(seen.slice(250)).toEqual([251, 252]);
  await first.stop();
});

test('an event that was handled and not noted is handed out again, and none is lost', async () => {
  const { ledger, clock, post, start } = await world();
  const { seen, consumer } = keeper();
  await post(3);
  // The process dies after the second event was handled, before that was noted.
  const dying: Ledger = {
    ...ledger,
    transact: (work, tier) => (seen.at(-1) === 2 ? Promise.reject(new Error('dead')) : ledger.transact(work, tier)),
  };
  const first = start(consumer, dying);
  await settle();
  expect(seen).toEqual([1, 2]);
  await first.stop();
  const second = start(consumer);
  await settle();
  expect(seen).toEqual([1, 2, 2, 3]);
  clock.advance(2000);
  await settle();
  expect(seen).toHaveLength(4);
  await second.stop();
});

test('an event that fails is tried again, later and later, before any other', async () => {
  const { clock, post, start } = await world();
  const seen: number[] = [];
  let broken = true;
  await post(2);
  const consumption = start({
    name: 'hooks',
    handle: async ({ seq }) => {
      seen.push(seq);
      if (broken) throw new Error('no answer');
    },
  });
  await settle();
  const tries: number[] = [];
  for (let second = 1; second <= 8; second += 1) {
    const before = seen.length;
    clock.advance(1000);
    await settle();
    if (seen.length > before) tries.push(second);
  }
  expect(new Set(seen)).toEqual(new Set([1]));
  expect(tries.length).toBeGreaterThanOrEqual(2);
  expect(tries.length).toBeLessThan(6);
  broken = false;
  clock.advance(300_000);
  await settle();
  expect(seen.slice(-2)).toEqual([1, 2]);
  await consumption.stop();
});

test('a stop while an event is handled lets it be handed out again', async () => {
  const { post, start } = await world();
  await post();
  const { seen, consumer } = keeper();
  const first = start({
    name: 'hooks',
    handle: (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
  });
  await settle();
  await first.stop();
  const second = start(consumer);
  await settle();
  expect(seen).toEqual([1]);
  await second.stop();
});

test('what is recorded with the cursor is recorded once, also by several processes', async () => {
  const { ledger, post, start } = await world();
  const noted = shelf<number>('noted');
  const consumer: Consumer = {
    name: 'filing',
    record: async (facts, { uploadId }) => noted.put(facts, uploadId, ((await noted.get(facts, uploadId)) ?? 0) + 1),
  };
  await post(20);
  const consumptions = [start(consumer), start(consumer), start(consumer)];
  for (let i = 0; i < 5; i += 1) await settle();
  const counts = await ledger.read((facts) => noted.list(facts));
  expect(counts.map(({ value }) => value)).toEqual(Array.from({ length: 20 }, () => 1));
  for (const each of consumptions) await each.stop();
});

test('old events go when every consumer is done with them', async () => {
  const { ledger, clock, engine, post, start } = await world();
  const sweep = outboxSweep({ ledger, clock, keepMs: 1000 });
  const left = async () => (await engine.outbox(0)).map(({ seq }) => seq);
  await post(3);
  const quick = start(keeper('quick').consumer);
  const slow = start({
    name: 'slow/é',
    handle: ({ seq }, signal) =>
      seq < 3
        ? Promise.resolve()
        : new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
  });
  await settle();
  expect(await ledger.read((facts) => cursorOf(facts, 'slow/é'))).toBe(2);
  await sweep.run(never);
  expect(await left()).toEqual([1, 2, 3]);
  clock.advance(1001);
  expect(await sweep.run(never)).toBe(false);
  expect(await left()).toEqual([3]);
  await quick.stop();
  await slow.stop();
  await ledger.transact(async (facts) => dropConsumer(facts, 'slow/é'));
  await sweep.run(never);
  expect(await left()).toEqual([]);
});

test('our own events are heard of without waiting', async () => {
  const { listeners, post, start } = await world();
  const { seen, consumer } = keeper();
  const consumption = start(consumer);
  await settle();
  await post();
  await settle();
  expect(seen).toEqual([]);
  for (const hear of listeners) hear({ kind: 'finished', at: 0, bytes: 0, upload: exampleUpload, from: null });
  await settle();
  expect(seen).toEqual([1]);
  await consumption.stop();
});

const exampleUpload: UploadEvent['upload'] = {
  id: 'u1',
  dialect: 'tus',
  owner: 'jo',
  state: 'finished',
  size: 1,
  maxSize: null,
  received: 1,
  contiguous: 1,
  declared: {},
  digests: {},
  metadata: null,
  group: null,
  expiry: null,
  tier: 'durable',
  reserved: 0,
  createdAt: 0,
  touchedAt: 0,
  endedAt: 0,
  object: 'o1',
  result: null,
};
