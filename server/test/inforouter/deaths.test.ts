import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/dialects/dialect.js';
import { inforouter } from '../../src/dialects/inforouter/dialect.js';
import { createEngine } from '../../src/engine/engine.js';
import type { Ledger, Store } from '../../src/engine/ports.js';
import type { Exchange, Route } from '../../src/http/exchange.js';
import { manualClock } from '../../src/kit/clock.js';
import { countingIds } from '../../src/kit/ids.js';
import { silentLog } from '../../src/kit/log.js';
import { defaultsOf } from '../../src/kit/options.js';
import { openMemoryLedger } from '../../src/ledgers/memory/ledger.js';
import { openAccounts } from '../../src/services/accounts/open.js';
import { accountsOptions } from '../../src/services/accounts/options.js';
import { openCatalog } from '../../src/services/catalog/open.js';
import { openMemoryStore } from '../../src/stores/memory/store.js';
import { type Fate, mortal } from '../crash/mortal.js';
import { crcOf } from './calls.js';

/** Small sizes, so that chunks are held in memory and spilled. */
const limits = { heldChunkBytes: 6, batchBytes: 4, patienceMs: 50 };

const chunks = ['abc', 'a long one', 'abc', 'the end'];
const path = '/Documents/a.txt';

interface World {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly ids: ReturnType<typeof countingIds>;
  lives: number;
}

/** What a client was told, over all lives of the server. */
interface Told {
  ticket: string;
  handler: string;
  /** Chunks whose answer said yes. */
  chunks: number;
  /** The chunk that was under way when the server died, if one was. */
  unknown: boolean;
  /** The checksum in the answer to the last chunk. */
  checksum: string;
  committed: boolean;
}

const unserved = (): never => {
  throw new Error('not served here');
};

const hostOver = (world: World, store: Store, ledger: Ledger): Host & { close(): Promise<void> } => {
  world.lives += 1;
  const mine = world.lives;
  const clock = manualClock();
  const { ids } = world;
  const log = silentLog;
  const presence = { self: mine, isGone: (other: unknown) => other !== mine };
  const engine = createEngine({ store, ledger, clock, ids, limits, presence });
  const options = { ...defaultsOf(accountsOptions), passwordCost: 10 };
  return {
    engine,
    ledger,
    clock,
    ids,
    log,
    data: tmpdir(),
    accounts: openAccounts({ ledger, clock, ids, log, options }),
    catalog: openCatalog({ clock }),
    quota: { limit: () => null, used: async () => 0, free: async () => null, largestFile: () => null },
    jobs: {
      add: unserved,
      work: unserved,
      find: unserved,
      list: unserved,
      listen: unserved,
      count: unserved,
      cancel: unserved,
      retry: unserved,
      start: unserved,
      stop: unserved,
    },
    close: () => engine.close(),
  };
};

const { routes: routesOf } = await inforouter.load();

const formRoute = (host: Host): Route => {
  const routes = routesOf(host, defaultsOf(inforouter.options));
  const route = routes.find(({ path: where }) => where === '/srv.asmx/:operation');
  if (!route) throw new Error('there is no route for forms');
  return route;
};

/** Calls an operation as a plain HTTP form, without a network; gives the answer's attributes. */
const caller = (host: Host) => {
  const route = formRoute(host);
  return async (operation: string, parameters: Record<string, string>): Promise<Record<string, string>> => {
    const query = new URLSearchParams(parameters);
    const exchange: Exchange = {
      method: 'GET',
      target: `/srv.asmx/${operation}?${query}`,
      path: `/srv.asmx/${operation}`,
      query,
      params: { operation },
      headers: {},
      httpVersion: '1.1',
      origin: 'http://ir.example.org',
      remote: '127.0.0.1',
      gone: new AbortController().signal,
      finishSoon: new AbortController().signal,
      length: 0,
      body: unserved,
      inform: () => undefined,
      trailers: () => ({}),
    };
    const { body } = await route.handle(exchange);
    const found = [...String(body).matchAll(/ ([\w]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]);
    return Object.fromEntries(found) as Record<string, string>;
  };
};

const contentOf = async (host: Host): Promise<string[]> => {
  const files = await host.ledger.read((facts) => host.catalog.recent(facts));
  const contents: string[] = [];
  for (const { versions } of files)
    for (const { object, size } of versions) {
      const pieces: Uint8Array[] = [];
      for await (const piece of host.engine.readObject(object, { start: 0, end: size })) pieces.push(piece);
      contents.push(Buffer.concat(pieces).toString());
    }
  return contents;
};

/** The client goes on from where it was told, until all is done or the server dies. */
const drive = async (host: Host, told: Told, isOver: () => boolean): Promise<void> => {
  const call = caller(host);
  const sure = (answer: Record<string, string>): Record<string, string> | undefined => (isOver() ? undefined : answer);
  if (told.handler === '') {
    const answer = sure(
      await call('CreateUploadHandler', { AuthenticationTicket: told.ticket, PreferedChunkSize: '0' }),
    );
    if (!answer) return;
    told.handler = answer.UploadHandler ?? '';
  }
  while (told.chunks < chunks.length) {
    const chunk = Buffer.from(chunks[told.chunks] ?? '');
    told.unknown = true;
    const answer = sure(
      await call('UploadFileChunk', {
        AuthenticationTicket: told.ticket,
        UploadHandler: told.handler,
        FileChunk: chunk.toString('base64'),
        ChunkHEXCRC: crcOf(chunk),
        LastChunk: String(told.chunks === chunks.length - 1),
      }),
    );
    if (!answer) return;
    expect(answer).toMatchObject({ success: 'true', tryagain: 'false' });
    told.unknown = false;
    told.checksum = answer.filehexcrc ?? '';
    told.chunks += 1;
  }
  if (told.committed) return;
  const parameters = { AuthenticationTicket: told.ticket, Path: path, UploadHandler: told.handler };
  const answer = sure(await call('UploadDocumentWithHandler', parameters));
  if (!answer) return;
  // Made by a commit whose answer was lost.
  if (answer.success === 'false') expect(await contentOf(host)).toEqual([chunks.join('')]);
  else expect(answer).toMatchObject({ success: 'true', VersionId: '1000000' });
  told.committed = true;
};

/** What was told is there, and of what was not told nothing but all of the chunk that was under way. */
const check = async (host: Host, told: Told): Promise<void> => {
  const contents = await contentOf(host);
  if (told.committed) return expect(contents).toEqual([chunks.join('')]);
  const upload = told.handler === '' ? undefined : await host.engine.find(told.handler.replaceAll('-', ''));
  if (told.handler !== '') expect(upload).toBeDefined();
  if (!upload) return;
  const sent = (count: number) => chunks.slice(0, count).join('').length;
  const appended = told.unknown && upload.received === sent(told.chunks + 1);
  expect(upload.received).toBe(sent(told.chunks + (appended ? 1 : 0)));
  // A chunk whose answer was lost cannot be told from one that was not appended, but for the last, which may be repeated.
  if (appended && told.chunks < chunks.length - 1) {
    told.chunks += 1;
    told.unknown = false;
  }
};

const begin = async (): Promise<{ world: World; told: Told }> => {
  const world: World = {
    store: await openMemoryStore(),
    ledger: await openMemoryLedger(),
    ids: countingIds(),
    lives: 0,
  };
  const host = hostOver(world, world.store, world.ledger);
  await host.accounts.add({ name: 'alice', password: 'secret' });
  const { ticket = '' } = await caller(host)('AuthenticateUser', { UID: 'alice', PWD: 'secret' });
  await host.close();
  return { world, told: { ticket, handler: '', chunks: 0, unknown: false, checksum: '', committed: false } };
};

const live = async (world: World, told: Told, fate: Fate | null): Promise<number> => {
  const life = mortal(world.store, world.ledger, fate);
  const host = hostOver(world, life.store, life.ledger);
  await drive(host, told, life.isOver).catch((error: unknown) => {
    if (!life.isOver()) throw error;
  });
  await host.close().catch(() => undefined);
  return life.calls();
};

const checked = async (world: World, told: Told): Promise<void> => {
  const host = hostOver(world, world.store, world.ledger);
  await check(host, told);
  await host.close();
};

describe('a server that dies at any call of its store or ledger', () => {
  test('has what it said yes to, and makes one document of it', async () => {
    const unharmed = await begin();
    const calls = await live(unharmed.world, unharmed.told, null);
    expect(calls).toBeGreaterThan(40);
    for (let call = 1; call <= calls; call += 1)
      for (const when of ['before', 'after'] as const) {
        const { world, told } = await begin();
        await live(world, told, { call, when });
        await checked(world, told);
        await live(world, told, null);
        await checked(world, told);
        expect(told).toMatchObject({ committed: true, checksum: crcOf(Buffer.from(chunks.join(''))) });
      }
  });
});
