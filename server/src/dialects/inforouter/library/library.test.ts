import { expect, test } from 'vitest';
import type { FactReader, Facts } from '../../../engine/ports.js';
import { manualClock } from '../../../kit/clock.js';
import { openMemoryLedger } from '../../../ledgers/memory/ledger.js';
import type { Role } from '../../../services/accounts/accounts.js';
import { callerOf } from '../../../services/accounts/caller.js';
import { openCatalog } from '../../../services/catalog/open.js';
import { versionOf } from './document.js';
import { type CheckIn, openLibrary } from './library.js';
import type { Place } from './paths.js';
import type { LibraryOptions } from './places.js';

const start = Date.UTC(2026, 0, 1);
const account = (name: string, role: Role) => callerOf({ name, role, createdAt: 0, quota: null });
const ann = account('ann', 'uploader');
const bob = account('bob', 'uploader');
const carl = account('carl', 'contributor');
const vera = account('vera', 'viewer');
const root = account('root', 'admin');

const world = async (changes: Partial<LibraryOptions> = {}) => {
  const ledger = await openMemoryLedger();
  const clock = manualClock(start);
  const catalog = openCatalog({ clock });
  const options = {
    libraries: ['Documents', 'Dept'],
    autoCreateLibraries: false,
    requireCheckout: false,
    checkoutFlagKeepsLock: false,
    ...changes,
  };
  const library = openLibrary({ catalog, clock }, options);
  const write = <T>(work: (facts: Facts) => Promise<T>) => ledger.transact(work);
  const read = <T>(work: (facts: FactReader) => Promise<T>) => ledger.read(work);
  await write((facts) => library.ensureLibraries(facts));
  let uploads = 0;
  const put = (place: Place, details: CheckIn = {}, caller = ann) =>
    write((facts) => {
      uploads += 1;
      const object = `o${uploads}`;
      const version = {
        object,
        size: uploads,
        digests: { crc32: '3610a686' },
        by: caller.account.name,
        upload: object,
      };
      return library.checkIn(facts, caller, place, version, details);
    });
  const make = (path: string, caller = ann) => write((facts) => library.createFolder(facts, caller, path));
  const document = (place: Place) => read((facts) => library.needDocument(facts, place));
  const numbers = async (place: Place) => (await document(place)).versions.map(({ number }) => number);
  const lock = (path: string, caller = ann) => write((facts) => library.lock(facts, caller, path));
  const unlock = (path: string, caller = ann, force = false) =>
    write((facts) => library.unlock(facts, caller, path, force));
  const move = (from: string, to: string, caller = ann) => write((facts) => library.move(facts, caller, from, to));
  const copy = (from: string, to: string, caller = ann) => write((facts) => library.copy(facts, caller, from, to));
  const names = async (path: string) =>
    read(async (facts) => {
      const folder = await library.needFolder(facts, path);
      const folders = await library.foldersIn(facts, folder);
      const documents = await library.documentsIn(facts, folder);
      return [...folders.map(({ name }) => `${name}/`), ...documents.map(({ file }) => file.name)];
    });
  return { catalog, clock, library, write, read, put, make, document, numbers, lock, unlock, move, copy, names };
};

const problem = (errorCode: number, message: string) => expect.objectContaining({ errorCode, message });
const denied = { kind: 'forbidden' };
const noFolder = problem(4041, 'Folder not found.');
const noDocument = problem(4041, 'Document not found.');
const folderTaken = problem(4090, 'A folder with this name already exists.');
const documentTaken = problem(4090, 'A document with this name already exists.');
const heldByAnn = problem(4000, 'Document is checked out by ann.');

test('the libraries are made once', async () => {
  const { library, write, read } = await world();
  await write((facts) => library.ensureLibraries(facts));
  const names = (await read((facts) => library.libraries(facts))).map(({ name }) => name);
  expect(names).toEqual(['Dept', 'Documents']);
});

test('a folder is made with those above it, under its clean name', async () => {
  const { make, library, read, write, put } = await world();
  expect(await make('/documents/2026/Q1: <draft>..')).toMatchObject({ name: 'Q1_ _draft_' });
  const found = await read((facts) => library.findFolder(facts, 'DOCUMENTS\\2026\\q1: <draft>..\\'));
  expect(found?.name).toBe('Q1_ _draft_');
  const chain = await read((facts) => library.chainOf(facts, found?.id ?? 0));
  expect(chain.map(({ name }) => name)).toEqual(['Documents', '2026', 'Q1_ _draft_']);
  await expect(make('/Documents/2026')).rejects.toEqual(folderTaken);
  await expect(make('/Nowhere/a')).rejects.toEqual(noFolder);
  await expect(make('/Nowhere')).rejects.toEqual(noFolder);
  const rootLevel = problem(4000, 'Root level folders cannot be created');
  await expect(make('/Documents')).rejects.toEqual(rootLevel);
  await expect(make('/')).rejects.toEqual(rootLevel);
  await expect(make('/Documents/x', vera)).rejects.toMatchObject(denied);
  await put('/Documents/file');
  await expect(make('/Documents/File')).rejects.toEqual(documentTaken);
  const makeIn = (folder: string, name: string) =>
    write((facts) => library.createFolderIn(facts, ann, { folder, name, description: 'd' }));
  expect(await makeIn('/Documents/2026/', 'a/b')).toMatchObject({ name: 'a_b', metadata: { description: 'd' } });
  await expect(makeIn('/Documents/none', 'a')).rejects.toEqual(noFolder);
  await expect(makeIn('/Documents', '..')).rejects.toMatchObject({ errorCode: 4000 });
});

test('libraries are made on the way where the options say so', async () => {
  const { make, put, document, names } = await world({ autoCreateLibraries: true });
  expect(await make('/One')).toMatchObject({ name: 'One' });
  await make('/Two/sub');
  await put('/Three/a.txt');
  expect((await document('/three/A.TXT')).file.name).toBe('a.txt');
  expect(await names('/Two')).toEqual(['sub/']);
  await expect(put('/Four/sub/a.txt')).rejects.toEqual(noFolder);
  await expect(put('/Five/a.txt', {}, vera)).rejects.toMatchObject(denied);
});

test('the first check-in is 1.0.0, the next ones count up, and the document keeps its id', async () => {
  const { put, document, clock, read, library } = await world();
  const first = await put('/Documents/Report.pdf', { comment: 'one', description: 'd', keywords: 'a,b' });
  expect(first.versionId).toBe(1_000_000);
  clock.advance(1000);
  expect(await put('documents/REPORT.PDF', { comment: 'two' }, bob)).toEqual({ ...first, versionId: 1_000_001 });
  const { file, facts, versions } = await document(`~D${first.documentId}.pdf`);
  expect(file).toMatchObject({ name: 'Report.pdf', owner: 'ann' });
  expect(facts).toMatchObject({ description: 'd', keywords: 'a,b', rule: 'LATEST', published: 1_000_001 });
  expect(versions).toMatchObject([
    { number: 1_000_000, by: 'ann', comment: 'one', object: 'o1', createdAt: start, publishedAt: start },
    { number: 1_000_001, by: 'bob', comment: 'two', object: 'o2', createdAt: start + 1000, publishedAt: start + 1000 },
  ]);
  expect(await read((facts) => library.findDocument(facts, '~D1'))).toBeUndefined();
});

test('manual version numbers go up only', async () => {
  const { put, numbers } = await world();
  await put('/Documents/a', { manualVersion: 2_001_000 });
  await expect(put('/Documents/a', { manualVersion: 2_001_000 })).rejects.toMatchObject({ errorCode: 4000 });
  await expect(put('/Documents/a', { manualVersion: 1_999_999 })).rejects.toMatchObject({ errorCode: 4000 });
  await put('/Documents/a', { manualVersion: 2_001_999 });
  await put('/Documents/a');
  expect(await numbers('/Documents/a')).toEqual([2_001_000, 2_001_999, 2_002_000]);
});

test('which version is published, and which a number means', async () => {
  const { put, document, library, write } = await world();
  const at = async (number: number) => versionOf(await document('/Documents/a'), number).number;
  const state = async () => {
    const { facts } = await document('/Documents/a');
    return [facts.rule, facts.published];
  };
  const publish = (number: number, caller = ann) =>
    write((facts) => library.publish(facts, caller, '/Documents/a', number));
  await put('/Documents/a', { publish: 'DontPublish' });
  expect(await state()).toEqual(['UNPUBLISHED', 0]);
  expect(await at(0)).toBe(1_000_000);
  await put('/Documents/a', { publish: 'Publish' });
  expect(await state()).toEqual(['LATEST', 1_000_001]);
  await put('/Documents/a', { publish: 'DontPublish' });
  expect(await state()).toEqual(['SPESIFICVERSION', 1_000_001]);
  expect(await at(0)).toBe(1_000_001);
  expect(await at(1_000_002)).toBe(1_000_002);
  await expect(at(5)).rejects.toMatchObject({ errorCode: 4000 });
  await expect(at(1_000_003)).rejects.toEqual(problem(4041, 'Specified version cannot be found.'));
  await publish(1_000_000);
  expect(await state()).toEqual(['SPESIFICVERSION', 1_000_000]);
  await publish(0);
  expect(await state()).toEqual(['LATEST', 1_000_002]);
  await put('/Documents/a', { publish: 'ServerDefault' });
  expect(await state()).toEqual(['LATEST', 1_000_003]);
  await expect(publish(7)).rejects.toMatchObject({ errorCode: 4000 });
  // Neither the owner, nor an author, nor an administrator.
  await expect(publish(0, bob)).rejects.toEqual(problem(4030, 'Access denied.'));
  await publish(0, root);
});

test('what a check-in refuses', async () => {
  const { put, make, library, read } = await world();
  await put('/Documents/a');
  await make('/Documents/folder');
  const judge = (place: Place, details: CheckIn = {}, caller = ann) =>
    read((facts) => library.judgeCheckIn(facts, caller, place, details));
  const cases = [
    ['/Documents/x', {}, vera, denied],
    ['/Documents/a', {}, carl, denied],
    ['/Nowhere/x', {}, ann, noFolder],
    ['/Documents/none/x', {}, ann, noFolder],
    ['/x', {}, ann, noFolder],
    ['', {}, ann, noFolder],
    ['/Documents/A', { mustBeNew: true }, ann, documentTaken],
    ['/Documents/Folder', {}, ann, folderTaken],
    ['~D999', {}, ann, noDocument],
    ['/Documents/..', {}, ann, problem(4000, 'Invalid argument exception. The name is not valid.')],
  ] as const;
  for (const [place, details, caller, refusal] of cases) {
    await expect(judge(place, details, caller)).rejects.toMatchObject(refusal);
    await expect(put(place, details, caller)).rejects.toMatchObject(refusal);
  }
  for (const [place, caller] of [
    ['/Documents/new', carl],
    ['/Documents/a', ann],
  ] as const) {
    await judge(place, {}, caller);
    await put(place, {}, caller);
  }
  const { documentId } = await put({ folder: '/Documents/folder', name: 'a/b.txt' });
  expect(await put({ folder: '\\Documents\\folder', name: 'A/B.txt' })).toEqual({ documentId, versionId: 1_000_001 });
});

test('dates are as told, or as they were', async () => {
  const { put, document, clock } = await world();
  await put('/Documents/a', { creationDate: 5, modificationDate: 6 });
  expect((await document('/Documents/a')).facts).toMatchObject({ createdAt: 5, modifiedAt: 6 });
  clock.advance(10);
  await put('/Documents/a');
  const { facts, latest } = await document('/Documents/a');
  expect([facts.createdAt, facts.modifiedAt, latest.createdAt]).toEqual([5, null, start + 10]);
});

test('a document that somebody has checked out takes versions from them alone', async () => {
  const { put, lock, unlock, document, read, library } = await world();
  await put('/Documents/a');
  const possible = (caller = ann) => read((facts) => library.judgeLock(facts, caller, '/Documents/a'));
  await possible(bob);
  await expect(possible(vera)).rejects.toMatchObject(denied);
  expect(await lock('/Documents/a')).toEqual([]);
  expect((await document('/Documents/a')).facts.checkout).toEqual({ by: 'ann', at: start });
  for (const caller of [ann, bob]) {
    await expect(lock('/Documents/a', caller)).rejects.toEqual(heldByAnn);
    await expect(possible(caller)).rejects.toEqual(heldByAnn);
  }
  await expect(put('/Documents/a', {}, bob)).rejects.toEqual(heldByAnn);
  await expect(put('/Documents/a', { checkout: true }, root)).rejects.toEqual(heldByAnn);
  await put('/Documents/a');
  // A lock that was taken by Lock stays until UnLock.
  expect((await document('/Documents/a')).facts.checkout).toEqual({ by: 'ann', at: start });
  await expect(unlock('/Documents/a', bob)).rejects.toEqual(problem(4000, 'The document is not locked by you.'));
  await expect(unlock('/Documents/a', bob, true)).rejects.toEqual(problem(4030, 'Access denied.'));
  expect(await unlock('/Documents/a', root, true)).toEqual([]);
  expect((await document('/Documents/a')).facts.checkout).toBeNull();
  expect(await unlock('/Documents/a')).toEqual([]);
  await lock('/Documents/a');
  await put('/Documents/a', { checkout: true });
  expect((await document('/Documents/a')).facts.checkout).toBeNull();
});

test('the checkout settings', async () => {
  const strict = await world({ requireCheckout: true });
  await strict.put('/Documents/a');
  await expect(strict.put('/Documents/a')).rejects.toEqual(problem(4000, 'This document is not checked out.'));
  await strict.put('/Documents/a', { checkout: true });
  await strict.lock('/Documents/a');
  await strict.put('/Documents/a');
  await expect(strict.put('/Documents/a', {}, bob)).rejects.toEqual(heldByAnn);
  const older = await world({ checkoutFlagKeepsLock: true });
  await older.put('/Documents/a', { checkout: true });
  expect((await older.document('/Documents/a')).facts.checkout).toEqual({ by: 'ann', at: start });
  await older.put('/Documents/a');
  expect((await older.document('/Documents/a')).facts.checkout).not.toBeNull();
});

test('a folder’s own documents are locked as far as possible', async () => {
  const { put, make, lock, unlock, document } = await world();
  await make('/Documents/f/sub');
  for (const name of ['a', 'b', 'sub/c']) await put(`/Documents/f/${name}`);
  await lock('/Documents/f/a', bob);
  const held = 'Document is checked out by bob.';
  expect(await lock('/Documents/f')).toEqual([{ item: 'a', error: held }]);
  expect((await document('/Documents/f/b')).facts.checkout?.by).toBe('ann');
  expect((await document('/Documents/f/sub/c')).facts.checkout).toBeNull();
  expect(await unlock('/Documents/f')).toEqual([{ item: 'a', error: 'The document is not locked by you.' }]);
  expect((await document('/Documents/f/b')).facts.checkout).toBeNull();
  await expect(lock('/Documents/none')).rejects.toEqual(noDocument);
});

test('documents move, with their id and versions', async () => {
  const { put, make, move, names, lock, numbers } = await world();
  await make('/Documents/from');
  await make('/Dept/to');
  const { documentId } = await put('/Documents/from/a');
  await put('/Documents/from/a');
  await move('/Documents/from/a', '/dept/TO/b: c');
  expect(await names('/Documents/from')).toEqual([]);
  expect(await names('/Dept/to')).toEqual(['b_ c']);
  expect(await numbers(`~D${documentId}`)).toEqual([1_000_000, 1_000_001]);
  await move('/Dept/to/b_ c', '/Dept/to/B_ C');
  expect(await names('/Dept/to')).toEqual(['B_ C']);
  await put('/Dept/to/other');
  await expect(move('/Dept/to/B_ C', '/Dept/to/Other')).rejects.toEqual(documentTaken);
  await expect(move('/Dept/to/other', '/Dept/to')).rejects.toEqual(folderTaken);
  await expect(move('/Dept/to/other', '/Dept/none/x')).rejects.toEqual(noFolder);
  await expect(move('/Dept/to/none', '/Dept/x')).rejects.toEqual(noDocument);
  await expect(move('/Dept/to/other', '/Dept/x', carl)).rejects.toMatchObject(denied);
  await expect(move('/Dept/to/other', '/top')).rejects.toMatchObject({ errorCode: 4000 });
  await lock('/Dept/to/other');
  await expect(move('/Dept/to/other', '/Dept/x', bob)).rejects.toEqual(heldByAnn);
});

test('folders move with everything in them, but not into themselves', async () => {
  const { put, make, move, names } = await world();
  await make('/Documents/a/b');
  await put('/Documents/a/b/f');
  await move('/Documents/a', '/Dept/A2');
  expect(await names('/Dept/A2/b')).toEqual(['f']);
  await expect(move('/Dept/A2', '/Dept/A2/b/c')).rejects.toMatchObject({ errorCode: 4000 });
  await expect(move('/Dept', '/Documents/Dept')).rejects.toMatchObject({ errorCode: 4000 });
  await move('/Dept/A2', '/Dept/a2');
  expect(await names('/Dept')).toEqual(['a2/']);
});

test('a copy begins anew with the same bytes, and both go their own ways', async () => {
  const { put, make, copy, document, write, library, names, lock } = await world();
  const folder = await make('/Documents/f/sub');
  await put('/Documents/f/a', { description: 'd', modificationDate: 9, textOnlyContent: 't' });
  await put('/Documents/f/a', { comment: 'c', modificationDate: 9 });
  await put('/Documents/f/sub/b');
  await lock('/Documents/f/a');
  await copy('/Documents/f/a', '/Dept/copy', bob);
  const { file, facts, versions } = await document('/Dept/copy');
  expect(file.owner).toBe('bob');
  expect(facts).toMatchObject({ description: 'd', modifiedAt: 9, checkout: null, published: 1_000_000 });
  expect(versions).toMatchObject([{ number: 1_000_000, object: 'o2', comment: 'c', by: 'bob' }]);
  await copy('/Documents/f/a', `~F${folder.id}`);
  expect(await names('/Documents/f/sub')).toEqual(['a', 'b']);
  await copy('/Documents/f', '/Dept/f2');
  expect(await names('/Dept/f2/sub')).toEqual(['a', 'b']);
  await expect(copy('/Documents/f', '/Documents/f/sub/x')).rejects.toMatchObject({ errorCode: 4000 });
  await expect(copy('/Documents/f/a', '/Dept/copy')).rejects.toEqual(documentTaken);
  await expect(copy('/x', '/Dept/x')).rejects.toEqual(problem(4041, 'Source: Document not found.'));
  const nowhere = problem(4041, 'Destination: Folder not found.');
  await expect(copy('/Dept/copy', '/Dept/none/x')).rejects.toEqual(nowhere);
  for (const id of ['~F999', '~F1', '~F0']) await expect(copy('/Dept/copy', id)).rejects.toEqual(nowhere);
  const remove = (path: string) => write((facts) => library.deleteDocument(facts, ann, path));
  // The other copies still have the bytes of the second version.
  expect(await remove('/Documents/f/a')).toEqual(['o1']);
  await remove('/Dept/copy');
  await remove('/Documents/f/sub/a');
  expect(await write((facts) => library.deleteFolder(facts, ann, '/Dept/f2'))).toEqual(['o2']);
});

test('versions are deleted one by one, but not the last', async () => {
  const { put, write, library, numbers, document, lock } = await world();
  const remove = (number: number, caller = ann) =>
    write((facts) => library.deleteVersion(facts, caller, '/Documents/a', number));
  await put('/Documents/a');
  await expect(remove(1_000_000)).rejects.toMatchObject({ errorCode: 4000 });
  for (let time = 0; time < 3; time += 1) await put('/Documents/a');
  expect(await remove(1_000_001)).toEqual(['o2']);
  expect(await numbers('/Documents/a')).toEqual([1_000_000, 1_000_002, 1_000_003]);
  await expect(remove(1_000_001)).rejects.toMatchObject({ errorCode: 4041 });
  for (const number of [0, 3]) await expect(remove(number)).rejects.toMatchObject({ errorCode: 4000 });
  await expect(remove(1_000_000, carl)).rejects.toMatchObject(denied);
  // The published one goes: the newest is published instead, as the rule is LATEST.
  await remove(1_000_003);
  expect((await document('/Documents/a')).facts).toMatchObject({ rule: 'LATEST', published: 1_000_002 });
  await write((facts) => library.publish(facts, ann, '/Documents/a', 1_000_000));
  await lock('/Documents/a');
  await expect(remove(1_000_000, bob)).rejects.toEqual(heldByAnn);
  await remove(1_000_000);
  expect((await document('/Documents/a')).facts).toMatchObject({ rule: 'UNPUBLISHED', published: 0 });
});

test('deleting leaves nothing behind', async () => {
  const { put, make, write, read, library, lock, names } = await world();
  await make('/Documents/f/sub');
  await put('/Documents/f/a', { textOnlyContent: 'words' });
  await put('/Documents/f/sub/b', { textOnlyContent: 'words' });
  await lock('/Documents/f/a', bob);
  const texts = () => read((facts) => facts.list({ prefix: 'inforouter/text/' }));
  expect(await texts()).toHaveLength(2);
  const removeDocument = (path: string, caller = ann) => write((facts) => library.deleteDocument(facts, caller, path));
  const removeFolder = (path: string, caller = ann) => write((facts) => library.deleteFolder(facts, caller, path));
  await expect(removeDocument('/Documents/f')).rejects.toEqual(noDocument);
  await expect(removeDocument('/Documents/f/a', vera)).rejects.toMatchObject(denied);
  await expect(removeFolder('/Documents/f/a')).rejects.toEqual(noFolder);
  await expect(removeFolder('/Documents')).rejects.toMatchObject({ errorCode: 4000 });
  await expect(removeFolder('/Documents/f', carl)).rejects.toMatchObject(denied);
  // Also what somebody has checked out.
  expect(await removeDocument('/Documents/f/a')).toEqual(['o1']);
  expect(await removeFolder('/Documents/f')).toEqual(['o2']);
  expect(await names('/Documents')).toEqual([]);
  expect(await texts()).toEqual([]);
});
