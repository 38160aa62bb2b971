import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Host } from '../../src/dialects/dialect.js';
import { fourshared } from '../../src/dialects/fourshared/dialect.js';
import { createEngine } from '../../src/engine/engine.js';
import type { Ledger, Store } from '../../src/engine/ports.js';
import { usageOf } from '../../src/engine/usage.js';
import { listen } from '../../src/http/listener.js';
import { httpOptions } from '../../src/http/options.js';
import { manualClock } from '../../src/kit/clock.js';
import { countingIds } from '../../src/kit/ids.js';
import { silentLog } from '../../src/kit/log.js';
import { defaultsOf } from '../../src/kit/options.js';
import { openMemoryLedger } from '../../src/ledgers/memory/ledger.js';
import { openAccounts } from '../../src/services/accounts/open.js';
import { accountsOptions } from '../../src/services/accounts/options.js';
import { openCatalog } from '../../src/services/catalog/open.js';
import { unusedSweep } from '../../src/services/catalog/sweep.js';
import { check } from '../../src/services/fsck/check.js';
import type { FindingKind } from '../../src/services/fsck/findings.js';
import { openJobs } from '../../src/services/jobs/open.js';
import { jobsOptions } from '../../src/services/jobs/options.js';
import { openQuota } from '../../src/services/quota/open.js';
import { openMemoryStore } from '../../src/stores/memory/store.js';
import { type Fate, mortal } from '../crash/mortal.js';
import { type Random, seeded } from '../crash/power.js';
import { between, contentOf } from '../crash/site.js';
import { call, type Desktop, desktop, md5, post } from './desktop.js';

const uploads = 32;
const lives = 40;
const quotaBytes = 20_000;

/** What a dead server may leave for the next one, or the janitor, to tidy up. */
const leftovers: readonly FindingKind[] = ['orphan-part', 'publish-unrecorded'];

let store: Store;
let ledger: Ledger;
beforeEach(async () => {
  store = await openMemoryStore();
  ledger = await openMemoryLedger();
});
afterEach(async () => {
  await store.close();
  await ledger.close();
});

const clock = manualClock();
const ids = countingIds();
const log = silentLog;
let born = 0;

/** A server over what rests, that dies at a call of the store or the ledger. */
const begin = async (fate: Fate | null) => {
  born += 1;
  const self = born;
  const life = mortal(store, ledger, fate);
  const presence = { self, isGone: (other: unknown) => other !== self };
  // Small sizes, so that parts are held in memory and spilled.
  const limits = { heldChunkBytes: 100, batchBytes: 64 };
  const engine = createEngine({ store: life.store, ledger: life.ledger, clock, ids, log, limits, presence });
  const options = { ...defaultsOf(accountsOptions), passwordCost: 10 };
  const host: Host = {
    engine,
    ledger: life.ledger,
    clock,
    ids,
    log,
    data: tmpdir(),
    accounts: openAccounts({ ledger: life.ledger, clock, ids, log, options }),
    catalog: openCatalog({ clock }),
    quota: openQuota({ ...life, options: { account: null, largestFile: null } }),
    jobs: openJobs({ ledger: life.ledger, clock, ids, log, options: defaultsOf(jobsOptions) }),
  };
  const listener = await listen({
    mounts: [{ routes: (await fourshared.load()).routes(host, defaultsOf(fourshared.options)) }],
    options: { ...defaultsOf(httpOptions), port: 0, lingerMs: 10 },
    log,
  });
  return {
    host,
    url: listener.address,
    isOver: life.isOver,
    end: async () => {
      await listener.close();
      await engine.close().catch(() => undefined);
    },
  };
};

/** What is wrong between ledger, store, catalog and quota. */
const wrong = async (): Promise<FindingKind[]> => {
  const found: FindingKind[] = [];
  await check({ store, ledger, catalog: openCatalog({ clock }), clock }, { all: true, digests: true }, ({ kind }) =>
    found.push(kind),
  );
  return found.filter((kind) => !leftovers.includes(kind));
};

/** A client that outlives servers: it uploads a file, changes its mind at times, and deletes what is finished to begin anew. */
const uploader = (name: string, random: Random) => {
  let bytes = contentOf(random, between(random, 0, 600));
  let file = 0;
  let sent: readonly (readonly [number, number])[] = [];
  let done = false;
  /** Its file is being deleted. */
  let leaving = false;
  const parts = (): (readonly [number, number])[] => {
    const cuts = [0, bytes.length, ...Array.from({ length: 3 }, () => between(random, 0, bytes.length + 1))];
    const sorted = [...new Set(cuts)].sort((a, b) => a - b);
    return sorted.slice(1).map((end, n) => [sorted[n] ?? 0, end] as const);
  };
  const covered = (): boolean => {
    let at = 0;
    for (const [first, end] of [...sent].sort((a, b) => a[0] - b[0])) if (first <= at) at = Math.max(at, end);
    return at >= bytes.length;
  };
  const send = async (form: string, [first, end]: readonly [number, number], content = bytes): Promise<void> => {
    const fileFirst = random() < 0.3;
    const { status } = await post(form, { file, first, bytes: content.subarray(first, end) }, { fileFirst });
    if (status !== 200) throw new Error(`${status}`);
  };
  const step = async (client: Desktop, form: string): Promise<void> => {
    if (file === 0) {
      const id = await client.start(name, bytes.length);
      // No space: others will give some back.
      if (id < 0) return;
      file = id;
      sent = [];
      return;
    }
    const chance = random();
    if (chance < 0.05) {
      await client.ask('uploadCancelFile', file);
      file = 0;
    } else if (chance < 0.1) await client.names();
    else if (chance < 0.15 && bytes.length > 0) {
      // Damaged on its way: the right one comes later.
      await send(form, [0, 1], Buffer.from([~(bytes[0] ?? 0)]));
      sent = sent.filter(([first]) => first > 0);
    } else if (!covered()) {
      for (const range of parts().sort(() => random() - 0.5)) {
        await send(form, range);
        sent = [...sent, range];
      }
    } else if ((await client.finish(file, md5(bytes))) === '') done = true;
    else sent = [];
  };
  const beginAnew = (): void => {
    bytes = contentOf(random, between(random, 0, 600));
    file = 0;
    done = false;
    leaving = false;
  };
  const clear = async (client: Desktop): Promise<void> => {
    leaving = true;
    await client.ask('deleteFileFinal', file);
    beginAnew();
  };
  return {
    bytes: () => bytes,
    isDone: () => done && !leaving,
    file: () => file,
    /** Goes on until the server dies, or so many steps are done; with `last`, until a file is finished. */
    work: async (url: string, { steps, last = false }: { steps: number; last?: boolean }): Promise<void> => {
      const client = desktop(url);
      try {
        const form = await client.formUrl();
        if (leaving) {
          // The answer died with the server: whether the file did, nobody was told.
          await client.ask('deleteFileFinal', file).catch(() => undefined);
          beginAnew();
        }
        for (let n = 0; n < steps && !(last && done); n += 1)
          if (done) await clear(client);
          else await step(client, form);
      } catch {
        // The server is dying; the next one goes on with what rests.
      }
    },
  };
};

test(`the quota of ${uploads} uploads at once is right after each of ${lives} deaths`, async () => {
  const random = seeded(4_004);
  const { host, end } = await begin(null);
  await host.accounts.add({ name: 'alice', password: 'secret', role: 'uploader', quota: quotaBytes });
  await end();
  const clients = Array.from({ length: uploads }, (_, n) => uploader(`${n}.bin`, seeded(between(random, 1, 2 ** 30))));
  let deaths = 0;
  for (let life = 1; life <= lives; life += 1) {
    const when = random() < 0.5 ? 'before' : 'after';
    const server = await begin({ call: between(random, 1, 900), when });
    await Promise.all(clients.map((client) => client.work(server.url, { steps: 8 })));
    if (server.isOver()) deaths += 1;
    await server.end();
    expect([life, await wrong()]).toEqual([life, []]);
  }

  expect(deaths).toBeGreaterThan(lives / 2);

  const server = await begin(null);
  for (let round = 1; round <= 100 && clients.some((client) => !client.isDone()); round += 1)
    await Promise.all(clients.map((client) => client.work(server.url, { steps: 20, last: true })));
  expect(clients.every((client) => client.isDone())).toBe(true);
  const alice = desktop(server.url);
  for (const client of clients) {
    const link = await alice.ask('getDirectLink', await alice.ask('getFileDownloadLink', client.file()));
    expect(Buffer.from(await (await fetch(link)).arrayBuffer()).equals(client.bytes())).toBe(true);
  }
  // What was reserved for answers that got lost ends by itself; bytes that died while they were deleted go at last.
  clock.advance(8 * 24 * 3600_000);
  await server.host.engine.expire(1000);
  const sweeps = (await fourshared.load()).sweeps?.(server.host, defaultsOf(fourshared.options)) ?? [];
  for (const sweep of [...sweeps, unusedSweep(server.host)]) await sweep.run(new AbortController().signal);
  const { inside = '' } = await call(server.url, 'getItems', ['alice', 'secret', -1]);
  const listed = [...inside.matchAll(/<size>(\d+)<\/size>/g)].reduce((sum, [, size]) => sum + Number(size), 0);
  expect(await ledger.read((facts) => usageOf(facts, 'alice'))).toEqual({ reserved: 0, held: listed });
  await server.end();
  expect(await wrong()).toEqual([]);
});
