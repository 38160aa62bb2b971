import { beforeEach, describe, expect, it, test } from 'vitest';
import { fourshared } from '../../src/dialects/fourshared/dialect.js';
import { usageOf } from '../../src/engine/usage.js';
import { serve } from '../memory-server.js';
import {
  alice,
  beginPost,
  call,
  desktop,
  eachWithServer,
  formOf,
  itemsOf,
  md5,
  post,
  server,
  textOf,
} from './desktop.js';

const ten = Buffer.from('0123456789');
const part = (first: number, end: number) => ({ first, bytes: ten.subarray(first, end) });

eachWithServer();

let form: string;
beforeEach(async () => {
  form = await alice.formUrl();
});

/** What the account's quota counts. */
const usage = (name = 'alice') => server.host.ledger.read((facts) => usageOf(facts, name));

describe('session keys', () => {
  it('are told apart, and lead to the form of a data centre', async () => {
    const key = await alice.ask('createUploadSessionKey', -1);
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(await alice.ask('createUploadSessionKey', -1)).not.toBe(key);
    expect(await alice.ask('getNewFileDataCenter')).toBe('1');
    expect((await call(server.url, 'getUploadFormUrl', [1, key])).inside).toBe(
      `${server.url}/main/upload.jsp?sId=${key}&amp;dc=1`,
    );
  });

  it('are empty for a folder that is not there, and so is the address for a key or a centre that is not', async () => {
    expect(await alice.ask('createUploadSessionKey', 1_000_000_999)).toBe('');
    const key = await alice.ask('createUploadSessionKey', -1);
    for (const [center, given] of [
      [0, key],
      [2, key],
      [1, 'x'],
    ] as const)
      expect((await call(server.url, 'getUploadFormUrl', [center, given])).inside).toBe('');
  });

  it('are not given to who may only look', async () => {
    expect(await desktop(server.url, 'victor').ask('createUploadSessionKey', -1)).toBe('');
  });

  it('end 24 hours after their last use', async () => {
    const file = await alice.start('a.bin', 10);
    server.clock.advance(23 * 3600_000);
    expect((await post(form, { file, ...part(0, 5) })).status).toBe(200);
    server.clock.advance(23 * 3600_000);
    expect((await post(form, { file, ...part(5, 6) })).status).toBe(200);
    server.clock.advance(25 * 3600_000);
    expect(await post(form, { file, ...part(6, 10) })).toMatchObject({
      status: 403,
      alert: 'The session key is not valid.',
    });
  });

  it('end with their account', async () => {
    const file = await alice.start('a.bin', 10);
    await server.host.accounts.remove('alice');
    server.clock.advance(1);
    await server.host.accounts.add({ name: 'alice', password: 'other' });
    expect((await post(form, { file, ...part(0, 5) })).status).toBe(403);
  });

  it('end with their password', async () => {
    const file = await alice.start('a.bin', 10);
    await server.host.accounts.setPassword('alice', 'other');
    expect((await post(form, { file, ...part(0, 5) })).status).toBe(403);
  });
});

test('data centres are the configured addresses, over one store', async () => {
  const dataCenters = ['https://dc1.example.com/', 'https://dc2.example.com/up'];
  const two = await serve({ dialect: fourshared, options: { dataCenters } });
  try {
    const client = desktop(two.url);
    const key = await client.ask('createUploadSessionKey', -1);
    const url = async (center: number) => (await call(two.url, 'getUploadFormUrl', [center, key])).inside;
    expect(await url(1)).toBe(`https://dc1.example.com/main/upload.jsp?sId=${key}&amp;dc=1`);
    expect(await url(2)).toBe(`https://dc2.example.com/up/main/upload.jsp?sId=${key}&amp;dc=2`);
    expect(await url(3)).toBe('');
    expect(['1', '2']).toContain(await client.ask('getNewFileDataCenter'));
  } finally {
    await two.close();
  }
});

describe('a reservation', () => {
  it('takes its size from the account, until it is cancelled', async () => {
    const file = await alice.start('a.bin', 1000);
    expect(file).toBeGreaterThan(1_000_000_000);
    expect(file).toBeLessThan(2 ** 31);
    expect(await usage()).toEqual({ reserved: 1000, held: 0 });
    expect(await alice.ask('uploadStartedFileExists', file)).toBe('true');
    await alice.ask('uploadCancelFile', file);
    expect(await usage()).toEqual({ reserved: 0, held: 0 });
    expect(await alice.ask('uploadStartedFileExists', file)).toBe('false');
    expect(await post(form, { file, ...part(0, 5) })).toMatchObject({ status: 404 });
    // No error where nothing is.
    await alice.ask('uploadCancelFile', file);
  });

  it('ends 7 days after the last byte, and gives its size back', async () => {
    const file = await alice.start('a.bin', 10);
    server.clock.advance(6 * 86400_000);
    const late = await alice.formUrl();
    await post(late, { file, ...part(0, 5) });
    server.clock.advance(6 * 86400_000);
    expect(await alice.ask('uploadStartedFileExists', file)).toBe('true');
    server.clock.advance(1 * 86400_000);
    expect(await alice.ask('uploadStartedFileExists', file)).toBe('false');
    expect(await post(await alice.formUrl(), { file, ...part(5, 10) })).toMatchObject({ status: 404 });
    await server.host.engine.expire();
    expect(await usage()).toEqual({ reserved: 0, held: 0 });
    for (const sweep of (await fourshared.load()).sweeps?.(server.host, {
      keyLife: 1,
      expireAfter: 1,
      dataCenters: [],
    }) ?? [])
      await sweep.run(new AbortController().signal);
    expect(await server.host.ledger.read((facts) => facts.list({ prefix: '4shared/upload' }))).toEqual([]);
  });

  it('is refused as -1', async () => {
    expect(await alice.start('', 10)).toBe(-1);
    expect(await alice.start('a/b', 10)).toBe(-1);
    expect(await alice.start('a.bin', -1)).toBe(-1);
    expect(await alice.start('a.bin', 10, 1_000_000_999)).toBe(-1);
    await server.host.accounts.amend('alice', { quota: 100 });
    expect(await alice.start('a.bin', 101)).toBe(-1);
    const file = await alice.start('a.bin', 60);
    expect(file).toBeGreaterThan(0);
    expect(await alice.start('b.bin', 60)).toBe(-1);
    expect(await usage()).toEqual({ reserved: 60, held: 0 });
    expect(await desktop(server.url, 'victor').start('a.bin', 10)).toBe(-1);
  });

  it('may be had in one call with all that the first part needs', async () => {
    const info = await alice.ask('simpleUploadStart', -1, 'a.bin', 10);
    const file = Number(textOf(info, 'fileId'));
    expect(file).toBeGreaterThan(0);
    expect(textOf(info, 'message')).toBe('');
    const url = textOf(info, 'uploadUrl') ?? '';
    expect(await post(url, { file, first: 0, bytes: ten })).toMatchObject({ status: 200, id: String(file) });
    expect(await alice.finish(file, md5(ten))).toBe('');
    const refused = await alice.ask('simpleUploadStart', -1, '', 10);
    expect(Number(textOf(refused, 'fileId'))).toBeLessThan(1);
    expect(textOf(refused, 'message')).not.toBe('');
    expect(textOf(refused, 'uploadUrl')).toBe('');
  });
});

describe('parts', () => {
  it('may come in any order, overlap, be repeated, and be of any size', async () => {
    const file = await alice.start('a.bin', 10);
    for (const [first, end] of [
      [7, 10],
      [0, 3],
      [0, 3],
      [5, 8],
      [2, 2],
      [2, 6],
    ] as const)
      expect(await post(form, { file, ...part(first, end) })).toEqual({
        status: 200,
        id: String(file),
        alert: undefined,
      });
    expect(await alice.finish(file, md5(ten).toUpperCase())).toBe('');
    expect((await alice.download(file)).text).toBe('0123456789');
    expect(await usage()).toEqual({ reserved: 0, held: 10 });
  });

  it('win where they overlap, the later ones', async () => {
    const file = await alice.start('a.bin', 10);
    await post(form, { file, first: 0, bytes: Buffer.from('xxxxxx') });
    await post(form, { file, first: 3, bytes: Buffer.from('3456789') });
    await post(form, { file, first: 0, bytes: Buffer.from('0123') });
    expect(await alice.finish(file, md5(ten))).toBe('');
  });

  it('may come two at a time, one beside the other', async () => {
    const file = await alice.start('a.bin', 10);
    const body = formOf({ file, ...part(0, 5) });
    const slow = await beginPost(form, body, body.length - 30);
    // Did the first one keep more than its own place, this would wait until it ends.
    expect((await post(form, { file, ...part(5, 10) })).status).toBe(200);
    await slow.send(body.subarray(body.length - 30));
    expect(await slow.ended()).toMatch(/^HTTP\/1\.1 200 /);
    expect(await alice.finish(file, md5(ten))).toBe('');
  });

  it('count whole or not at all', async () => {
    const file = await alice.start('a.bin', 10);
    const body = formOf({ file, ...part(0, 10) });
    for (const missing of [6, body.length - body.indexOf('3456')]) {
      const socket = await beginPost(form, body, body.length - missing);
      socket.cut();
      await socket.ended();
    }
    expect(await alice.finish(file)).toBe('The file is not complete: 0 of 10 bytes have been received.');
    expect(await alice.names()).toEqual([]);
    expect((await post(form, { file, ...part(0, 10) })).status).toBe(200);
    expect(await alice.finish(file, md5(ten))).toBe('');
  });

  it('are refused beyond the end, and nothing of them is kept', async () => {
    const file = await alice.start('a.bin', 10);
    const eleven = Buffer.from('0123456789!');
    expect((await post(form, { file, first: 0, bytes: eleven })).status).toBe(413);
    expect((await post(form, { file, first: 0, bytes: eleven }, { fileFirst: true })).status).toBe(413);
    expect((await post(form, { file, first: 10, bytes: ten })).status).toBe(413);
    expect(await post(form, { file, first: 11, bytes: ten })).toMatchObject({
      status: 400,
      alert: 'First byte is beyond the end of the file.',
    });
    expect(await alice.finish(file)).toBe('The file is not complete: 0 of 10 bytes have been received.');
    expect(await usage()).toEqual({ reserved: 10, held: 0 });
  });

  it('are refused with what is wrong about them', async () => {
    const file = await alice.start('a.bin', 10);
    const bob = desktop(server.url, 'bob');
    const bobs = await bob.start('b.bin', 10);
    const status = async (url: string, given: Partial<Parameters<typeof post>[1]>) =>
      (await post(url, { bytes: ten, ...given })).status;
    for (const fileFirst of [false, true]) {
      expect((await post(form, { file: bobs, first: 0, bytes: ten }, { fileFirst })).status).toBe(403);
      expect((await post(form, { file: 1_000_099_999, first: 0, bytes: ten }, { fileFirst })).status).toBe(404);
      expect((await post(form, { file, bytes: ten }, { fileFirst })).status).toBe(400);
      expect((await post(form, { file, first: '-1', bytes: ten }, { fileFirst })).status).toBe(400);
      expect((await post(form, { file: 'x', first: 0, bytes: ten }, { fileFirst })).status).toBe(400);
    }
    expect(await status(form.replace(/sId=\w+/, 'sId=0123456789abcdef0123456789abcdef'), { file, first: 0 })).toBe(403);
    const empty = await fetch(form, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=B' },
      body: '--B\r\nContent-Disposition: form-data; name="resumableFileId"\r\n\r\n1\r\n--B--\r\n',
    });
    expect([empty.status, await empty.text()]).toEqual([400, expect.stringContaining('FilePart is missing.')]);
    const odd = await fetch(form, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' });
    expect(odd.status).toBe(400);
    expect(await alice.finish(file)).toContain('0 of 10');
    expect(await bob.finish(bobs)).toContain('0 of 10');
  });

  it('are refused once the account may have less than it has', async () => {
    const file = await alice.start('a.bin', 10);
    await server.host.accounts.amend('alice', { quota: 5 });
    // The quota of the memory server counts nothing, so the account is over it as soon as it has anything.
    const quota = { ...server.host.quota, used: async () => 10 };
    const serving = await fourshared.load();
    const routes: typeof serving.routes = (host, options) => serving.routes({ ...host, quota }, options);
    const strict = await serve({ dialect: { ...fourshared, load: async () => ({ ...serving, routes }) } });
    try {
      const client = desktop(strict.url);
      const id = await client.start('a.bin', 10);
      await strict.host.accounts.amend('alice', { quota: 5 });
      const refused = await post(await client.formUrl(), { file: id, first: 0, bytes: ten });
      expect(refused).toMatchObject({ status: 507, alert: 'There is not enough free space in the account.' });
      expect(await client.finish(id)).toContain('0 of 10');
    } finally {
      await strict.close();
    }
    expect(file).toBeGreaterThan(0);
  });

  it('are refused after the finish', async () => {
    const file = await alice.start('a.bin', 10);
    await post(form, { file, first: 0, bytes: ten });
    await alice.finish(file, md5(ten));
    expect(await post(form, { file, ...part(0, 5) })).toMatchObject({
      status: 409,
      alert: 'The file is finished already.',
    });
  });

  it('bring a whole file without a word before', async () => {
    const dir = Number(await alice.ask('createNewFolder', -1, 'Inbox'));
    const url = await alice.formUrl(dir);
    const whole = await post(url, { bytes: ten }, { fileName: 'C:\\temp\\zoë.bin' });
    expect(whole.status).toBe(200);
    expect(await alice.names(dir)).toEqual(['zoë.bin']);
    expect((await alice.download(Number(whole.id))).text).toBe('0123456789');
    expect((await post(url, { bytes: ten }, { fileName: '' })).status).toBe(400);
    await server.host.accounts.amend('alice', { quota: 15 });
    expect((await post(url, { bytes: ten })).status).toBe(507);
    expect(await usage()).toEqual({ reserved: 0, held: 10 });
  });
});

describe('a finish', () => {
  const sendAll = async (bytes = ten): Promise<number> => {
    const file = await alice.start('a.bin', 10);
    expect((await post(form, { file, first: 0, bytes: bytes.subarray(0, 5) })).status).toBe(200);
    expect((await post(form, { file, first: 5, bytes: bytes.subarray(5) })).status).toBe(200);
    return file;
  };
  const wrong = Buffer.from('0123x56789');

  it('with another MD5 says so and leaves the upload open; the right parts make it a file', async () => {
    const file = await sendAll(wrong);
    expect(await alice.finish(file, md5(ten))).toBe(
      `The MD5 of the file is ${md5(wrong)}, not ${md5(ten)} as specified.`,
    );
    expect(await alice.names()).toEqual([]);
    expect(await alice.ask('uploadStartedFileExists', file)).toBe('true');
    expect((await post(form, { file, ...part(0, 5) })).status).toBe(200);
    expect(await alice.finish(file, ` ${md5(ten).toUpperCase()} `)).toBe('');
    expect((await alice.download(file)).text).toBe('0123456789');
    expect(await usage()).toEqual({ reserved: 0, held: 10 });
  });

  it('may be left out: what is complete is listed and can be downloaded', async () => {
    const file = await sendAll();
    expect(await alice.names()).toEqual(['a.bin']);
    expect((await alice.download(file)).text).toBe('0123456789');
    // A lost answer: the same bytes again harm nothing.
    expect(await post(form, { file, ...part(5, 10) })).toMatchObject({ status: 200, id: String(file) });
    expect(await post(form, { file, ...part(5, 10) }, { fileFirst: true })).toMatchObject({ status: 200 });
    expect(await post(form, { file, first: 5, bytes: Buffer.from('xxxxx') })).toMatchObject({ status: 409 });
    expect(await alice.finish(file, md5(ten))).toBe('');
    expect(await alice.finish(file, md5(ten))).toBe('');
    expect((await post(form, { file, ...part(5, 10) })).status).toBe(409);
  });

  it('with another MD5 takes back what is a file already', async () => {
    const file = await sendAll(wrong);
    expect(await alice.names()).toEqual(['a.bin']);
    expect(await alice.finish(file, md5(ten))).toContain(md5(wrong));
    expect(await alice.names()).toEqual([]);
    expect(await usage()).toEqual({ reserved: 10, held: 0 });
    expect((await post(form, { file, ...part(4, 5) })).status).toBe(200);
    expect(await alice.finish(file, md5(ten))).toBe('');
    expect((await alice.download(file)).text).toBe('0123456789');
    expect(await usage()).toEqual({ reserved: 0, held: 10 });
  });

  it('repeated answers again, and tells another MD5', async () => {
    const file = await sendAll();
    expect(await alice.finish(file)).toBe('');
    expect(await alice.finish(file, md5(ten))).toBe('');
    expect(await alice.finish(file, md5(wrong))).toBe(
      `The MD5 of the file is ${md5(ten)}, not ${md5(wrong)} as specified.`,
    );
    expect(await alice.names()).toEqual(['a.bin']);
  });

  it('tells what is missing, and what is not there', async () => {
    const file = await alice.start('a.bin', 10);
    await post(form, { file, ...part(5, 10) });
    expect(await alice.finish(file)).toBe('The file is not complete: 5 of 10 bytes have been received.');
    const bob = desktop(server.url, 'bob');
    expect(await bob.finish(file)).toBe('There is no file with this id.');
    expect(await alice.finish(1)).toBe('There is no file with this id.');
  });

  it('of an empty file needs no part', async () => {
    const file = await alice.start('empty.bin', 0);
    expect(await alice.finish(file, md5(Buffer.alloc(0)))).toBe('');
    expect(await alice.names()).toEqual(['empty.bin']);
    expect((await alice.download(file)).text).toBe('');
  });

  it('of a complete file comes by itself at last', async () => {
    await sendAll();
    server.clock.advance(30 * 86400_000);
    await server.host.engine.expire();
    for (const sweep of (await fourshared.load()).sweeps?.(server.host, {
      keyLife: 1,
      expireAfter: 1,
      dataCenters: [],
    }) ?? [])
      await sweep.run(new AbortController().signal);
    expect(await usage()).toEqual({ reserved: 0, held: 10 });
    expect(await alice.names()).toEqual(['a.bin']);
  });

  it('goes to the root where the folder is gone by then', async () => {
    const dir = Number(await alice.ask('createNewFolder', -1, 'Inbox'));
    const file = await alice.start('a.bin', 10, dir);
    await post(form, { file, ...part(0, 5) });
    await alice.ask('deleteFolderFinal', dir);
    await post(form, { file, ...part(5, 10) });
    expect(await alice.finish(file, md5(ten))).toBe('');
    expect(await alice.names()).toEqual(['a.bin']);
  });
});

describe('an open upload', () => {
  it('tells with getFileInfo how many bytes are there without a hole', async () => {
    const file = await alice.start('a.bin', 10);
    const size = async () => textOf(await alice.ask('getFileInfo', file), 'size');
    expect(await size()).toBe('0');
    await post(form, { file, ...part(5, 10) });
    expect(await size()).toBe('0');
    await post(form, { file, ...part(0, 3) });
    expect(await size()).toBe('3');
    const info = await alice.ask('getFileInfo', file);
    expect(['empty', 'removed', 'downloadLink', 'md5', 'name'].map((name) => textOf(info, name))).toEqual([
      'false',
      'false',
      '',
      undefined,
      'a.bin',
    ]);
    expect(textOf(await desktop(server.url, 'bob').ask('getFileInfo', file), 'empty')).toBe('true');
  });
});

describe('an update', () => {
  const first = async (): Promise<number> => {
    const file = await alice.start('a.bin', 10);
    await post(form, { file, first: 0, bytes: ten });
    expect(await alice.finish(file, md5(ten))).toBe('');
    return file;
  };
  const newer = Buffer.from('newer bytes');
  const version = async (file: number) => textOf(await alice.ask('getFileInfo', file), 'version');

  it('keeps the id, and the old content until the new one is complete', async () => {
    const file = await first();
    expect(await version(file)).toBe('1');
    expect(Number(await alice.ask('uploadStartFileUpdate', file, '', newer.length))).toBe(file);
    await post(form, { file, first: 0, bytes: newer.subarray(0, 5) });
    expect((await alice.download(file)).text).toBe('0123456789');
    await post(form, { file, first: 5, bytes: newer.subarray(5) });
    expect(await alice.finish(file, md5(newer))).toBe('');
    expect((await alice.download(file)).text).toBe('newer bytes');
    expect([await version(file), await alice.names()]).toEqual(['2', ['a.bin']]);
    expect(await usage()).toEqual({ reserved: 0, held: newer.length });
  });

  it('with another MD5 brings the old content back', async () => {
    const file = await first();
    await alice.ask('uploadStartFileUpdate', file, 'b.bin', newer.length);
    await post(form, { file, first: 0, bytes: newer });
    expect((await alice.download(file)).text).toBe('newer bytes');
    expect(await alice.finish(file, md5(ten))).toContain(md5(newer));
    expect((await alice.download(file)).text).toBe('0123456789');
    expect(await alice.finish(file, md5(newer))).toBe('');
    expect((await alice.download(file)).text).toBe('newer bytes');
    expect(await alice.names()).toEqual(['b.bin']);
  });

  it('that is cancelled, or superseded by another, never happened', async () => {
    const file = await first();
    await alice.ask('uploadStartFileUpdate', file, '', 100);
    await alice.ask('uploadStartFileUpdate', file, '', newer.length);
    expect(await usage()).toEqual({ reserved: newer.length, held: 10 });
    await post(form, { file, first: 0, bytes: newer.subarray(0, 5) });
    await alice.ask('uploadCancelFile', file);
    expect(await usage()).toEqual({ reserved: 0, held: 10 });
    expect((await alice.download(file)).text).toBe('0123456789');
    expect(await alice.ask('uploadStartFileUpdate', 1_000_000_999, '', 10)).toBe('-1');
    expect(await desktop(server.url, 'bob').ask('uploadStartFileUpdate', file, '', 10)).toBe('-1');
  });
});

test('two files may have one name', async () => {
  for (let n = 0; n < 2; n += 1) {
    const file = await alice.start('a.bin', 10);
    await post(form, { file, first: 0, bytes: ten });
    expect(await alice.finish(file, md5(ten))).toBe('');
  }
  expect(itemsOf(await alice.ask('getItems', -1))).toHaveLength(2);
});
