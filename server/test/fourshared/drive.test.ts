import { describe, expect, test } from 'vitest';
import { usageOf } from '../../src/engine/usage.js';
import { type Argument, alice, call, desktop, eachWithServer, itemsOf, md5, post, server, textOf } from './desktop.js';

eachWithServer();

/** The ids from which on those of clients count (specs/fourshared.md §10). */
const firstId = 1_000_000_001;
const root = -1;

/** Uploads a file, and gives its id. */
const upload = async (name: string, content = 'content', dir = root, who = alice): Promise<number> => {
  const bytes = Buffer.from(content);
  const id = await who.start(name, bytes.length, dir);
  expect((await post(await who.formUrl(dir), { file: id, first: 0, bytes })).status).toBe(200);
  expect(await who.finish(id, md5(bytes))).toBe('');
  return id;
};

const folder = async (name: string, parent = root, who = alice): Promise<number> =>
  Number(await who.ask('createNewFolder', parent, name));

/** The fields of an item, as text. */
const fieldsOf = (item: string): Record<string, string> =>
  Object.fromEntries(
    [...item.matchAll(/<(\w+)(?:\/>|>([^<]*)<\/\1>)/g)].map(([, name = '', value = '']) => [name, value]),
  );
const item = async (operation: string, ...args: readonly Argument[]) => {
  const { inside = '' } = await call(server.url, operation, ['alice', 'secret', ...args]);
  return fieldsOf(inside);
};
const items = async (operation: string, ...args: readonly Argument[]) => {
  const { inside = '' } = await call(server.url, operation, ['alice', 'secret', ...args]);
  return itemsOf(inside).map(fieldsOf);
};
const names = async (operation: string, ...args: readonly Argument[]) =>
  (await items(operation, ...args)).map(({ name }) => name);

describe('login and account', () => {
  test.each(['jax2', 'jax3'])('who is it: %s', async (version) => {
    const path = `/${version}/DesktopApp`;
    const ask = async (operation: string, ...args: string[]) => (await call(server.url, operation, args, path)).inside;
    expect(await ask('login', 'alice', 'secret')).toBe('');
    expect(await ask('login', 'alice', 'wrong')).toBe('Wrong login or password');
    expect(await ask('isExistsLoginPassword', 'alice', 'secret')).toBe('true');
    expect(await ask('isExistsLoginPassword', 'nobody', 'secret')).toBe('false');
    expect(await ask('isAccountActive', 'alice', 'secret')).toBe('true');
    expect(await ask('isAccountBanned', 'alice', 'secret')).toBe('false');
    expect(await ask('isAccountPremium', 'alice', 'secret')).toBe('false');
    expect(await ask('hasRightUpload')).toBe('true');
    expect(await ask('signup', 'new', 'one')).not.toBe('');
  });

  test('an application may name itself before the password', async () => {
    const login = async (password: string) => (await call(server.url, 'login', ['alice', password])).inside;
    expect(await login('!!!my_app!!:secret')).toBe('');
    expect(await login('!!!my_app!!:wrong')).not.toBe('');
    expect(await login('!!my_app!!:secret')).not.toBe('');
    await server.host.accounts.add({ name: 'dora', password: '!!!odd!!:one' });
    expect((await call(server.url, 'login', ['dora', '!!!odd!!:one'])).inside).toBe('');
  });

  test('wrong credentials: a fault in jax3', async () => {
    const { status, body } = await call(server.url, 'getFreeSpace', ['alice', 'wrong']);
    expect(status).toBe(500);
    expect(textOf(body, 'faultstring')).toBe('Wrong login or password');
    expect(textOf(body, 'details')).toBe('Wrong login or password');
    expect(textOf(body, 'exceptionClass')).toBe('LoginException');
  });

  test.each([
    ['createUploadSessionKey', ''],
    ['getNewFileDataCenter', '-1'],
    ['uploadStartFile', '-1'],
    ['createNewFolder', '0'],
    ['uploadFinishFile', 'Wrong login or password'],
  ])('wrong credentials: a value in jax2, which knows no faults: %s', async (operation, value) => {
    const { status, inside } = await call(server.url, operation, ['alice', 'wrong', 1, 'x', 1], '/jax2/DesktopApp');
    expect([status, inside]).toEqual([200, value]);
  });

  test('wrong credentials: a plain fault for all else in jax2', async () => {
    const { status, body } = await call(server.url, 'getRoot', ['alice', 'wrong'], '/jax2/DesktopApp');
    expect([status, textOf(body, 'faultcode'), body.includes('detail')]).toEqual([500, 'S:Server', false]);
  });

  test('limits are those of the account', async () => {
    await server.host.accounts.amend('alice', { quota: 1_000 });
    expect(await alice.ask('getSpaceLimit')).toBe('1000');
    expect(await alice.ask('getFreeSpace')).toBe('1000');
    const free = Number(await desktop(server.url, 'bob').ask('getFreeSpace'));
    expect(free).toBeGreaterThan(2 ** 40);
    expect(Number(await desktop(server.url, 'bob').ask('getMaxFileSize'))).toBeGreaterThan(2 ** 40);
  });
});

describe('folders and files', () => {
  test('the root, under any of its ids', async () => {
    const top = await item('getRoot');
    expect(top).toMatchObject({ directory: 'true', removed: 'false', empty: 'false', parentId: '0', downloadLink: '' });
    expect(Number(top.id)).toBeGreaterThanOrEqual(firstId);
    expect(Number(top.id)).toBeLessThan(2 ** 31);
    for (const id of [-1, 0, Number(top.id)]) expect(await item('getDirInfo', id)).toEqual(top);
    await folder('Music', Number(top.id));
    await folder('Films', 0);
    expect(await names('getItems', Number(top.id))).toEqual(['Films', 'Music']);
  });

  test('an item says what it is', async () => {
    const music = await folder('Music');
    const id = await upload('song.mp3', 'la la', music);
    expect(await item('getFileInfo', id)).toEqual({
      date: '2026-01-01T00:00:00Z',
      directory: 'false',
      downloadCount: '0',
      downloadLink: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/file\/[0-9a-z]{26}\/song\.mp3\.html$/),
      empty: 'false',
      id: String(id),
      md5: md5(Buffer.from('la la')),
      name: 'song.mp3',
      parentId: String(music),
      removed: 'false',
      shared: 'false',
      size: '5',
      version: '1',
    });
    expect(await item('getItemInfo', id, false)).toEqual(await item('getFileInfo', id));
    expect(await item('getItemInfo', music, true)).toMatchObject({
      id: String(music),
      name: 'Music',
      directory: 'true',
    });
  });

  test('jax2 leaves out what it does not know', async () => {
    const { inside = '' } = await call(server.url, 'getRoot', ['alice', 'secret'], '/jax2/DesktopApp');
    expect(inside).not.toContain('<empty>');
    expect(inside).not.toContain('<version>');
    expect(inside).toContain('<directory>true</directory>');
  });

  test('what is not there is an empty item', async () => {
    const music = await folder('Music');
    const file = await upload('a.txt');
    const nothing = { empty: 'true', id: '0', name: '', md5: '', downloadLink: '' };
    for (const id of [5, firstId + 999, -7, 2 ** 40]) {
      expect(await item('getFileInfo', id)).toMatchObject(nothing);
      expect(await item('getDirInfo', id)).toMatchObject(nothing);
    }
    expect(await item('getFileInfo', music)).toMatchObject(nothing);
    expect(await item('getDirInfo', file)).toMatchObject(nothing);
    expect(await item('getItemInfo', file, true)).toMatchObject(nothing);
  });

  test('lists: folders first, by name; in parts; by ids', async () => {
    const [b, a] = [await upload('b.txt'), await upload('a.txt')];
    await folder('z');
    await folder('Y');
    const everything = ['Y', 'z', 'a.txt', 'b.txt'];
    expect(await names('getItems', root)).toEqual(everything);
    expect(await names('getAllItems')).toEqual(everything);
    expect(await names('getAllFolders')).toEqual(['Y', 'z']);
    expect(await alice.ask('getItemsCount', root)).toBe('4');
    expect(await names('getItemsPartial', root, 1, 2)).toEqual(['z', 'a.txt']);
    expect(await names('getItemsPartial', root, 3, 10)).toEqual(['b.txt']);
    expect(await names('getItemsPartial', root, 0, 0)).toEqual([]);
    expect(await names('getItemsPartial', root, 9, 1)).toEqual([]);
    expect(await names('getItemsPartial', root, -5, 1)).toEqual(['Y']);
    expect(await names('getFiles', [b, 7, a, b])).toEqual(['b.txt', 'a.txt', 'b.txt']);
    expect(await names('getFiles', [])).toEqual([]);
  });

  test('new folders, and the numbers that say why not', async () => {
    const music = await folder('Music');
    expect(music).toBeGreaterThanOrEqual(firstId);
    expect(await folder('music')).toBe(-1);
    expect(await folder('')).toBe(0);
    expect(await folder('a/b')).toBe(0);
    expect(await folder('x', 12345)).toBe(0);
    expect(await folder('x', root, desktop(server.url, 'victor'))).toBe(0);
    await alice.ask('deleteFolder', music);
    expect(await folder('x', music)).toBe(-2);
    expect(await alice.ask('creatNewFolder', root, 'old')).toBe('true');
    expect(await alice.ask('creatNewFolder', root, 'old')).toBe('false');
  });

  test('renaming, and the numbers that say why not', async () => {
    const [music, films] = [await folder('Music'), await folder('Films')];
    const [a, b] = [await upload('a.txt'), await upload('b.txt')];
    const rename = async (kind: string, id: number, name: string) => Number(await alice.ask(`rename${kind}`, id, name));
    expect(await rename('Folder', music, 'Sounds')).toBe(music);
    expect(await rename('Folder', films, 'sounds')).toBe(-1);
    expect(await rename('Folder', films, 'FILMS')).toBe(films);
    expect(await rename('Folder', root, 'x')).toBe(0);
    expect(await rename('File', a, 'c.txt')).toBe(a);
    expect(await rename('File', b, 'c.txt')).toBe(-1);
    expect(await rename('File', b, '..')).toBe(0);
    expect(await rename('File', 99, 'x')).toBe(0);
    expect(await rename('File', music, 'x')).toBe(0);
    expect(await names('getItems', root)).toEqual(['FILMS', 'Sounds', 'b.txt', 'c.txt']);
  });

  test('two files may have one name', async () => {
    const [one, other] = [await upload('a.txt', '1'), await upload('a.txt', '2')];
    expect(one).not.toBe(other);
    expect(await names('getItems', root)).toEqual(['a.txt', 'a.txt']);
    expect((await alice.download(other)).text).toBe('2');
  });
});

describe('moving and copying', () => {
  const paste = (to: number, cut: boolean, files: number[], dirs: number[]) =>
    alice.ask('pasteFilesDirs', to, cut, files, dirs);

  test('moves keep ids', async () => {
    const [music, films] = [await folder('Music'), await folder('Films')];
    const song = await upload('song.mp3');
    expect(await paste(music, true, [song], [films])).toBe('');
    expect(await names('getItems', root)).toEqual(['Music']);
    expect(await items('getItems', music)).toMatchObject([
      { id: String(films), name: 'Films', parentId: String(music) },
      { id: String(song), name: 'song.mp3', parentId: String(music) },
    ]);
    expect((await alice.download(song)).text).toBe('content');
  });

  test('copies are items of their own, and share no fate', async () => {
    const [music, films] = [await folder('Music'), await folder('Films')];
    const inner = await folder('Inner', music);
    const song = await upload('song.mp3', 'la', inner);
    expect(await paste(films, false, [song], [music])).toBe('');
    const [copied, file] = await items('getItems', films);
    expect(copied).toMatchObject({ name: 'Music', directory: 'true' });
    expect(file).toMatchObject({ name: 'song.mp3', size: '2', md5: md5(Buffer.from('la')) });
    expect([copied?.id, file?.id]).not.toContain(String(song));
    const [copiedInner] = await items('getItems', Number(copied?.id));
    expect(await names('getItems', Number(copiedInner?.id))).toEqual(['song.mp3']);
    await alice.ask('deleteFileFinal', song);
    expect((await alice.download(Number(file?.id))).text).toBe('la');
  });

  test('all or nothing, with a message', async () => {
    const [music, films] = [await folder('Music'), await folder('Films')];
    const inner = await folder('Inner', music);
    const [song, twin] = [await upload('song.mp3'), await upload('song.mp3', '2', music)];
    for (const said of [
      await paste(music, true, [song], []),
      await paste(music, false, [song], []),
      await paste(films, true, [twin, 77], []),
      await paste(films, true, [], [music, 77]),
      await paste(inner, true, [], [music]),
      await paste(inner, false, [], [music]),
      await paste(music, false, [], [music]),
      await paste(films, true, [], [Number((await item('getRoot')).id)]),
      await paste(999, true, [song], []),
    ])
      expect(said).not.toBe('');
    expect(await names('getItems', root)).toEqual(['Films', 'Music', 'song.mp3']);
    expect(await names('getItems', films)).toEqual([]);
    expect(await names('getItems', music)).toEqual(['Inner', 'song.mp3']);
    expect(await names('getItems', inner)).toEqual([]);
  });
});

describe('the recycle bin', () => {
  test('a file goes there and comes back', async () => {
    const music = await folder('Music');
    const song = await upload('song.mp3', 'la', music);
    const before = await item('getFileInfo', song);
    await alice.ask('deleteFile', song);
    await alice.ask('deleteFile', song);
    expect(await names('getItems', music)).toEqual([]);
    expect(await items('getRecycleBinItems')).toMatchObject([
      { id: String(song), name: 'song.mp3', removed: 'true', downloadLink: '', parentId: String(music) },
    ]);
    expect(await item('getFileInfo', song)).toMatchObject({ removed: 'true', downloadLink: '', empty: 'false' });
    expect(await alice.ask('getFileDownloadLink', song)).toBe('');
    expect(await alice.ask('getDirectLink', before.downloadLink ?? '')).toBe('');
    expect((await fetch((before.downloadLink ?? '').replace('/file/', '/get/'))).status).toBe(404);
    await alice.ask('restoreFile', song);
    expect(await item('getFileInfo', song)).toEqual(before);
    expect(await names('getRecycleBinItems')).toEqual([]);
    expect((await alice.download(song)).text).toBe('la');
  });

  test('a folder goes there with all that is in it', async () => {
    const music = await folder('Music');
    const song = await upload('song.mp3', 'la', music);
    await alice.ask('deleteFolder', music);
    expect(await names('getItems', root)).toEqual([]);
    expect(await items('getRecycleBinItems')).toMatchObject([{ id: String(music), name: 'Music', removed: 'true' }]);
    expect(await item('getFileInfo', song)).toMatchObject({ removed: 'true', downloadLink: '' });
    expect(await item('getDirInfo', music)).toMatchObject({ name: 'Music', removed: 'true' });
    expect(await folder('Music')).toBeGreaterThan(0);
    expect(await alice.ask('createUploadSessionKey', music)).toBe('');
    expect(await alice.start('x', 1, music)).toBe(-1);
    await alice.ask('restoreFiles', [music]);
    expect(await names('getItems', root)).toEqual(['Music', 'Music (2)']);
    expect(await names('getItems', music)).toEqual(['song.mp3']);
  });

  test('many of one name', async () => {
    const ids: number[] = [];
    for (const _ of [1, 2, 3]) {
      const id = await folder('Same');
      ids.push(id, await upload('same.txt', 'x', id));
      await alice.ask('deleteFolder', id);
      await alice.ask('deleteFile', await upload('same.txt'));
    }
    expect(await names('getRecycleBinItems')).toEqual([...Array(3).fill('Same'), ...Array(3).fill('same.txt')]);
    await alice.ask('restoreFiles', ids);
    expect(await names('getItems', root)).toEqual(['Same', 'Same (2)', 'Same (3)']);
  });

  test('what came from a folder that is gone comes back into the root', async () => {
    const [music, films] = [await folder('Music'), await folder('Films')];
    const [song, film] = [await upload('song.mp3', '1', music), await upload('film.avi', '2', films)];
    for (const id of [song, film]) await alice.ask('deleteFile', id);
    await alice.ask('deleteFolderFinal', music);
    await alice.ask('deleteFolder', films);
    await alice.ask('restoreFiles', [song, film]);
    expect(await names('getItems', root)).toEqual(['film.avi', 'song.mp3']);
  });

  test('a file of a removed folder comes back alone', async () => {
    const music = await folder('Music');
    const song = await upload('song.mp3', '1', music);
    await alice.ask('deleteFolder', music);
    await alice.ask('restoreFile', song);
    expect(await names('getItems', root)).toEqual(['song.mp3']);
    expect(await names('getRecycleBinItems')).toEqual(['Music']);
  });

  test('what is deleted for good gives its room back', async () => {
    const usage = () => server.host.ledger.read((facts) => usageOf(facts, 'alice'));
    const music = await folder('Music');
    const [song, other] = [await upload('a', 'aaaa', music), await upload('b', 'bbb')];
    await upload('c', 'cc', await folder('Inner', music));
    expect(await usage()).toEqual({ reserved: 0, held: 9 });
    await alice.ask('deleteFile', other);
    await alice.ask('deleteFile', song);
    expect(await usage()).toEqual({ reserved: 0, held: 9 });
    await alice.ask('deleteFileFinal', song);
    expect(await usage()).toEqual({ reserved: 0, held: 5 });
    await alice.ask('deleteFolder', music);
    expect(await alice.ask('emptyRecycleBin')).toBe('2');
    expect(await usage()).toEqual({ reserved: 0, held: 0 });
    expect(await alice.ask('emptyRecycleBin')).toBe('0');
    expect(await item('getFileInfo', other)).toMatchObject({ empty: 'true' });
    const again = await upload('d', 'dddd', await folder('New'));
    await alice.ask('deleteFolderFinal', Number((await item('getFileInfo', again)).parentId));
    expect(await usage()).toEqual({ reserved: 0, held: 0 });
    expect(await names('getItems', root)).toEqual([]);
  });

  test('what is not there is no error; the root stays', async () => {
    for (const operation of ['deleteFile', 'deleteFileFinal', 'deleteFolder', 'deleteFolderFinal', 'restoreFile'])
      expect(await alice.ask(operation, 424242)).toBe('');
    for (const operation of ['deleteFolder', 'deleteFolderFinal'])
      await expect(alice.ask(operation, Number((await item('getRoot')).id))).rejects.toThrow(/root/);
    for (const operation of ['deleteFolder', 'deleteFolderFinal']) expect(await alice.ask(operation, -1)).toBe('');
    expect(await item('getRoot')).toMatchObject({ empty: 'false' });
  });
});

describe('links', () => {
  test('from a page to the bytes, and to the id', async () => {
    const id = await upload('photo of an office & video ü.html', 'hello');
    const page = await alice.ask('getFileDownloadLink', id);
    const direct = await alice.ask('getDirectLink', page);
    expect(new URL(direct).href).toBe(direct);
    expect(direct).toMatch(/^http/);
    expect(direct).not.toMatch(/\.html|photo|office|video/i);
    expect(await (await fetch(direct)).text()).toBe('hello');
    expect(await alice.ask('decodeLink', page)).toBe(String(id));
    expect(await alice.ask('decodeLink', direct)).toBe(String(id));
    expect((await fetch(page)).status).toBe(200);
  });

  test('unknown ones', async () => {
    expect(await alice.ask('getFileDownloadLink', 4711)).toBe('');
    for (const link of ['', 'x', `${server.url}/file/abc/x.html`, 'https://example.org/file/../../x']) {
      expect(await alice.ask('getDirectLink', link)).toBe('');
      expect(await alice.ask('decodeLink', link)).toBe('-1');
    }
  });
});

describe('descriptions, favourites and history', () => {
  test('descriptions', async () => {
    const [file, dir] = [await upload('a.txt'), await folder('Music')];
    expect(await items('getFileDescription', file)).toEqual([]);
    expect(await alice.ask('setFileDescription', file, 'about <it>', 'tags', '', true, false)).toBe('');
    const { inside = '' } = await call(server.url, 'getFileDescription', ['alice', 'secret', file]);
    expect(inside).toBe('<item>about &lt;it&gt;</item><item>tags</item><item></item>');
    expect(await alice.ask('setDirDescription', dir, 'songs', false, false)).toBe('');
    expect(await alice.ask('getDirDescription', dir)).toBe('songs');
    await alice.ask('deleteFolder', dir);
    await alice.ask('restoreFile', dir);
    expect(await alice.ask('getDirDescription', dir)).toBe('songs');
  });

  test('favourites', async () => {
    const [a, b] = [await upload('a.txt'), await upload('b.txt')];
    expect(await alice.ask('addToFavorites', b)).toBe(String(b));
    expect(await alice.ask('addToFavorites', a)).toBe(String(a));
    expect(await alice.ask('addToFavorites', a)).toBe(String(a));
    expect(await alice.ask('addToFavorites', 5)).toBe('0');
    expect(await names('getFavorites')).toEqual(['a.txt', 'b.txt']);
    await alice.ask('deleteFile', b);
    expect(await names('getFavorites')).toEqual(['a.txt']);
    await alice.ask('restoreFile', b);
    expect(await names('getFavorites')).toEqual(['a.txt', 'b.txt']);
    await alice.ask('deleteFileFinal', b);
    expect(await alice.ask('removeFromFavorites', a)).toBe(String(a));
    expect(await alice.ask('removeFromFavorites', a)).toBe('0');
    expect(await names('getFavorites')).toEqual([]);
  });

  test('history: what happened where, the oldest first', async () => {
    const { inside: words = '' } = await call(server.url, 'getOperationDescriptions', []);
    const said = itemsOf(words);
    const happened = async (dir: number) =>
      (await items('getHistory', dir)).map(({ operation, dirId, fileId }) => [
        said[Number(operation)],
        Number(dirId ?? fileId),
      ]);
    const music = await folder('Music');
    const song = await upload('song.mp3', 'la', music);
    await alice.ask('renameFile', song, 'tune.mp3');
    await alice.ask('deleteFile', song);
    await alice.ask('restoreFile', song);
    await alice.ask('pasteFilesDirs', root, true, [song], []);
    const inMusic = [
      ['added', song],
      ['renamed', song],
      ['removed', song],
      ['restored', song],
    ];
    expect(await happened(music)).toEqual(inMusic);
    expect(await happened(root)).toEqual([['added', music], ...inMusic, ['moved', song]]);
    const last = Number(await alice.ask('getHistoryLastId', root));
    expect(await items('getHistoryFromId', root, last - 1)).toMatchObject([
      { id: String(last), fileId: String(song), sourceFileId: String(song), sourceDirId: String(music) },
    ]);
    const { inside: direct = '' } = await call(server.url, 'getNotRecursiveHistories', [
      'alice',
      'secret',
      [music, -1],
      [0, 0],
    ]);
    expect(direct.match(/<operation>/g)).toHaveLength(6);
  });
});

test('another account’s files and folders are not there', async () => {
  const bob = desktop(server.url, 'bob');
  const music = await folder('Music');
  const song = await upload('song.mp3', 'la', music);
  const link = await alice.ask('getFileDownloadLink', song);
  expect(await bob.ask('getFileDownloadLink', song)).toBe('');
  expect(textOf(await bob.ask('getFileInfo', song), 'empty')).toBe('true');
  expect(textOf(await bob.ask('getDirInfo', music), 'empty')).toBe('true');
  await expect(bob.ask('getItems', music)).rejects.toThrow('There is no such file or folder.');
  expect(await folder('x', music, bob)).toBe(0);
  expect(await bob.ask('renameFile', song, 'mine')).toBe('0');
  expect(await bob.ask('pasteFilesDirs', root, false, [song], [])).not.toBe('');
  for (const operation of ['deleteFile', 'deleteFileFinal', 'restoreFile']) await bob.ask(operation, song);
  for (const operation of ['deleteFolder', 'deleteFolderFinal']) await bob.ask(operation, music);
  expect(await alice.names(music)).toEqual(['song.mp3']);
  // Who has a link may have the file.
  expect(await bob.ask('decodeLink', link)).toBe(String(song));
});

test('who may only look changes nothing', async () => {
  const victor = desktop(server.url, 'victor');
  expect(await victor.names()).toEqual([]);
  expect(await victor.ask('renameFile', 1, 'x')).toBe('0');
  expect(await victor.ask('pasteFilesDirs', root, true, [], [])).toBe('The account may not do this.');
  for (const [operation, ...args] of [['deleteFile', 1], ['restoreFile', 1], ['emptyRecycleBin']] as const)
    await expect(victor.ask(operation, ...args)).rejects.toThrow('The account may not do this.');
});
