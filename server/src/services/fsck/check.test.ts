import { beforeEach, expect, test } from 'vitest';
import { createEngine } from '../../engine/engine.js';
import type { Ledger, Place, Store } from '../../engine/ports.js';
import { objectShelf, uploadShelf } from '../../engine/records.js';
import { usages } from '../../engine/usage.js';
import type { Engine } from '../../engine/verbs.js';
import { type ManualClock, manualClock } from '../../kit/clock.js';
import { countingIds } from '../../kit/ids.js';
import { silentLog } from '../../kit/log.js';
import { openMemoryLedger } from '../../ledgers/memory/ledger.js';
import { openMemoryStore } from '../../stores/memory/store.js';
import type { Catalog } from '../catalog/catalog.js';
import { openCatalog } from '../catalog/open.js';
import { type CheckSpec, check } from './check.js';
import type { Finding } from './findings.js';
import { orphanSweep } from './sweep.js';

const hour = 60 * 60 * 1000;

let clock: ManualClock;
let ledger: Ledger;
let store: Store;
let engine: Engine;
let catalog: Catalog;

beforeEach(async () => {
  clock = manualClock();
  ledger = await openMemoryLedger();
  store = await openMemoryStore({ limit: 0 }, clock);
  catalog = openCatalog({ clock });
  const presence = { self: 1, isGone: () => false };
  engine = createEngine({ store, ledger, clock, ids: countingIds(), presence });
});

async function* once(bytes: Uint8Array) {
  yield bytes;
}

const put = async (id: string, offset: number, text: string): Promise<void> => {
  const staged = await engine.stage(once(Buffer.from(text)), { upload: id, offset, keep: 'whole' });
  await engine.accept(staged);
};

const open = async (): Promise<string> => (await engine.open({ dialect: 'tus', owner: 'ann', size: 10 })).id;

/** An upload that became a file of `0123456789`. */
const finished = async (): Promise<string> => {
  const id = await open();
  await put(id, 0, '0123456789');
  await engine.finish(id);
  return id;
};

const findings = async (spec: CheckSpec = {}): Promise<Finding[]> => {
  const found: Finding[] = [];
  const { findings: count } = await check({ ledger, store, catalog, clock }, spec, (finding) => found.push(finding));
  expect(count).toBe(found.length);
  return found;
};

const kinds = async (spec: CheckSpec = {}): Promise<string[]> =>
  (await findings(spec)).map(({ kind, subject, repaired }) => `${kind} ${subject}${repaired ? ' repaired' : ''}`);

const lies = async (place: Place): Promise<boolean> => (await store.size(place)) !== null;

test('nothing is found where all is well: open, sparse, finished, cancelled and corrupt uploads', async () => {
  expect(await findings({ all: true, digests: true })).toEqual([]);
  const sparse = await open();
  await put(sparse, 6, 'abc');
  await open();
  await finished();
  await engine.cancel(await open());
  const corrupt = await open();
  await put(corrupt, 0, '0123456789');
  await expect(engine.finish(corrupt, { declared: { crc32: '00000000' } })).rejects.toThrow('digest-mismatch');
  const empty = await engine.open({ dialect: 'tus', owner: 'bob', size: 0 });
  await engine.finish(empty.id);
  expect(await findings({ all: true, digests: true })).toEqual([]);
});

test('bytes that are counted and gone are found, and cannot be repaired', async () => {
  const id = await open();
  await put(id, 4, 'abc');
  await store.remove({ kind: 'part', name: id });
  expect(await kinds({ all: true, repair: true })).toEqual([`bytes-missing ${id}`]);
  await store.write(id, 0, [Buffer.alloc(6)]);
  expect(await findings({ all: true })).toMatchObject([{ details: 'counted up to byte 7, there are 6' }]);
});

test('a publish that was not recorded is taken back', async () => {
  const id = await open();
  await put(id, 0, '0123456789');
  await store.publish(id, id, 10);
  expect(await kinds({ all: true })).toEqual([`publish-unrecorded ${id}`]);
  expect(await kinds({ all: true, repair: true })).toEqual([`publish-unrecorded ${id} repaired`]);
  expect(await findings({ all: true })).toEqual([]);
  await engine.finish(id);
  expect(await findings({ all: true, digests: true })).toEqual([]);
});

test('a finish whose publish was lost is published again', async () => {
  const id = await finished();
  await store.withdraw(id, id);
  expect(await kinds({ all: true, repair: true })).toEqual([`publish-undone ${id} repaired`]);
  expect(await findings({ all: true, digests: true })).toEqual([]);
});

test('a file that is gone, cut or changed is found', async () => {
  const gone = await finished();
  await store.remove({ kind: 'object', name: gone });
  const cut = await finished();
  await store.withdraw(cut, cut);
  await store.publish(cut, cut, 9);
  const changed = await finished();
  await store.withdraw(changed, changed);
  await store.write(changed, 3, [Buffer.from('x')]);
  await store.publish(changed, changed, 10);
  expect(await kinds({ all: true })).toEqual([`object-missing ${gone}`, `object-size ${cut}`]);
  expect(await findings({ all: true, digests: true, repair: true })).toMatchObject([
    { kind: 'object-missing', repaired: false },
    { kind: 'object-size', details: 'recorded with 10 bytes, there are 9', repaired: false },
    // CRC-32 of 0123456789.
    { kind: 'object-digest', subject: changed, details: expect.stringContaining('a684c7c6'), repaired: false },
  ]);
});

test('bytes that nobody knows are removed once they are an hour old', async () => {
  await store.write('s-lost', 0, [Buffer.from('lost')]);
  await store.write('file', 0, [Buffer.from('lost')]);
  await store.publish('file', 'file', 4);
  expect(await findings({ repair: true })).toEqual([]);
  clock.advance(hour + 1);
  await store.write('s-young', 0, [Buffer.from('young')]);
  expect(await kinds()).toEqual(['orphan-part s-lost', 'orphan-object file']);
  expect(await kinds({ repair: true })).toEqual(['orphan-part s-lost repaired', 'orphan-object file repaired']);
  expect(await lies({ kind: 'part', name: 's-lost' })).toBe(false);
  expect(await lies({ kind: 'part', name: 's-young' })).toBe(true);
  expect(await kinds({ repair: true, all: true })).toEqual(['orphan-part s-young repaired']);
});

test('bytes left of an upload that has ended are nobody’s', async () => {
  const id = await open();
  await engine.cancel(id);
  await store.write(id, 0, [Buffer.from('late')]);
  expect(await kinds({ all: true, repair: true })).toEqual([`orphan-part ${id} repaired`]);
});

test('bytes of a removed file that a process died over are no orphans: they are remembered', async () => {
  await store.write('file', 0, [Buffer.from('gone')]);
  await store.publish('file', 'file', 4);
  await ledger.transact(async (facts) => {
    const root = await catalog.root(facts, 'tus');
    const version = { object: 'file', size: 4, digests: {}, by: 'ann', upload: 'file' };
    const spec = { folder: root.id, name: 'a.bin', owner: 'ann', dialect: 'tus', version, onTaken: 'refuse' } as const;
    expect(await catalog.removeFile(facts, (await catalog.addFile(facts, spec)).id)).toEqual(['file']);
  });
  expect(await kinds({ all: true })).toEqual([]);
  await ledger.transact(async (facts) => catalog.freed(facts, 'file'));
  expect(await kinds({ all: true })).toEqual(['orphan-object file']);
});

test('a file in the catalog without its bytes on record is found', async () => {
  const id = await finished();
  await ledger.transact(async (facts) => {
    const root = await catalog.root(facts, 'tus');
    const version = { object: id, size: 10, digests: {}, by: 'ann', upload: id };
    const file = { folder: root.id, name: 'a.bin', owner: 'ann', dialect: 'tus', onTaken: 'refuse' } as const;
    await catalog.addFile(facts, { ...file, version });
    await catalog.addFile(facts, { ...file, name: 'b.bin', version: { ...version, object: 'nowhere' } });
  });
  expect(await findings({ all: true })).toMatchObject([
    { kind: 'catalog-broken', details: 'version 1 of "b.bin" refers to nowhere', repaired: false },
  ]);
  // Should its bytes be there after all, they are not taken for an orphan.
  await store.write('nowhere', 0, [Buffer.from('0123456789')]);
  await store.publish('nowhere', 'nowhere', 10);
  expect(await kinds({ all: true, repair: true })).toEqual([expect.stringContaining('catalog-broken')]);
  expect(await lies({ kind: 'object', name: 'nowhere' })).toBe(true);
});

test('counts of use that are wrong are counted anew', async () => {
  await finished();
  const half = await open();
  await ledger.transact(async (facts) => {
    usages.put(facts, 'ann', { reserved: 1, held: 2 });
    usages.put(facts, 'nobody%40example.com', { reserved: 0, held: 5 });
  });
  expect(await kinds({ all: true, repair: true })).toEqual([
    'usage-differs ann repaired',
    'usage-differs nobody@example.com repaired',
  ]);
  expect(await findings({ all: true })).toEqual([]);
  expect(await ledger.read((facts) => usages.get(facts, 'ann'))).toEqual({ reserved: 10, held: 10 });
  await engine.cancel(half);
  expect(await findings({ all: true })).toEqual([]);
});

test('a finished upload whose object is not on record is found, and its bytes are kept', async () => {
  const id = await finished();
  await ledger.transact(async (facts) => objectShelf.delete(facts, id));
  expect(await kinds({ all: true })).toEqual([`object-unrecorded ${id}`, 'usage-differs ann']);
});

test('more uploads than are read at once are all looked at', async () => {
  const ids: string[] = [];
  for (let count = 0; count < 450; count += 1) ids.push(await open());
  const last = ids.at(-1) ?? '';
  await ledger.transact(async (facts) => {
    const record = await uploadShelf.get(facts, last);
    if (record) uploadShelf.put(facts, last, { ...record, received: 3, front: 3 });
  });
  expect(await kinds({ all: true })).toEqual([`bytes-missing ${last}`]);
});

test('the daily sweep removes parts that nobody knows, and leaves the rest', async () => {
  const id = await open();
  await put(id, 0, 'abc');
  await store.write('s-lost', 0, [Buffer.from('lost')]);
  await store.write('file', 0, [Buffer.from('file')]);
  await store.publish('file', 'file', 4);
  const sweep = orphanSweep({ ledger, store, clock, log: silentLog });
  const signal = new AbortController().signal;
  await sweep.run(signal);
  expect(await lies({ kind: 'part', name: 's-lost' })).toBe(true);
  clock.advance(25 * hour);
  await sweep.run(signal);
  expect(await lies({ kind: 'part', name: 's-lost' })).toBe(false);
  expect(await lies({ kind: 'part', name: id })).toBe(true);
  expect(await lies({ kind: 'object', name: 'file' })).toBe(true);
});
