import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { upload } from '../../../client/src/node.js';
import { atOnce } from '../../../client/src/testing/server.js';
import { usageOf } from '../../src/engine/usage.js';
import { type FaultProxy, faultProxy } from '../fault-proxy.js';
import { alice, eachWithServer, server } from './desktop.js';

eachWithServer();

let proxy: FaultProxy;
beforeEach(async () => {
  proxy = await faultProxy(server.port);
});
afterEach(() => proxy.close());

const bytes = randomBytes(1_000_000);
const file = () => new File([bytes], 'film.bin', { lastModified: 1 });
const options = () => ({
  url: proxy.url,
  user: 'alice',
  password: 'secret',
  chunkSize: 100_000,
  parallel: 3,
  retry: atOnce,
});

const stored = async (id: string | undefined) => {
  const link = await alice.ask('getDirectLink', await alice.ask('getFileDownloadLink', Number(id)));
  return Buffer.from(await (await fetch(link)).arrayBuffer());
};

test('a file goes up in parts, some of them at once, into a folder that is made for it', async () => {
  const { contentId, size } = await upload('4shared', file(), { ...options(), folder: 'Films/2026' }).done;
  expect(size).toBe(1_000_000);
  expect((await stored(contentId)).equals(bytes)).toBe(true);
  expect(await alice.names()).toEqual(['Films']);
  const again = await upload('4shared', file(), { ...options(), folder: '/films/2026/', fileName: 'b.bin' }).done;
  expect(Number(again.contentId)).toBeGreaterThan(Number(contentId));
  expect(await alice.names()).toEqual(['Films']);
});

test('several uploads at once make a folder once', async () => {
  const send = (fileName: string) => upload('4shared', file(), { ...options(), folder: 'Films/2026', fileName }).done;
  await Promise.all(['a.bin', 'b.bin', 'c.bin', 'd.bin'].map(send));
  expect(await alice.names()).toEqual(['Films']);
});

test('an empty file has no parts', async () => {
  const { contentId } = await upload('4shared', new File([], 'empty'), options()).done;
  expect((await stored(contentId)).length).toBe(0);
});

test('cut connections and lost answers are gone over', async () => {
  proxy.order({ kind: 'cut', after: 60_000 }, { kind: 'lose-answer', after: 100_000 }, { kind: 'cut', after: 50_000 });
  const { contentId } = await upload('4shared', file(), options()).done;
  expect(proxy.happened()).toBe(3);
  expect((await stored(contentId)).equals(bytes)).toBe(true);
  expect(await server.host.ledger.read((facts) => usageOf(facts, 'alice'))).toEqual({ reserved: 0, held: 1_000_000 });
});

test('another process goes on with the parts that are missing', async () => {
  let state: unknown;
  let tell = (): void => undefined;
  const confirmed = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const first = upload('4shared', file(), {
    ...options(),
    parallel: 1,
    onState: (latest) => {
      state = structuredClone(latest);
      if (!(latest as { confirmed?: unknown[] }).confirmed?.length) return;
      first.pause();
      tell();
    },
  });
  first.done.catch(() => undefined);
  await confirmed;
  const sent: number[] = [];
  const second = upload('4shared', file(), {
    ...options(),
    state,
    onProgress: ({ confirmed }) => sent.push(confirmed),
  });
  const { contentId } = await second.done;
  expect(sent[0]).toBe(100_000);
  expect((await stored(contentId)).equals(bytes)).toBe(true);
  expect(await alice.names()).toEqual(['film.bin']);
  // Once more: it is finished, which is all that there is to know.
  expect((await upload('4shared', file(), { ...options(), state }).done).contentId).toBe(contentId);
});

test('parts that the server lost are sent again', async () => {
  const id = await alice.start('film.bin', bytes.length);
  const state = {
    dialect: '4shared',
    endpoint: `${proxy.url}/jax3/DesktopApp`,
    source: { name: 'film.bin', size: bytes.length, lastModified: 1 },
    file: id,
    confirmed: [[0, 500_000]],
  };
  const { contentId } = await upload('4shared', file(), { ...options(), state }).done;
  expect(contentId).toBe(String(id));
  expect((await stored(contentId)).equals(bytes)).toBe(true);
});

test('a session key that has ended is replaced', async () => {
  let moved = false;
  const up = upload('4shared', file(), {
    ...options(),
    parallel: 1,
    onProgress: ({ confirmed }) => {
      if (confirmed === 0 || moved) return;
      moved = true;
      server.clock.advance(25 * 3600_000);
    },
  });
  expect((await stored((await up.done).contentId)).equals(bytes)).toBe(true);
});

test('what the server refuses is final, and cancelling gives the space back', async () => {
  await server.host.accounts.amend('alice', { quota: 500_000 });
  await expect(upload('4shared', file(), options()).done).rejects.toMatchObject({ kind: 'refused' });
  await expect(upload('4shared', file(), { ...options(), password: 'wrong' }).done).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('Wrong login or password'),
  });
  expect(() => upload('4shared', file(), { url: proxy.url, apiKey: 'key' })).toThrow(/user and a password/);

  await server.host.accounts.amend('alice', { quota: null });
  let begun = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const up = upload('4shared', file(), { ...options(), onState: () => begun() });
  up.done.catch(() => undefined);
  await started;
  await up.cancel();
  expect(await server.host.ledger.read((facts) => usageOf(facts, 'alice'))).toEqual({ reserved: 0, held: 0 });
});
