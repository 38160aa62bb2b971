import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { ask } from '../crash/ask.js';
import { asStranger, besiege, chunkAt, createUpload, offsetOf, server, tus } from './siege.js';

besiege();

const encode = (text: string) => Buffer.from(text).toString('base64');

it.each(['-1', '99999999999999999999', '9007199254740992', '1e3', '0x10', '1.5', 'NaN', '', '5, 5'])(
  'Upload-Length: %s is refused',
  async (length) => {
    const answer = await tus({ method: 'POST', path: '/files/', headers: { 'upload-length': length } });
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toMatch(/Upload-Length/);
  },
);

it('an upload for which there can be no room is refused before its first byte', async () => {
  const answer = await tus({ method: 'POST', path: '/files/', headers: { 'upload-length': '9007199254740991' } });
  expect(answer.status).toBe(507);
});

it('offsets that are no numbers, or not where the upload goes on, change nothing', async () => {
  const path = await createUpload(10);
  const body = Buffer.from('0123');
  for (const offset of ['-1', '99999999999999999999', '1e1', 'x', '0, 0'])
    expect((await tus({ method: 'PATCH', path, headers: chunkAt(offset), body })).status, offset).toBe(400);
  for (const offset of ['1', '9', '10', '11', '9007199254740991'])
    expect((await tus({ method: 'PATCH', path, headers: chunkAt(offset), body })).status, offset).toBe(409);
  const { authorization } = { authorization: `Bearer ${server.key}` };
  const headers = { 'tus-resumable': '1.0.0', authorization, 'content-type': 'application/offset+octet-stream' };
  expect((await ask(server.port, { method: 'PATCH', path, headers, body })).status).toBe(400);
  expect(await offsetOf(path)).toBe(0);
});

it('a chunk that goes beyond the end of its upload leaves nothing behind', async () => {
  const path = await createUpload(10);
  const long = await tus({ method: 'PATCH', path, headers: chunkAt(0), body: Buffer.alloc(11) });
  expect(long.status).toBe(413);
  const endless = (async function* () {
    for (let count = 0; count < 100; count += 1) yield Buffer.alloc(65_536);
  })();
  const headers = { ...chunkAt(0), 'transfer-encoding': 'chunked' };
  expect((await tus({ method: 'PATCH', path, headers, body: endless })).status).toBe(413);
  expect(await offsetOf(path)).toBe(0);
});

it('checksums that are none, or of other bytes, let no byte in', async () => {
  const path = await createUpload(10);
  const body = Buffer.from('0123456789');
  const send = async (checksum: string) =>
    (await tus({ method: 'PATCH', path, headers: { ...chunkAt(0), 'upload-checksum': checksum }, body })).status;
  for (const bad of ['sha1', 'sha1 !!!!', 'sha1 QUJD', 'rot13 QUJD', `sha1 ${'A'.repeat(5000)}`, ''])
    expect(await send(bad), bad).toBe(400);
  expect(await send(`sha1 ${createHash('sha1').update('other').digest('base64')}`)).toBe(460);
  expect(await offsetOf(path)).toBe(0);
});

it.each([
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '../../etc/passwd',
  '..\\..\\etc\\passwd',
  '%00',
  '..%00',
  '%c0%ae%c0%ae',
  '%zz',
  '.',
  'x'.repeat(5000),
  "'%20OR%201=1",
])('the upload id %s names nothing', async (id) => {
  for (const method of ['HEAD', 'GET', 'PATCH', 'DELETE']) {
    const answer = await tus({ method, path: `/files/${id}`, headers: method === 'PATCH' ? chunkAt(0) : {} });
    expect([400, 404, 414], `${method}: ${answer.status}`).toContain(answer.status);
    expect(answer.body.toString()).not.toContain('root:');
  }
});

it('names that lead elsewhere lead nowhere', async () => {
  const outside = await readdir(server.dataDir);
  for (const name of [
    '../../../../tmp/evil',
    '..\\..\\evil',
    '/etc/evil',
    'evil\u0000.png',
    'a\r\nset-cookie: evil',
    '..',
  ])
    for (const key of ['filename', 'name']) {
      const path = await createUpload(0, { 'upload-metadata': `${key} ${encode(name)}` });
      const { status, headers } = await tus({ method: 'GET', path });
      expect(status).toBe(200);
      expect(headers['content-disposition']).not.toMatch(/\.\.|[/\\\r\n\0]/);
      expect(headers).not.toHaveProperty('set-cookie');
    }
  expect(await readdir(server.dataDir)).toEqual(outside);
});

it('metadata that is none is refused, and too much of it', async () => {
  const create = async (metadata: string) =>
    (await tus({ method: 'POST', path: '/files/', headers: { 'upload-length': 1, 'upload-metadata': metadata } }))
      .status;
  for (const bad of ['filename !!!', 'a YQ==,a YQ==', ',', 'a b c', 'filename Y']) expect(await create(bad)).toBe(400);
  expect(await create(`filename ${'A'.repeat(12_000)}`)).toBe(400);
  expect(await create(`filename ${'A'.repeat(60_000)}`)).toBe(431);
});

it('parts that are no partial uploads of the caller cannot be joined', async () => {
  const whole = await createUpload(3);
  const part = await createUpload(3, { 'upload-concat': 'partial' });
  const join = async (parts: string, by = tus) =>
    (await by({ method: 'POST', path: '/files/', headers: { 'upload-concat': `final;${parts}` } })).status;
  for (const parts of ['', '/files/../../etc/passwd', 'file:///etc/passwd', 'http://127.0.0.1:1/x', whole])
    expect(await join(parts), parts).toBe(400);
  expect(await join('/files/00000000000000000000000000')).toBe(404);
  expect(await join(part, asStranger)).toBe(404);
});

it("somebody else's upload looks like none, and goes on untouched", async () => {
  const path = await createUpload(10);
  expect((await tus({ method: 'PATCH', path, headers: chunkAt(0), body: Buffer.from('01234') })).status).toBe(204);
  const body = Buffer.from('evil');
  for (const method of ['HEAD', 'GET', 'DELETE']) expect((await asStranger({ method, path })).status).toBe(404);
  expect((await asStranger({ method: 'PATCH', path, headers: chunkAt(5), body })).status).toBe(404);
  for (const key of ['nonsense', '', `${server.key}x`, server.key.slice(0, -1)])
    for (const method of ['HEAD', 'GET', 'DELETE', 'PATCH'])
      expect((await tus({ method, path, headers: chunkAt(5) }, key)).status, key).toBe(401);
  expect(await offsetOf(path)).toBe(5);
  expect((await tus({ method: 'PATCH', path, headers: chunkAt(5), body: Buffer.from('56789') })).status).toBe(204);
  expect((await tus({ method: 'GET', path })).body.toString()).toBe('0123456789');
});
