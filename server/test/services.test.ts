import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createEngine } from '../src/engine/engine.js';
import { usageOf } from '../src/engine/usage.js';
import { type ManualClock, manualClock } from '../src/kit/clock.js';
import { countingIds } from '../src/kit/ids.js';
import { silentLog } from '../src/kit/log.js';
import { defaultsOf } from '../src/kit/options.js';
import { processPresence } from '../src/kit/presence.js';
import { openSqliteLedger, sqliteLedgerOptions } from '../src/ledgers/sqlite/ledger.js';

import { openCatalog } from '../src/services/catalog/open.js';
import { readVersion } from '../src/services/catalog/read.js';
import { openJanitor } from '../src/services/janitor/open.js';
import { janitorOptions } from '../src/services/janitor/options.js';
import { openJobs } from '../src/services/jobs/open.js';
import { jobsOptions } from '../src/services/jobs/options.js';
import { consume } from '../src/services/outbox/consume.js';
import { outboxSweep } from '../src/services/outbox/cursors.js';
import { openQuota } from '../src/services/quota/open.js';
import { quotaOptions } from '../src/services/quota/options.js';
import { openMemoryStore } from '../src/stores/memory/store.js';

/** The services over a real engine and a ledger on disk: what one says, the others find. */

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const world = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'longshore-'));
  const ledger = await openSqliteLedger(
    { ...defaultsOf(sqliteLedgerOptions), file: join(dir, 'ledger.db') },
    silentLog,
  );
  const store = await openMemoryStore({ limit: 0 });
  const clock = manualClock();
  const ids = countingIds();
  const log = silentLog;
  const engine = createEngine({ store, ledger, clock, ids, presence: processPresence() });
  ends.push(async () => {
    await engine.close();
    await store.close();
    await ledger.close();
    await rm(dir, { recursive: true });
  });
  const catalog = openCatalog({ clock });
  const jobs = openJobs({ ledger, clock, ids, log, options: defaultsOf(jobsOptions), presence: processPresence() });
  const quota = openQuota({ ledger, store, options: { ...defaultsOf(quotaOptions), account: 100 } });
  return { ledger, store, clock, ids, log, engine, catalog, jobs, quota };
};

/** Moves the clock on, a second at a time, until `isSo`; disk and threads get real time in between. */
const until = async (clock: ManualClock, isSo: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 1000; i += 1) {
    if (await isSo()) return;
    await setTimeout(10);
    clock.advance(1000);
  }
  expect.fail('it never came to be');
};

async function* bytes(text: string) {
  yield Buffer.from(text);
}

test('an upload becomes a file, an event, a job; is forgotten, read, and removed', async () => {
  const { ledger, clock, log, engine, catalog, jobs, quota } = await world();
  const account = { name: 'jo', role: 'uploader', createdAt: 0, quota: null } as const;

  const upload = await engine.open({ dialect: 'tus', owner: 'jo', size: 5, quota: quota.limit(account) });
  expect(await quota.free(account)).toBe(95);
  const staged = await engine.stage(bytes('hello'), { upload: upload.id, offset: 0, keep: 'whole' });
  await engine.accept(staged);
  const finished = await engine.finish(upload.id, {
    record: async (facts, { id, object, size, digests }) => {
      const root = await catalog.root(facts, 'tus');
      const file = await catalog.addFile(facts, {
        folder: root.id,
        name: 'hello.txt',
        owner: 'jo',
        dialect: 'tus',
        version: { object: object ?? '', size: size ?? 0, digests, by: 'jo', upload: id },
        onTaken: 'refuse',
      });
      return { file: file.id };
    },
  });
  expect(await quota.used(account)).toBe(5);

  const done: unknown[] = [];
  jobs.work({
    kind: 'tell',
    run: async ({ input }) => {
      done.push(input);
      return null;
    },
  });
  const consumer = consume({
    name: 'tell',
    engine,
    ledger,
    clock,
    log,
    record: async (facts, { uploadId, result }) => {
      jobs.add(facts, { kind: 'tell', input: { uploadId, result } });
    },
  });
  const keepMs = 24 * 3_600_000;
  const options = { ...defaultsOf(janitorOptions), keepDays: 1 };
  const sweeps = [jobs.sweep, outboxSweep({ ledger, clock, keepMs })];
  const janitor = openJanitor({ engine, clock, log, options, sweeps });
  jobs.start();
  consumer.start();
  janitor.start();
  ends.push(async () => {
    await Promise.all([jobs.stop(), consumer.stop(), janitor.stop()]);
  });
  await until(clock, async () => (await jobs.list({ state: 'done' })).length === 1);
  expect(done).toEqual([{ uploadId: upload.id, result: finished.result }]);
  expect(await engine.outbox(0)).toHaveLength(1);

  clock.advance(keepMs);
  await until(clock, async () => (await engine.find(upload.id)) === undefined && (await engine.outbox(0)).length === 0);
  expect(done).toHaveLength(1);

  const [file] = await ledger.read((facts) => catalog.recent(facts));
  if (!file) return expect.fail('the file is gone');
  const [version] = file.versions;
  expect(version.digests.crc32).toBe('3610a686');
  const parts: Uint8Array[] = [];
  for await (const part of readVersion(engine, version, { start: 1, end: 9 })) parts.push(part);
  expect(Buffer.concat(parts).toString()).toBe('ello');

  for (const object of await ledger.transact((facts) => catalog.removeFile(facts, file.id)))
    await engine.forget(object, { withBytes: true });
  expect(await ledger.read((facts) => usageOf(facts, 'jo'))).toEqual({ reserved: 0, held: 0 });
  expect(await quota.free(account)).toBe(100);
});

test('an upload that nobody touches is ended and its reservation given back', async () => {
  const { clock, log, engine, quota } = await world();
  const account = { name: 'jo', role: 'uploader', createdAt: 0, quota: 50 } as const;
  const expiry = { at: clock.now() + 3_600_000, sliding: null };
  const upload = await engine.open({ dialect: 'tus', owner: 'jo', size: 50, quota: 50, expiry });
  await expect(engine.open({ dialect: 'tus', owner: 'jo', size: 1, quota: 50 })).rejects.toMatchObject({
    kind: 'over-quota',
  });
  const janitor = openJanitor({ engine, clock, log, options: defaultsOf(janitorOptions) });
  janitor.start();
  ends.push(() => janitor.stop());
  clock.advance(3_600_000);
  await until(clock, async () => (await engine.look(upload.id)).state === 'expired');
  expect(await quota.free(account)).toBe(50);
});
