import { expect, test } from 'vitest';
import type { FactReader, Facts } from '../../engine/ports.js';
import { manualClock } from '../../kit/clock.js';
import { openMemoryLedger } from '../../ledgers/memory/ledger.js';
import type { NewFile, NewVersion } from './catalog.js';
import { openCatalog } from './open.js';
import { readVersion } from './read.js';

const start = Date.UTC(2026, 0, 1);

const world = async () => {
  const ledger = await openMemoryLedger();
  const clock = manualClock(start);
  const catalog = openCatalog({ clock });
  const write = <T>(work: (facts: Facts) => Promise<T>) => ledger.transact(work);
  const read = <T>(work: (facts: FactReader) => Promise<T>) => ledger.read(work);
  const root = await write((facts) => catalog.root(facts, 'tus'));
  const add = (name: string, more: Partial<NewFile> = {}) =>
    write((facts) => catalog.addFile(facts, { ...fileSpec(root.id, name), ...more }));
  return { ledger, clock, catalog, write, read, root, add };
};

const version = (object: string, digests = {}): NewVersion => ({
  object,
  size: 5,
  digests: { crc32: '3610a686', ...digests },
  by: 'jo',
  upload: `u-${object}`,
});

const fileSpec = (folder: number, name: string): NewFile => ({
  folder,
  name,
  owner: 'jo',
  dialect: 'tus',
  version: version(`o-${name.length}`),
  onTaken: 'refuse',
});

test('a root is made once, and roots do not mix', async () => {
  const { catalog, write, read, root } = await world();
  expect(await write((facts) => catalog.root(facts, 'TUS'))).toEqual(root);
  expect(await read((facts) => catalog.findRoot(facts, 'tus'))).toEqual(root);
  expect(await read((facts) => catalog.findRoot(facts, 's3'))).toBeUndefined();
  const other = await write((facts) => catalog.root(facts, 's3'));
  await write((facts) => catalog.ensureFolder(facts, other.id, ['a']));
  expect(await read((facts) => catalog.findFolder(facts, root.id, ['a']))).toBeUndefined();
});

test('folders are made as far as they are missing and keep their first spelling', async () => {
  const { catalog, write, read, root } = await world();
  const deep = await write((facts) => catalog.ensureFolder(facts, root.id, ['Shared', 'Incoming', 'Größe']));
  const again = await write((facts) => catalog.ensureFolder(facts, root.id, ['shared', 'INCOMING', 'GRÖSSE', 'x']));
  expect(await read((facts) => catalog.pathOf(facts, deep.id))).toEqual(['Shared', 'Incoming', 'Größe']);
  expect(await read((facts) => catalog.pathOf(facts, again.id))).toEqual(['Shared', 'Incoming', 'GRÖSSE', 'x']);
  const same = await write((facts) => catalog.ensureFolder(facts, root.id, ['shared', 'INCOMING', 'GRÖßE']));
  expect(same).toEqual(deep);
  expect(await read((facts) => catalog.findFolder(facts, root.id, ['SHARED']))).toMatchObject({ name: 'Shared' });
  expect(await read((facts) => catalog.pathOf(facts, root.id))).toEqual([]);
  expect(await read((facts) => catalog.findFolder(facts, root.id, []))).toEqual(root);
  const tops = await read((facts) => catalog.folders(facts, root.id));
  expect(tops.map(({ name }) => name)).toEqual(['Shared']);
});

test('composed and decomposed spellings are one name', async () => {
  const { read, catalog, root, add } = await world();
  await add('é.txt'.normalize('NFC'));
  expect(await read((facts) => catalog.findByName(facts, root.id, 'É.TXT'.normalize('NFD')))).toHaveLength(1);
});

test.each(['', '.', '..', 'a/b', 'a\0b', 'a\nb', 'a\x7f', '\ud800', 'x'.repeat(256), 'ü'.repeat(128)])(
  'the name %j is refused',
  async (name) => {
    const { catalog, write, read, root, add } = await world();
    const malformed = { kind: 'malformed' };
    await expect(add(name)).rejects.toMatchObject(malformed);
    await expect(write((facts) => catalog.ensureFolder(facts, root.id, ['ok', name]))).rejects.toMatchObject(malformed);
    await expect(write((facts) => catalog.root(facts, name))).rejects.toMatchObject(malformed);
    const { id } = await add('null');
    await expect(write((facts) => catalog.amendFile(facts, id, { name }))).rejects.toMatchObject(malformed);
    expect(await read((facts) => catalog.findByName(facts, root.id, name))).toEqual([]);
    expect(await read((facts) => catalog.findFolder(facts, root.id, [name]))).toBeUndefined();
  },
);

test.each(['...', ' ', 'a\\b', '日本語.pdf', '%2F', 'null', 'x'.repeat(255), '~', 'a:b'])(
  'the name %j is fine',
  async (name) => {
    const { catalog, read, root, add } = await world();
    await add(name);
    expect((await read((facts) => catalog.findByName(facts, root.id, name))).map((file) => file.name)).toEqual([name]);
  },
);

test('folders cannot lie in each other without end', async () => {
  const { catalog, write, root } = await world();
  const names = Array.from({ length: 60 }, () => 'a');
  const deep = await write((facts) => catalog.ensureFolder(facts, root.id, names));
  const refused = write((facts) => catalog.ensureFolder(facts, deep.id, names));
  await expect(refused).rejects.toMatchObject({ kind: 'malformed' });
});

test('a new file is what was said about it', async () => {
  const { add, root } = await world();
  expect(await add('Cat.PNG', { metadata: { a: [1] } })).toEqual({
    id: root.id + 1,
    folder: root.id,
    name: 'Cat.PNG',
    type: 'image/png',
    owner: 'jo',
    dialect: 'tus',
    createdAt: start,
    modifiedAt: start,
    versions: [{ ...version('o-7'), number: 1, createdAt: start }],
    metadata: { a: [1] },
  });
});

test.each([
  ['cat.png', 'image/x-cat', 'image/x-cat'],
  ['cat.png', 'application/octet-stream', 'image/png'],
  ['cat.png', 'no type\r\nat all', 'image/png'],
  ['cat', undefined, 'application/octet-stream'],
  ['a.constructor', undefined, 'application/octet-stream'],
  ['a.txt', 'text/plain; charset=utf-8', 'text/plain; charset=utf-8'],
])('the type of %s said to be %s is %s', async (name, type, expected) => {
  const { add } = await world();
  expect((await add(name, type === undefined ? {} : { type })).type).toBe(expected);
});

test('a taken name is refused, versioned, kept twice or numbered', async () => {
  const { catalog, read, root, add, clock } = await world();
  const first = await add('Report.tar.gz');
  await expect(add('report.TAR.gz')).rejects.toMatchObject({ kind: 'name-taken', facts: { name: 'report.TAR.gz' } });
  clock.advance(1000);
  const second = await add('REPORT.tar.gz', { onTaken: 'version', version: version('b'), metadata: 'new' });
  expect(second).toMatchObject({ id: first.id, name: 'Report.tar.gz', metadata: 'new', modifiedAt: start + 1000 });
  expect(second.versions.map(({ number, object }) => [number, object])).toEqual([
    [1, 'o-13'],
    [2, 'b'],
  ]);
  const twin = await add('report.tar.gz', { onTaken: 'twin' });
  const twins = await read((facts) => catalog.findByName(facts, root.id, 'report.tar.gz'));
  expect(twins.map(({ id }) => id)).toEqual([first.id, twin.id]);
  expect((await add('report.tar.gz', { onTaken: 'version' })).id).toBe(twin.id);
  expect((await add('report.tar.gz', { onTaken: 'rename' })).name).toBe('report.tar (2).gz');
  expect((await add('report.tar.gz', { onTaken: 'rename' })).name).toBe('report.tar (3).gz');
  expect((await add('other', { onTaken: 'rename' })).name).toBe('other');
  expect((await add('other', { onTaken: 'rename' })).name).toBe('other (2)');
});

test('a numbered name is never too long', async () => {
  const { add } = await world();
  for (const name of [`${'ü'.repeat(125)}.pdf`, `a.${'x'.repeat(253)}`, 'x'.repeat(255)]) {
    await add(name);
    for (const number of [2, 3]) {
      const renamed = (await add(name, { onTaken: 'rename' })).name;
      expect(renamed).toContain(`(${number})`);
      expect(Buffer.byteLength(renamed)).toBeLessThanOrEqual(255);
    }
  }
});

test('a version may rename and move its file', async () => {
  const { catalog, write, read, root, add } = await world();
  const file = await add('a.txt');
  await add('b.txt');
  const folder = await write((facts) => catalog.ensureFolder(facts, root.id, ['in']));
  const taken = write((facts) => catalog.addVersion(facts, file.id, version('v2'), { name: 'B.txt' }));
  await expect(taken).rejects.toMatchObject({ kind: 'name-taken' });
  const change = { name: 'B.jpg', folder: folder.id, metadata: 7 };
  const moved = await write((facts) => catalog.addVersion(facts, file.id, version('v2'), change));
  expect(moved).toMatchObject({ id: file.id, name: 'B.jpg', folder: folder.id, metadata: 7 });
  expect(await read((facts) => catalog.findByName(facts, root.id, 'a.txt'))).toEqual([]);
  expect(await read((facts) => catalog.findByName(facts, folder.id, 'b.jpg'))).toEqual([moved]);
  const back = { name: 'b.txt', folder: root.id, onTaken: 'twin' } as const;
  await write((facts) => catalog.amendFile(facts, file.id, back));
  expect(await read((facts) => catalog.findByName(facts, root.id, 'b.txt'))).toHaveLength(2);
  const recased = await write((facts) => catalog.amendFile(facts, file.id, { name: 'B.TXT' }));
  expect(recased.name).toBe('B.TXT');
  const nowhere = write((facts) => catalog.amendFile(facts, file.id, { folder: 999 }));
  await expect(nowhere).rejects.toMatchObject({ kind: 'no-such-file', facts: { id: '999' } });
});

test.each([0, -1, 1.5, 999, Number.NaN, 2 ** 60])('there is no file or folder %d', async (id) => {
  const { catalog, write, read, add } = await world();
  const none = { kind: 'no-such-file' };
  expect(await read((facts) => catalog.findFile(facts, id))).toBeUndefined();
  await expect(read((facts) => catalog.file(facts, id))).rejects.toMatchObject(none);
  await expect(write((facts) => catalog.addVersion(facts, id, version('v')))).rejects.toMatchObject(none);
  await expect(write((facts) => catalog.removeFile(facts, id))).rejects.toMatchObject(none);
  await expect(read((facts) => catalog.pathOf(facts, id))).rejects.toMatchObject(none);
  await expect(write((facts) => catalog.ensureFolder(facts, id, ['a']))).rejects.toMatchObject(none);
  await expect(add('a', { folder: id })).rejects.toMatchObject(none);
  expect(await read((facts) => catalog.files(facts, id))).toEqual([]);
});

test('removing says which objects nobody refers to any more', async () => {
  const { catalog, write, read, add } = await world();
  const a = await add('a', { version: version('shared') });
  await write((facts) => catalog.addVersion(facts, a.id, version('own')));
  await write((facts) => catalog.addVersion(facts, a.id, version('own')));
  const b = await add('b', { version: version('shared') });
  expect(await write((facts) => catalog.removeFile(facts, a.id))).toEqual(['own']);
  expect(await write((facts) => catalog.removeFile(facts, b.id))).toEqual(['shared']);
  expect(await read((facts) => catalog.recent(facts))).toEqual([]);
});

test('a folder is removed when it is empty', async () => {
  const { catalog, write, read, root } = await world();
  const outer = await write((facts) => catalog.ensureFolder(facts, root.id, ['o']));
  const inner = await write((facts) => catalog.ensureFolder(facts, outer.id, ['i']));
  const remove = (id: number) => write((facts) => catalog.removeFolder(facts, id));
  await expect(remove(outer.id)).rejects.toMatchObject({ kind: 'malformed' });
  const file = await write((facts) => catalog.addFile(facts, fileSpec(inner.id, 'f')));
  await expect(remove(inner.id)).rejects.toMatchObject({ kind: 'malformed' });
  await write((facts) => catalog.removeFile(facts, file.id));
  await remove(inner.id);
  await remove(outer.id);
  expect(await read((facts) => catalog.folders(facts, root.id))).toEqual([]);
});

test('lists come in pages that do not part twins', async () => {
  const { catalog, read, root, add } = await world();
  for (const name of ['c', 'a', 'B', 'b', 'b', 'd']) await add(name, { onTaken: 'twin' });
  const names = async (query: { after?: string; limit?: number }) =>
    (await read((facts) => catalog.files(facts, root.id, query))).map(({ name }) => name);
  expect(await names({})).toEqual(['a', 'B', 'b', 'b', 'c', 'd']);
  expect(await names({ limit: 2 })).toEqual(['a', 'B', 'b', 'b']);
  expect(await names({ limit: 1, after: 'A' })).toEqual(['B', 'b', 'b']);
  expect(await names({ limit: 2, after: 'b' })).toEqual(['c', 'd']);
  expect(await names({ after: 'bb' })).toEqual(['c', 'd']);
  expect(await names({ after: '', limit: 1 })).toEqual(['a']);
  expect(await names({ after: 'd' })).toEqual([]);
});

test('recent files, the newest first, of everybody or of one owner', async () => {
  const { catalog, read, add } = await world();
  const a = await add('a');
  const b = await add('b', { owner: 'al@example.com' });
  const c = await add('c');
  const ids = async (query: { before?: number; limit?: number; owner?: string }) =>
    (await read((facts) => catalog.recent(facts, query))).map(({ id }) => id);
  expect(await ids({})).toEqual([c.id, b.id, a.id]);
  expect(await ids({ limit: 2 })).toEqual([c.id, b.id]);
  expect(await ids({ before: b.id })).toEqual([a.id]);
  expect(await ids({ owner: 'jo' })).toEqual([c.id, a.id]);
  expect(await ids({ owner: 'jo', before: c.id, limit: 5 })).toEqual([a.id]);
  expect(await ids({ owner: 'j' })).toEqual([]);
});

test('a version is read whole or in part', async () => {
  const bytes = Buffer.from('hello');
  const engine = {
    readObject: async function* (object: string, { start, end }: { start: number; end: number }) {
      expect([object, start < end]).toEqual(['o', true]);
      yield bytes.subarray(start, end);
    },
  };
  const text = async (size: number, range?: { start: number; end: number }) => {
    const parts: Uint8Array[] = [];
    for await (const part of readVersion(engine, { object: 'o', size }, range)) parts.push(part);
    return Buffer.concat(parts).toString();
  };
  expect(await text(5)).toBe('hello');
  expect(await text(5, { start: 1, end: 3 })).toBe('el');
  expect(await text(5, { start: 4, end: 99 })).toBe('o');
  expect(await text(0)).toBe('');
  for (const [start, end] of [
    [5, 6],
    [2, 2],
    [-1, 2],
  ] as const)
    await expect(text(5, { start, end })).rejects.toMatchObject({ kind: 'not-satisfiable', facts: { size: 5 } });
  await expect(text(0, { start: 0, end: 1 })).rejects.toMatchObject({ kind: 'not-satisfiable' });
});

test('an id can be reserved for a file that comes later', async () => {
  const { catalog, write, add } = await world();
  const id = await write((facts) => catalog.reserveId(facts));
  const other = await add('other.txt');
  expect(other.id).toBe(id + 1);
  expect(await add('mine.txt', { id })).toMatchObject({ id, name: 'mine.txt' });
  for (const wrong of [id, other.id, id + 2, 0, -1, 1.5])
    await expect(add('again.txt', { id: wrong })).rejects.toMatchObject({ kind: 'malformed' });
  await write((facts) => catalog.removeFile(facts, id));
  expect(await add('mine.txt', { id })).toMatchObject({ id });
});
