import { expect, it } from 'vitest';
import type { Asker } from '../../src/dialects/brightsign/asker.js';
import { orphanSweep } from '../../src/dialects/brightsign/library/orphans.js';
import { options } from '../../src/dialects/brightsign/options.js';
import { completeSession } from '../../src/dialects/brightsign/sessions/complete.js';
import { findSession, resultOf } from '../../src/dialects/brightsign/sessions/session.js';
import { startSession } from '../../src/dialects/brightsign/sessions/start.js';
import { acceptChunk, stageChunk } from '../../src/dialects/brightsign/uploads/append.js';
import { completeFile } from '../../src/dialects/brightsign/uploads/complete.js';
import { startFile } from '../../src/dialects/brightsign/uploads/start.js';
import type { Host } from '../../src/dialects/dialect.js';
import { createEngine } from '../../src/engine/engine.js';
import type { Ledger, Store } from '../../src/engine/ports.js';
import { usageOf } from '../../src/engine/usage.js';
import { manualClock } from '../../src/kit/clock.js';
import { countingIds } from '../../src/kit/ids.js';
import { silentLog } from '../../src/kit/log.js';
import { defaultsOf } from '../../src/kit/options.js';
import { openMemoryLedger } from '../../src/ledgers/memory/ledger.js';
import { callerOf } from '../../src/services/accounts/caller.js';
import { openAccounts } from '../../src/services/accounts/open.js';
import { accountsOptions } from '../../src/services/accounts/options.js';
import { openCatalog } from '../../src/services/catalog/open.js';
import { openJobs } from '../../src/services/jobs/open.js';
import { jobsOptions } from '../../src/services/jobs/options.js';
import { openQuota } from '../../src/services/quota/open.js';
import { quotaOptions } from '../../src/services/quota/options.js';
import { openMemoryStore } from '../../src/stores/memory/store.js';
import { Died, type Fate, mortal } from './mortal.js';

// A process dies at every call of its store and ledger while a web page goes up and is updated; the next one goes on with the
// session, which completes once (specs/brightsign.md §A10).

const day = 24 * 60 * 60 * 1000;

const openWorld = async () => ({
  store: await openMemoryStore(),
  ledger: await openMemoryLedger(),
  ids: countingIds(),
  clock: manualClock(),
  lives: 0,
});
type World = Awaited<ReturnType<typeof openWorld>>;

/** One life of the dialect over ports that may die. */
const begin = (world: World, store: Store, ledger: Ledger) => {
  world.lives += 1;
  const mine = world.lives;
  const { clock, ids } = world;
  const log = silentLog;
  const presence = { self: mine, isGone: (other: unknown) => other !== world.lives };
  const engine = createEngine({ store, ledger, clock, ids, log, presence });
  const accounts = openAccounts({ ledger, clock, ids, log, options: defaultsOf(accountsOptions) });
  const host: Host = {
    ...{ engine, ledger, accounts, clock, ids, log, data: '/nowhere' },
    catalog: openCatalog({ clock }),
    jobs: openJobs({ ledger, clock, ids, log, options: defaultsOf(jobsOptions) }),
    quota: openQuota({ ledger, store, options: defaultsOf(quotaOptions) }),
  };
  const caller = callerOf({ name: 'ann', role: 'uploader', createdAt: 0, quota: null });
  const asker: Asker = { host, options: defaultsOf(options), from: '127.0.0.1', caller };
  return { asker, engine };
};

const bytesOf = async function* (text: string) {
  yield Buffer.from(text);
};

/** A client that brings a page up, and remembers over the deaths of servers what it was told. */
const pageClient = (text: string, assets: readonly string[]) => {
  let session: string | undefined;
  const told: number[] = [];
  const page = { facts: { fileName: 'index.html', fileSize: text.length }, name: 'Lakes' };
  const said = {
    ...page,
    assets: assets.map((asset) => ({
      facts: { fileName: `${asset}.css`, fileSize: asset.length, relativePath: 'css\\' },
    })),
  };
  const sendFile = async (asker: Asker, token: string, content: string, state: string) => {
    if (state === 'finished') return;
    const tokens = { uploadToken: token, ...(session !== undefined && { sessionToken: session }) };
    await startFile(asker, { facts: {}, ...tokens });
    const place = { ...tokens, offset: 0 };
    // False: the server could not store it, which only a dying one cannot.
    const staged = await stageChunk(asker, place, bytesOf(content));
    if (!(await acceptChunk(asker, place, { staged }))) throw new Died();
    await completeFile(asker, { facts: {}, ...tokens });
  };
  return {
    told,
    drive: async (asker: Asker): Promise<void> => {
      session ??= (await startSession(asker, said)).group.id;
      const known = await findSession(asker, session);
      if (!known) throw new Error('the session is lost');
      if (known.group.state === 'open')
        for (const [index, upload] of [known.page, ...known.assets].entries())
          await sendFile(asker, upload.id, [text, ...assets][index] ?? '', upload.state);
      const done = await completeSession(asker, { facts: {}, assets: [], sessionToken: session });
      told.push(resultOf(done)?.contentId ?? 0);
    },
  };
};

/** Drives the clients in their order until all are done or the life ends; says how many calls it made. */
const live = async (world: World, clients: readonly ReturnType<typeof pageClient>[], fate: Fate | null) => {
  const life = mortal(world.store, world.ledger, fate);
  const { asker, engine } = begin(world, life.store, life.ledger);
  try {
    for (const client of clients) if (client.told.length === 0) await client.drive(asker);
  } catch (error) {
    if (!life.isOver()) throw error;
    expect(error).toBeInstanceOf(Died);
  }
  await engine.close().catch(() => undefined);
  return life.calls();
};

/** When all is over: one page of two versions, its assets, and nothing else. */
const checkEnd = async (world: World, clients: readonly ReturnType<typeof pageClient>[]) => {
  const { asker, engine } = begin(world, world.store, world.ledger);
  for (const client of clients) await client.drive(asker);
  const ids = new Set(clients.flatMap(({ told }) => told));
  expect(ids.size).toBe(1);
  for (let turn = 0; turn < 4; turn += 1) {
    world.clock.advance(day);
    await engine.expire();
    await orphanSweep(asker.host).run(new AbortController().signal);
  }
  const { catalog } = asker.host;
  const files = await world.ledger.read((facts) => catalog.recent(facts));
  const byName = new Map(files.map((file) => [file.name, file]));
  expect([...byName.keys()].sort()).toEqual(['new.css', 'two.css', 'index.html'].sort());
  expect(files).toHaveLength(3);
  const page = byName.get('index.html');
  expect(page?.versions.map(({ size }) => size)).toEqual(['<p>1'.length, '<p>two'.length]);
  expect([page?.id]).toEqual([...ids]);
  expect((await engine.listGroups({ states: ['open'] })).length).toBe(0);
  const held = '<p>1'.length + '<p>two'.length + 'two'.length + 'new'.length;
  expect(await world.ledger.read((facts) => usageOf(facts, 'ann'))).toEqual({ reserved: 0, held });
  await engine.close();
};

const bothPages = () => [pageClient('<p>1', ['one', 'two']), pageClient('<p>two', ['two', 'new'])];

it('a process that dies at any call leaves a session that goes on and completes once', async () => {
  const unharmed = await openWorld();
  const clients = bothPages();
  const calls = await live(unharmed, clients, null);
  await checkEnd(unharmed, clients);
  expect(calls).toBeGreaterThan(50);
  for (let call = 1; call <= calls; call += 1)
    for (const when of ['before', 'after'] as const) {
      const world = await openWorld();
      const again = bothPages();
      await live(world, again, { call, when });
      await live(world, again, null);
      await checkEnd(world, again);
    }
});

it('a session comes to its end though every process dies a little later than the last', async () => {
  const world = await openWorld();
  const clients = bothPages();
  for (let turn = 0; turn < 150; turn += 1)
    await live(world, clients, { call: 5 + turn, when: turn % 2 === 0 ? 'before' : 'after' });
  await live(world, clients, null);
  await checkEnd(world, clients);
});
