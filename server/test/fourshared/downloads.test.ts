import { afterAll, beforeAll, expect, test } from 'vitest';
import { fourshared } from '../../src/dialects/fourshared/dialect.js';
import { type Server, serve } from '../memory-server.js';
import { type Desktop, desktop, md5, post } from './desktop.js';

const ten = Buffer.from('0123456789');

let server: Server;
let alice: Desktop;
let file: number;
beforeAll(async () => {
  server = await serve({ dialect: fourshared });
  alice = desktop(server.url);
  file = await alice.start('zoë’s photo & video.html', 10);
  await post(await alice.formUrl(), { file, first: 0, bytes: ten });
  await alice.finish(file, md5(ten));
});
afterAll(() => server.close());

test('a file is downloaded with its name and type, and does not run in a browser', async () => {
  const { status, text, headers } = await alice.download(file);
  expect([status, text]).toEqual([200, '0123456789']);
  expect(headers.get('content-type')).toBe('text/html');
  expect(headers.get('content-disposition')).toBe(
    `attachment; filename="zo__s photo & video.html"; filename*=UTF-8''zo%C3%AB%E2%80%99s%20photo%20%26%20video.html`,
  );
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test.each([
  ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
  ['bytes=7-', 206, '789', 'bytes 7-9/10'],
  ['bytes=-3', 206, '789', 'bytes 7-9/10'],
  ['bytes=10-', 416, '', 'bytes */10'],
])('%s', async (range, status, text, said) => {
  const answer = await alice.download(file, range);
  expect([answer.status, answer.text, answer.headers.get('content-range')]).toEqual([status, text, said]);
});

test('a part is sent only of what the client has the rest of', async () => {
  const link = await alice.ask('getDirectLink', await alice.ask('getFileDownloadLink', file));
  const etag = (await fetch(link, { method: 'HEAD' })).headers.get('etag') ?? '';
  const get = async (headers: Record<string, string>) => (await fetch(link, { headers })).status;
  expect(await get({ range: 'bytes=0-1', 'if-range': etag })).toBe(206);
  expect(await get({ range: 'bytes=0-1', 'if-range': '"other"' })).toBe(200);
  expect(await get({ 'if-none-match': `W/${etag}` })).toBe(304);
});

test('links are not to be guessed, and hold nothing that the Android library would rewrite', async () => {
  const page = await alice.ask('getFileDownloadLink', file);
  const link = await alice.ask('getDirectLink', page);
  const [, code = ''] = /\/get\/([0-9a-z]+)\//.exec(link) ?? [];
  expect(code.length).toBeGreaterThanOrEqual(26);
  expect(new URL(link).pathname).not.toMatch(/\.html|photo|office|video/);
  expect((await fetch(link.replace(code, `${code.slice(0, -1)}z`))).status).toBe(404);
});

test('the page of a file shows its name as text, and leads to its bytes', async () => {
  const other = await alice.start('<b>&.txt', 10);
  await post(await alice.formUrl(), { file: other, first: 0, bytes: ten });
  const link = await alice.ask('getFileDownloadLink', other);
  const html = await (await fetch(link)).text();
  expect(html).toContain('<h1>&lt;b&gt;&amp;.txt</h1>');
  const [, href = ''] = /href="([^"]+)"/.exec(html) ?? [];
  expect(await (await fetch(href)).text()).toBe('0123456789');
});

test('what lies in the recycle bin is not downloaded', async () => {
  const other = await alice.start('gone.txt', 10);
  await post(await alice.formUrl(), { file: other, first: 0, bytes: ten });
  const link = await alice.ask('getDirectLink', await alice.ask('getFileDownloadLink', other));
  await alice.ask('deleteFile', other);
  expect((await fetch(link)).status).toBe(404);
  await alice.ask('restoreFile', other);
  expect((await fetch(link)).status).toBe(200);
});
