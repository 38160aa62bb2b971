import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { manualClock } from '../../kit/clock.js';
import { countingIds } from '../../kit/ids.js';
import { silentLog } from '../../kit/log.js';
import { defaultsOf } from '../../kit/options.js';
import { openMemoryLedger } from '../../ledgers/memory/ledger.js';
import { openJobs } from './open.js';
import { jobsOptions } from './options.js';

const world = async () => {
  const ledger = await openMemoryLedger();
  const parts = { ledger, clock: manualClock(), ids: countingIds(), log: silentLog, options: defaultsOf(jobsOptions) };
  const jobs = openJobs(parts);
  return { jobs, add: () => ledger.transact(async (facts) => jobs.add(facts, { kind: 'fax', input: null })) };
};

const settle = async () => {
  for (let i = 0; i < 60; i += 1) await setImmediate();
};

test('who listens hears of a job that is added, begins and ends, until it stops listening', async () => {
  const { jobs, add } = await world();
  const heard: { id: string; state: string | undefined }[] = [];
  const stop = jobs.listen((id) => {
    void jobs.find(id).then((job) => heard.push({ id, state: job?.state }));
  });
  jobs.work({ kind: 'fax', run: async () => null });
  jobs.start();
  const id = await add();
  await settle();
  expect(heard.map((each) => each.id)).toEqual([id, id, id]);
  expect(heard.at(-1)?.state).toBe('done');
  await jobs.retry(id);
  await settle();
  const before = heard.length;
  expect(before).toBeGreaterThan(3);
  stop();
  await jobs.cancel(id);
  expect(heard).toHaveLength(before);
  await jobs.stop();
});

test('jobs are counted by state, to a bound', async () => {
  const { jobs, add } = await world();
  for (let i = 0; i < 5; i += 1) await add();
  expect(await jobs.count('waiting', 100)).toBe(5);
  expect(await jobs.count('waiting', 3)).toBe(3);
  expect(await jobs.count('failed', 100)).toBe(0);
});
