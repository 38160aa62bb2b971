import { crc32 } from 'node:zlib';
import { upload } from '@longshore/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { atOnce } from '../../../client/src/testing/server.js';
import { type FaultProxy, faultProxy } from '../fault-proxy.js';
import { cancelBegun, leaveAndGoOn } from '../left-uploads.js';
import { eachWithServer, readAnswer, server, ways } from './calls.js';

const bytes = Uint8Array.from({ length: 1_000_000 }, (_, at) => (at * 2_654_435_761) >>> 24);
const file = new File([bytes], 'lake & shore.bin', { lastModified: Date.UTC(2026, 0, 1) });

eachWithServer();

let proxy: FaultProxy;
beforeEach(async () => {
  proxy = await faultProxy(server.port);
});
afterEach(() => proxy.close());

const options = () => ({ url: proxy.url, user: 'alice', password: 'secret', chunkSize: 262_144 });

/** What the server tells of the document: its checksum. */
const checksum = async (path: string): Promise<string | undefined> => {
  const login = await readAnswer(await ways.get(server.url, 'AuthenticateUser', { UID: 'alice', PWD: 'secret' }));
  const AuthenticationTicket = login.attributes.ticket ?? '';
  const told = await readAnswer(await ways.get(server.url, 'GetDownloadInfo', { AuthenticationTicket, Path: path }));
  return told.attributes.CRC32;
};
const whole = crc32(bytes).toString(16).padStart(8, '0');

test('a file becomes a document', async () => {
  const { contentId, size } = await upload('inforouter', file, { ...options(), comment: 'first' }).done;
  expect(size).toBe(bytes.length);
  expect(Number(contentId)).toBeGreaterThan(0);
  expect(await checksum('/Documents/lake _ shore.bin')).toBe(whole);
});

test('an empty file becomes an empty document', async () => {
  await upload('inforouter', new File([], 'nothing.txt'), options()).done;
  expect(await checksum('/Documents/nothing.txt')).toBe('00000000');
});

test('what is missing of a folder is made where that is wanted, also by several uploads at once', async () => {
  const folder = '/Documents/Letters/2026';
  const send = (fileName: string) =>
    upload('inforouter', file, { ...options(), folder, createFolder: true, fileName }).done;
  await Promise.all([send('a.bin'), send('b.bin')]);
  await send('c.bin');
  for (const name of ['a', 'b', 'c']) expect(await checksum(`${folder}/${name}.bin`)).toBe(whole);
});

test('cuts in the middle cost no byte, whichever answer is lost', async () => {
  const faults = (['cut', 'lose-answer'] as const).flatMap((kind) =>
    [300_000, 450_000, 700_000, 1_000_500].map((after) => ({ kind, after })),
  );
  for (const fault of faults) {
    proxy.order(fault);
    const name = `${fault.kind}-${fault.after}.bin`;
    await upload('inforouter', file, { ...options(), fileName: name, retry: atOnce }).done;
    expect(await checksum(`/Documents/${name}`)).toBe(whole);
  }
  expect(proxy.happened()).toBe(faults.length);
});

test('an upload that was left goes on from what the server holds', async () => {
  const { size } = await leaveAndGoOn((more) => upload('inforouter', file, { ...options(), ...more }));
  expect(size).toBe(bytes.length);
  expect(await checksum('/Documents/lake _ shore.bin')).toBe(whole);
});

test('a cancelled upload is dropped on the server', async () => {
  await cancelBegun(upload('inforouter', file, options()));
  expect(await server.host.engine.list({ states: ['open', 'sealed'] })).toEqual([]);
});

test('a folder that is not there and a wrong password are said in the server’s words', async () => {
  await expect(upload('inforouter', file, { ...options(), folder: '/Documents/None' }).done).rejects.toThrow(
    'Folder not found.',
  );
  await expect(upload('inforouter', file, { ...options(), password: 'wrong' }).done).rejects.toThrow(
    '[900] Authentication failed',
  );
});
