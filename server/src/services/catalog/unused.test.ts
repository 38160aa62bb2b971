import { beforeEach, expect, test } from 'vitest';
import { createEngine } from '../../engine/engine.js';
import type { Ledger, Store } from '../../engine/ports.js';
import { usageOf } from '../../engine/usage.js';
import type { Engine } from '../../engine/verbs.js';
import { manualClock } from '../../kit/clock.js';
import { countingIds } from '../../kit/ids.js';
import { openMemoryLedger } from '../../ledgers/memory/ledger.js';
import { openMemoryStore } from '../../stores/memory/store.js';
import { check } from '../fsck/check.js';
import type { Catalog } from './catalog.js';
import { openCatalog } from './open.js';
import { unusedSweep } from './sweep.js';
import { freeUnused } from './unused.js';

const clock = manualClock();
const never = new AbortController().signal;
let ledger: Ledger;
let store: Store;
let engine: Engine;
let catalog: Catalog;
let folder: number;

beforeEach(async () => {
  ledger = await openMemoryLedger();
  store = await openMemoryStore({ limit: 0 }, clock);
  engine = createEngine({ store, ledger, clock, ids: countingIds(), presence: { self: 1, isGone: () => false } });
  catalog = openCatalog({ clock });
  folder = (await ledger.transact((facts) => catalog.root(facts, 'x'))).id;
});

/** An upload of 4 bytes of Ann's that became a file; says which. */
const upload = async (name: string): Promise<number> => {
  const { id } = await engine.open({ dialect: 'x', owner: 'ann', size: 4 });
  const body = (async function* () {
    yield Buffer.from('data');
  })();
  const staged = await engine.stage(body, { upload: id, offset: 0, keep: 'whole' });
  const record = async (facts: Parameters<Catalog['addFile']>[0]) => {
    const version = { object: id, size: 4, digests: { crc32: 'adf3f363' }, by: 'ann', upload: id };
    const spec = { folder, name, owner: 'ann', dialect: 'x', version, onTaken: 'refuse' } as const;
    return (await catalog.addFile(facts, spec)).id;
  };
  const { upload } = await engine.accept(staged, { finish: { record } });
  return Number(upload.result);
};

const held = () => ledger.read(async (facts) => (await usageOf(facts, 'ann')).held);
const stored = async () => {
  const names: string[] = [];
  for await (const { name } of store.list()) names.push(name);
  return names;
};
const remove = (id: number) => ledger.transact((facts) => catalog.removeFile(facts, id));
const healthy = async () => {
  const found: unknown[] = [];
  await check({ ledger, store, catalog, clock }, { all: true, digests: true }, (finding) => found.push(finding));
  expect(found).toEqual([]);
};

test('freeing removes bytes, gives their room back and can be done again', async () => {
  const id = await upload('a');
  await upload('b');
  const unused = await remove(id);
  expect(unused).toHaveLength(1);
  expect([await held(), (await stored()).length]).toEqual([8, 2]);
  for (let time = 0; time < 2; time += 1) {
    await freeUnused({ engine, ledger, catalog }, unused);
    expect([await held(), (await stored()).length]).toEqual([4, 1]);
    expect(await ledger.read((facts) => catalog.unused(facts))).toEqual([]);
  }
  await healthy();
});

test('a copy keeps the bytes, counted once, until both are gone', async () => {
  const id = await upload('a');
  const copy = await ledger.transact(async (facts) => {
    const { owner, dialect, versions } = await catalog.file(facts, id);
    return catalog.addFile(facts, { folder, name: 'copy', owner, dialect, version: versions[0], onTaken: 'refuse' });
  });
  expect(await held()).toBe(4);
  await freeUnused({ engine, ledger, catalog }, await remove(id));
  expect([await held(), (await stored()).length]).toEqual([4, 1]);
  await healthy();
  await freeUnused({ engine, ledger, catalog }, await remove(copy.id));
  expect([await held(), (await stored()).length]).toEqual([0, 0]);
  await healthy();
});

test('what a dying process left behind is swept, wherever it died', async () => {
  const sweep = unusedSweep({ engine, ledger, catalog });
  const before = await upload('dies before the bytes');
  const within = await upload('dies when the facts are gone, and the bytes are not');
  const after = await upload('dies with everything done but one note');
  for (const id of [before, within, after]) await remove(id);
  const [, second = '', third = ''] = await ledger.read((facts) => catalog.unused(facts));
  const place = { kind: 'object', name: second } as const;
  const failing = { ...store, remove: async () => Promise.reject(new Error('dead')) };
  const dying = createEngine({
    store: failing,
    ledger,
    clock,
    ids: countingIds(),
    presence: { self: 2, isGone: () => false },
  });
  await expect(dying.forget(second, { withBytes: true })).rejects.toThrow('dead');
  expect(await store.size(place)).toBe(4);
  await engine.forget(third, { withBytes: true });
  expect(await sweep.run(never)).toBe(false);
  expect([await held(), await stored()]).toEqual([0, []]);
  expect(await ledger.read((facts) => catalog.unused(facts))).toEqual([]);
  await healthy();
});
