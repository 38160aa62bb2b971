import { describe, expect, test } from 'vitest';
import { as } from '../memory-server.js';
import {
  chunk,
  create,
  eachWithServer,
  encode,
  files,
  listFiles,
  offsetOf,
  patch,
  restart,
  send,
  server,
} from './calls.js';

eachWithServer();

describe('the protocol', () => {
  test('OPTIONS tells what there is, without a version or credentials', async () => {
    const { status, headers } = await send('OPTIONS', files, { version: null, headers: { authorization: '' } });
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'tus-resumable': '1.0.0',
      'tus-version': '1.0.0',
      'tus-extension':
        'creation,creation-with-upload,creation-defer-length,expiration,checksum,checksum-trailer,termination,concatenation,concatenation-unfinished',
      'tus-checksum-algorithm': 'crc32,md5,sha1,sha256,sha384,sha512',
    });
    expect(headers).not.toHaveProperty('tus-max-size');
  });

  test('OPTIONS tells the largest size where one is configured', async () => {
    await restart({ options: { maxSize: 1000, expireAfter: 0 } });
    const { headers } = await send('OPTIONS', `${files}any`);
    expect(headers['tus-max-size']).toBe('1000');
    expect(headers['tus-extension']).not.toContain('expiration');
  });

  test.each([null, '0.2.2', '1.0', '2.0.0'])('version %j is refused, and nothing is done', async (version) => {
    const url = await create({ 'upload-length': 5 });
    for (const [method, at] of [
      ['POST', files],
      ['HEAD', url],
      ['PATCH', url],
      ['DELETE', url],
    ] as const) {
      const headers = { ...chunk, 'upload-length': 5, 'upload-offset': 0 };
      const answer = await send(method, at, { version, headers });
      expect(answer.status).toBe(412);
      expect(answer.headers).toMatchObject({ 'tus-version': '1.0.0', 'tus-resumable': '1.0.0' });
    }
    expect(await offsetOf(url)).toBe('0');
    expect(await server.host.engine.list()).toHaveLength(1);
  });

  test('the version stands in refusals, too', async () => {
    for (const answer of [
      await send('PUT', files),
      await send('HEAD', `${files}nobody`),
      await send('POST', files, { headers: { authorization: '' } }),
    ])
      expect(answer.headers['tus-resumable']).toBe('1.0.0');
  });

  test('other methods are refused with those that are possible', async () => {
    const answer = await send('PUT', `${files}abc`);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('OPTIONS, HEAD, PATCH, DELETE, GET');
    expect((await send('GET', files)).status).toBe(405);
  });

  test('X-HTTP-Method-Override is the method', async () => {
    const url = await create({ 'upload-length': 5 });
    const headers = { ...chunk, 'upload-offset': 0, 'x-http-method-override': 'PATCH' };
    expect((await send('POST', url, { headers, body: 'hello' })).status).toBe(204);
    expect((await send('GET', url, { headers: { 'x-http-method-override': 'HEAD' } })).headers['upload-offset']).toBe(
      '5',
    );
    expect((await send('POST', url, { headers: { 'x-http-method-override': 'DELETE' } })).status).toBe(204);
  });
});

describe('whoever asks', () => {
  test('is asked for credentials', async () => {
    for (const headers of [{ authorization: '' }, { authorization: `Basic ${encode('alice:wrong')}` }]) {
      const answer = await send('POST', files, { headers: { ...headers, 'upload-length': 5 } });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('Basic realm="longshore"');
    }
  });

  test('needs none where an anonymous account is configured', async () => {
    await restart({ anonymous: 'bob' });
    const made = await fetch(files, { method: 'POST', headers: { 'tus-resumable': '1.0.0', 'upload-length': '0' } });
    expect(made.status).toBe(201);
    expect(await listFiles()).toMatchObject([{ owner: 'bob' }]);
  });

  test('does not see the uploads of others, unless an administrator', async () => {
    const url = await create({ 'upload-length': 11 });
    await patch(url, 0, 'hello');
    const headers = { ...as('bob'), ...chunk, 'upload-offset': 5 };
    for (const method of ['HEAD', 'PATCH', 'GET', 'DELETE'])
      expect((await send(method, url, { headers })).status).toBe(404);
    expect((await send('HEAD', url, { headers: as('root') })).headers['upload-offset']).toBe('5');
    await patch(url, 5, ' world');
    for (const method of ['HEAD', 'PATCH', 'GET', 'DELETE'])
      expect((await send(method, url, { headers })).status).toBe(404);
    expect((await send('GET', url, { headers: as('root') })).body).toBe('hello world');
  });

  test('has a folder, whatever the account is called', async () => {
    const names = ['ü'.repeat(127), 'DOMAIN\\ann', 'ann@example.com', 'ann'];
    for (const name of names) await server.host.accounts.add({ name, password: 'secret' });
    for (const name of names)
      expect((await send('POST', files, { headers: { ...as(name), 'upload-length': 0 } })).status).toBe(201);
    const folders = new Set((await listFiles()).map(({ folder }) => folder));
    expect(folders.size).toBe(4);
  });

  test('may not upload with a role that only views', async () => {
    expect((await send('POST', files, { headers: { ...as('victor'), 'upload-length': 5 } })).status).toBe(403);
  });

  test('is told to come back while the server drains', async () => {
    const url = await create({ 'upload-length': 5 });
    await server.host.engine.drain();
    const answer = await patch(url, 0, 'hello');
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  });
});
