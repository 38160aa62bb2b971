import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Ledger } from '../../engine/ports.js';
import { manualClock } from '../../kit/clock.js';
import { countingIds } from '../../kit/ids.js';
import type { Json } from '../../kit/json.js';
import { silentLog } from '../../kit/log.js';
import { defaultsOf } from '../../kit/options.js';
import type { Presence } from '../../kit/presence.js';
import { openMemoryLedger } from '../../ledgers/memory/ledger.js';
import type { Job, JobState, Worker } from './jobs.js';
import { openJobs } from './open.js';
import { jobsOptions } from './options.js';

const never = new AbortController().signal;

/** Lets everything go on that needs no more time. */
const settle = async () => {
  for (let i = 0; i < 60; i += 1) await setImmediate();
};

const world = async () => {
  const ledger = await openMemoryLedger();
  const clock = manualClock();
  const ids = countingIds();
  const options = defaultsOf(jobsOptions);
  const open = (more: { ledger?: Ledger; presence?: Presence } = {}) =>
    openJobs({ ledger, clock, ids, log: silentLog, options, random: () => 0, ...more });
  const jobs = open();
  const add = (input: Json, more: { kind?: string; dueAt?: number; maxAttempts?: number } = {}) =>
    ledger.transact(async (facts) => jobs.add(facts, { kind: 'fax', input, ...more }));
  const advance = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { ledger, clock, open, jobs, add, advance };
};

/** A worker whose runs end when the test says so. */
const handWorker = (kind = 'fax', concurrency = 1) => {
  const runs: { job: Job; signal: AbortSignal; end: (result: Json) => void; fail: (error: Error) => void }[] = [];
  const worker: Worker = {
    kind,
    concurrency,
    run: (job, signal) =>
      new Promise<Json>((resolve, reject) => {
        runs.push({ job, signal, end: resolve, fail: reject });
        signal.addEventListener('abort', () => reject(new Error('ended')));
      }),
  };
  const run = (index: number) => {
    const found = runs[index];
    if (!found) throw new Error(`there is no run ${index}`);
    return found;
  };
  return { worker, runs, run };
};

test('a job is there if and only if its transaction commits', async () => {
  const { jobs, ledger, add } = await world();
  const refused = ledger.transact(async (facts) => {
    jobs.add(facts, { kind: 'fax', input: 1 });
    throw new Error('no');
  });
  await expect(refused).rejects.toThrow('no');
  expect(await jobs.list()).toEqual([]);
  const id = await add({ to: '5551234' });
  expect(await jobs.find(id)).toEqual({
    id,
    kind: 'fax',
    state: 'waiting',
    input: { to: '5551234' },
    result: null,
    attempts: 0,
    maxAttempts: 5,
    dueAt: Date.UTC(2026, 0, 1),
    createdAt: Date.UTC(2026, 0, 1),
    endedAt: null,
  });
  expect(await jobs.find('../other key')).toBeUndefined();
});

test('a job is done as soon as it is added, and its result kept', async () => {
  const { jobs, add } = await world();
  jobs.work({ kind: 'fax', run: async ({ input }) => ({ sent: input }) });
  jobs.start();
  await settle();
  const id = await add(7);
  await settle();
  expect(await jobs.find(id)).toMatchObject({ state: 'done', result: { sent: 7 }, attempts: 1 });
  await jobs.stop();
});

test('jobs run in the order in which they are due, as many at once as the worker says', async () => {
  const { jobs, add, advance, clock } = await world();
  const { worker, runs, run } = handWorker('fax', 2);
  const other = handWorker('mail');
  jobs.work(worker);
  jobs.work(other.worker);
  await add('late', { dueAt: clock.now() + 5000 });
  for (const input of ['a', 'b', 'c']) await add(input);
  await add('m', { kind: 'mail' });
  await add('nobody does it', { kind: 'x/y' });
  jobs.start();
  await settle();
  expect(runs.map(({ job }) => job.input)).toEqual(['a', 'b']);
  expect(other.runs).toHaveLength(1);
  run(1).end(null);
  await settle();
  expect(runs.map(({ job }) => job.input)).toEqual(['a', 'b', 'c']);
  run(0).end(null);
  run(2).end(null);
  await advance(4000);
  expect(runs).toHaveLength(3);
  await advance(1000);
  expect(runs.map(({ job }) => job.input)).toEqual(['a', 'b', 'c', 'late']);
  await jobs.stop();
  expect(await jobs.list({ kind: 'x/y' })).toMatchObject([{ state: 'waiting', attempts: 0 }]);
});

test('a failed job is tried again, later and later, until its attempts are used up', async () => {
  const { jobs, add, advance } = await world();
  let tries = 0;
  jobs.work({
    kind: 'fax',
    run: async () => {
      tries += 1;
      throw new Error(`busy ${tries}`);
    },
  });
  jobs.start();
  const id = await add(1, { maxAttempts: 4 });
  await settle();
  for (const [seconds, before, after] of [
    [5, 1, 2],
    [10, 2, 3],
    [20, 3, 4],
  ] as const) {
    await advance(seconds * 1000 - 1000);
    expect(tries).toBe(before);
    expect(await jobs.find(id)).toMatchObject({ state: 'waiting', result: `busy ${before}`, attempts: before });
    await advance(1000);
    expect(tries).toBe(after);
  }
  expect(await jobs.find(id)).toMatchObject({
    state: 'failed',
    result: 'busy 4',
    attempts: 4,
    endedAt: expect.any(Number),
  });
  await advance(3_600_000);
  expect(tries).toBe(4);
  await jobs.retry(id);
  await settle();
  expect(await jobs.find(id)).toMatchObject({ state: 'waiting', result: 'busy 5', attempts: 1, endedAt: null });
  await jobs.stop();
});

test('a stop ends what runs; it is run again at the next start and the stop counts as no attempt', async () => {
  const { jobs, add } = await world();
  const { worker, runs, run } = handWorker();
  jobs.work(worker);
  const id = await add(1);
  jobs.start();
  await settle();
  await jobs.stop();
  expect(run(0).signal.aborted).toBe(true);
  expect(await jobs.find(id)).toMatchObject({ state: 'waiting', attempts: 0 });
  await settle();
  expect(runs).toHaveLength(1);
  jobs.start();
  await settle();
  run(1).end('sent');
  await settle();
  expect(await jobs.find(id)).toMatchObject({ state: 'done', result: 'sent', attempts: 1 });
  await jobs.stop();
});

test('a job that ends well in spite of a stop is done', async () => {
  const { jobs, add } = await world();
  jobs.work({
    kind: 'fax',
    run: (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('in time'))),
  });
  const id = await add(1);
  jobs.start();
  await settle();
  await jobs.stop();
  expect(await jobs.find(id)).toMatchObject({ state: 'done', result: 'in time' });
});

/** A ledger that can be cut off from a process, as by its death. */
const mortal = (ledger: Ledger) => {
  let dead = false;
  const check = () => {
    if (dead) throw new Error('dead');
  };
  const cut: Ledger = {
    ...ledger,
    read: async (work) => {
      check();
      return ledger.read(work);
    },
    transact: async (work, tier) => {
      check();
      return ledger.transact(work, tier);
    },
  };
  return {
    ledger: cut,
    die: () => {
      dead = true;
    },
  };
};

test('jobs of a process that died run again when their lease is over', async () => {
  const { ledger, open, add, advance } = await world();
  const first = mortal(ledger);
  const dying = open({ ledger: first.ledger });
  const before = handWorker();
  dying.work(before.worker);
  dying.start();
  const id = await add(1);
  await advance(1000);
  expect(before.runs).toHaveLength(1);
  first.die();

  const next = open();
  const after = handWorker();
  next.work(after.worker);
  next.start();
  await advance(28_000);
  expect(after.runs).toHaveLength(0);
  await advance(3000);
  expect(after.run(0).job).toMatchObject({ id, input: 1, attempts: 2 });
  after.run(0).end('sent');
  await settle();
  expect(await next.find(id)).toMatchObject({ state: 'done', result: 'sent' });
  await next.stop();
  await dying.stop();
});

test('they run again at once where the process can be seen to be gone', async () => {
  const { ledger, open, add, advance } = await world();
  const presence = (self: string): Presence => ({ self, isGone: (other) => other === 'first' });
  const first = mortal(ledger);
  const dying = open({ ledger: first.ledger, presence: presence('first') });
  dying.work(handWorker().worker);
  dying.start();
  await add(1);
  await advance(1000);
  first.die();
  const next = open({ presence: presence('second') });
  const after = handWorker();
  next.work(after.worker);
  next.start();
  await settle();
  expect(after.runs).toHaveLength(1);
  await next.stop();
  await dying.stop();
});

test('a job that takes every process down with it fails in the end', async () => {
  const { ledger, open, add, advance } = await world();
  const id = await add(1, { maxAttempts: 2 });
  for (let i = 0; i < 3; i += 1) {
    const process = mortal(ledger);
    const jobs = open({ ledger: process.ledger });
    jobs.work(handWorker().worker);
    jobs.start();
    await settle();
    process.die();
    await advance(31_000);
    await jobs.stop();
  }
  expect(await open().find(id)).toMatchObject({
    state: 'failed',
    attempts: 2,
    result: expect.stringContaining('ended'),
  });
});

test('a job that takes longer than a lease is not run twice', async () => {
  const { jobs, open, add, advance } = await world();
  const here = handWorker();
  const there = handWorker();
  jobs.work(here.worker);
  jobs.start();
  await add(1);
  await settle();
  const other = open();
  other.work(there.worker);
  other.start();
  for (let i = 0; i < 40; i += 1) await advance(5000);
  expect([here.runs.length, there.runs.length]).toEqual([1, 0]);
  expect(here.run(0).signal.aborted).toBe(false);
  await jobs.stop();
  await other.stop();
});

test('a process that overslept and lost a job lets it go, and its answer does not count', async () => {
  const { ledger, clock, open, add, advance } = await world();
  let asleep = false;
  const sleepy: Ledger = {
    ...ledger,
    read: async (work) => (asleep ? Promise.reject(new Error('asleep')) : ledger.read(work)),
    transact: async (work, tier) => (asleep ? Promise.reject(new Error('asleep')) : ledger.transact(work, tier)),
  };
  const first = open({ ledger: sleepy });
  const here = handWorker();
  first.work(here.worker);
  first.start();
  const id = await add(1);
  await advance(1000);
  asleep = true;
  clock.advance(31_000);
  const second = open();
  const there = handWorker();
  second.work(there.worker);
  second.start();
  await settle();
  expect(there.runs).toHaveLength(1);
  asleep = false;
  await advance(1000);
  await advance(10_000);
  expect(here.run(0).signal.aborted).toBe(true);
  expect(await second.find(id)).toMatchObject({ state: 'running', attempts: 2 });
  there.run(0).end('second');
  await settle();
  expect(await second.find(id)).toMatchObject({ state: 'done', result: 'second' });
  await first.stop();
  await second.stop();
});

test('cancelling ends waiting and running jobs for good, here and in other processes', async () => {
  const { jobs, open, add, advance } = await world();
  const { worker, runs, run } = handWorker();
  jobs.work(worker);
  const running = await add('running');
  const waiting = await add('waiting');
  jobs.start();
  await settle();
  await jobs.cancel(waiting);
  await jobs.cancel(running);
  await jobs.cancel('nosuchjob');
  await settle();
  expect(run(0).signal.aborted).toBe(true);
  for (const id of [running, waiting])
    expect(await jobs.find(id)).toMatchObject({ state: 'cancelled', endedAt: expect.any(Number) });

  const elsewhere = await add('elsewhere');
  await settle();
  await open().cancel(elsewhere);
  await advance(11_000);
  expect(run(1).signal.aborted).toBe(true);
  expect(await jobs.find(elsewhere)).toMatchObject({ state: 'cancelled', attempts: 1 });
  expect(runs).toHaveLength(2);
  await jobs.retry(elsewhere);
  await settle();
  expect(runs).toHaveLength(3);
  await jobs.stop();
});

test('a job that is cancelled and tried again while it still runs gets the answer of the second run', async () => {
  const { jobs, add } = await world();
  const ends: ((result: Json) => void)[] = [];
  // It does not listen to its signal.
  jobs.work({ kind: 'fax', concurrency: 2, run: () => new Promise<Json>((resolve) => ends.push(resolve)) });
  const id = await add(1);
  jobs.start();
  await settle();
  await jobs.cancel(id);
  await jobs.retry(id);
  await settle();
  expect(ends).toHaveLength(2);
  ends[0]?.('first');
  await settle();
  expect(await jobs.find(id)).toMatchObject({ state: 'running', attempts: 1 });
  ends[1]?.('second');
  await settle();
  expect(await jobs.find(id)).toMatchObject({ state: 'done', result: 'second' });
  await jobs.stop();
});

test('several processes share the work without doing any twice', async () => {
  const { open, add, advance } = await world();
  const done: Json[] = [];
  const processes = Array.from({ length: 3 }, () => {
    const jobs = open();
    jobs.work({
      kind: 'fax',
      concurrency: 4,
      run: async ({ input }) => {
        await setImmediate();
        done.push(input);
        return null;
      },
    });
    jobs.start();
    return jobs;
  });
  const inputs = Array.from({ length: 50 }, (_, i) => i);
  for (const input of inputs) await add(input);
  for (let i = 0; i < 30 && done.length < 50; i += 1) await advance(1000);
  expect(done.toSorted((a, b) => Number(a) - Number(b))).toEqual(inputs);
  for (const jobs of processes) await jobs.stop();
});

test('lists by state and kind, the newest first', async () => {
  const { jobs, add, clock } = await world();
  for (const [input, kind] of [
    ['a', 'fax'],
    ['b', 'mail'],
    ['c', 'fax'],
  ] as const) {
    await add(input, { kind });
    clock.advance(1000);
  }
  const inputs = async (query: { state?: JobState; kind?: string; limit?: number }) =>
    (await jobs.list(query)).map(({ input }) => input);
  expect(await inputs({})).toEqual(['c', 'b', 'a']);
  expect(await inputs({ state: 'waiting', limit: 2 })).toEqual(['c', 'b']);
  expect(await inputs({ kind: 'fax' })).toEqual(['c', 'a']);
  expect(await inputs({ state: 'waiting', kind: 'mail' })).toEqual(['b']);
  expect(await inputs({ state: 'done' })).toEqual([]);
});

test('ended jobs are kept for a week, and then nothing of them', async () => {
  const { jobs, add, clock, ledger } = await world();
  const id = await add(1);
  await jobs.cancel(id);
  const waiting = await add(2);
  clock.advance(7 * 24 * 3_600_000);
  await jobs.sweep.run(never);
  expect(await jobs.find(id)).toBeDefined();
  clock.advance(1);
  expect(await jobs.sweep.run(never)).toBe(false);
  expect(await jobs.find(id)).toBeUndefined();
  expect(await jobs.find(waiting)).toBeDefined();
  const left = await ledger.read((facts) => facts.list({ prefix: 'job' }));
  expect(left.filter(({ key }) => key.includes(id))).toEqual([]);
});
