import { expect, test } from 'vitest';
import type { FactReader, Facts } from '../../engine/ports.js';
import { manualClock } from '../../kit/clock.js';
import { openMemoryLedger } from '../../ledgers/memory/ledger.js';
import { openCatalog } from './open.js';

const world = async () => {
  const ledger = await openMemoryLedger();
  const catalog = openCatalog({ clock: manualClock() });
  const write = <T>(work: (facts: Facts) => Promise<T>) => ledger.transact(work);
  const read = <T>(work: (facts: FactReader) => Promise<T>) => ledger.read(work);
  const root = await write((facts) => catalog.root(facts, 'lib'));
  const make = (...names: string[]) => write((facts) => catalog.ensureFolder(facts, root.id, names));
  const addFile = (folder: number, name: string, object: string) =>
    write((facts) =>
      catalog.addFile(facts, {
        folder,
        name,
        owner: 'jo',
        dialect: 'x',
        version: { object, size: 1, digests: { crc32: '00000000' }, by: 'jo', upload: object },
        onTaken: 'refuse',
      }),
    );
  const path = (id: number) => read((facts) => catalog.pathOf(facts, id));
  return { catalog, write, read, root, make, addFile, path };
};

const malformed = { kind: 'malformed' };
const taken = { kind: 'name-taken' };

test('a folder is added once, with what the dialect keeps', async () => {
  const { catalog, write, read, root } = await world();
  const add = (name: string) =>
    write((facts) => catalog.addFolder(facts, { parent: root.id, name, metadata: { d: 1 } }));
  const folder = await add('Reports');
  expect(await read((facts) => catalog.folder(facts, folder.id))).toMatchObject({
    name: 'Reports',
    metadata: { d: 1 },
  });
  expect(await read((facts) => catalog.findFolder(facts, root.id, ['REPORTS']))).toEqual(folder);
  await expect(add('reports')).rejects.toMatchObject(taken);
  await expect(add('a/b')).rejects.toMatchObject(malformed);
  const nowhere = write((facts) => catalog.addFolder(facts, { parent: 999, name: 'a' }));
  await expect(nowhere).rejects.toMatchObject({ kind: 'no-such-file' });
});

test('a folder is renamed and moved with everything in it', async () => {
  const { catalog, write, read, root, make, addFile, path } = await world();
  const inner = await make('a', 'b', 'c');
  const b = await make('a', 'b');
  const to = await make('to');
  const file = await addFile(inner.id, 'f', 'o');
  const moved = await write((facts) => catalog.amendFolder(facts, b.id, { parent: to.id, name: 'B2', metadata: 7 }));
  expect(moved).toMatchObject({ id: b.id, parent: to.id, name: 'B2', metadata: 7, createdAt: b.createdAt });
  expect(await path(inner.id)).toEqual(['to', 'B2', 'c']);
  expect(await read((facts) => catalog.findFolder(facts, root.id, ['a', 'b']))).toBeUndefined();
  const found = await read((facts) => catalog.findFolder(facts, root.id, ['to', 'b2', 'c']));
  expect(found).toEqual(inner);
  expect(await read((facts) => catalog.files(facts, inner.id))).toEqual([file]);
  const recased = await write((facts) => catalog.amendFolder(facts, b.id, { name: 'b2' }));
  expect(recased).toMatchObject({ name: 'b2', metadata: 7 });
  expect(await read((facts) => catalog.folders(facts, to.id))).toEqual([recased]);
});

test('a folder is not moved into itself, too deep, out of the tree, or to where its name is taken', async () => {
  const { catalog, write, root, make, path } = await world();
  const amend = (id: number, change: { parent?: number; name?: string }) =>
    write((facts) => catalog.amendFolder(facts, id, change));
  const a = await make('a');
  const c = await make('a', 'b', 'c');
  await make('d', 'C');
  const d = await make('d');
  await expect(amend(a.id, { parent: c.id })).rejects.toMatchObject(malformed);
  await expect(amend(a.id, { parent: a.id })).rejects.toMatchObject(malformed);
  await expect(amend(c.id, { parent: d.id })).rejects.toMatchObject(taken);
  await expect(amend(d.id, { name: 'A' })).rejects.toMatchObject(taken);
  await expect(amend(d.id, { name: '..' })).rejects.toMatchObject(malformed);
  await expect(amend(root.id, { name: 'other' })).rejects.toMatchObject(malformed);
  await expect(amend(c.id, { parent: 0 })).rejects.toMatchObject({ kind: 'no-such-file' });
  const deep = await make(...Array.from({ length: 98 }, () => 'x'));
  await expect(amend(a.id, { parent: deep.id })).rejects.toMatchObject(malformed);
  expect(await path(c.id)).toEqual(['a', 'b', 'c']);
  await amend(c.id, { parent: deep.id });
  expect(await path(c.id)).toHaveLength(99);
});

test('a tree is removed with everything in it, and what is used elsewhere stays', async () => {
  const { catalog, write, read, root, make, addFile } = await world();
  const a = await make('a');
  const inner = await make('a', 'b', 'c');
  const other = await make('other');
  await addFile(a.id, 'one', 'o1');
  await addFile(inner.id, 'two', 'o2');
  await addFile(inner.id, 'shared', 'o3');
  await addFile(other.id, 'shared', 'o3');
  const unused = await write((facts) => catalog.removeTree(facts, a.id));
  expect(unused.toSorted()).toEqual(['o1', 'o2']);
  expect(await read((facts) => catalog.unused(facts))).toEqual(['o1', 'o2']);
  expect(await read((facts) => catalog.findFolder(facts, root.id, ['a']))).toBeUndefined();
  expect((await read((facts) => catalog.recent(facts))).map(({ name }) => name)).toEqual(['shared']);
  await expect(write((facts) => catalog.removeTree(facts, a.id))).rejects.toMatchObject({ kind: 'no-such-file' });
});

test('a version is removed alone; the others keep their numbers', async () => {
  const { catalog, write, root, addFile, read } = await world();
  const file = await addFile(root.id, 'f', 'o1');
  const version = (object: string) => ({
    object,
    size: 1,
    digests: { crc32: '00000000', sha1: `a${object}` },
    by: 'jo',
    upload: object,
  });
  for (const object of ['o2', 'o3']) await write((facts) => catalog.addVersion(facts, file.id, version(object)));
  const remove = (number: number) => write((facts) => catalog.removeVersion(facts, file.id, number));
  const { file: left, unused } = await remove(2);
  expect(left.versions.map(({ number, object }) => [number, object])).toEqual([
    [1, 'o1'],
    [3, 'o3'],
  ]);
  expect(unused).toEqual(['o2']);
  await expect(remove(2)).rejects.toMatchObject({ kind: 'no-such-file' });
  await remove(1);
  await expect(remove(3)).rejects.toMatchObject(malformed);
  const next = await write((facts) => catalog.addVersion(facts, file.id, version('o3')));
  expect(next.versions.map(({ number }) => number)).toEqual([3, 4]);
  // Two versions refer to it; one of them is not the last.
  expect((await remove(3)).unused).toEqual([]);
  expect(await read((facts) => catalog.unused(facts))).toEqual(['o1', 'o2']);
});

test('what is referred to again in the same step is not unused', async () => {
  const { catalog, write, read, root, addFile } = await world();
  const file = await addFile(root.id, 'f', 'o1');
  await write(async (facts) => {
    await catalog.removeFile(facts, file.id);
    const { folder, name, owner, dialect, versions } = file;
    const [version] = versions;
    await catalog.addFile(facts, { folder, name, owner, dialect, version, onTaken: 'refuse' });
  });
  expect(await read((facts) => catalog.unused(facts))).toEqual([]);
});
