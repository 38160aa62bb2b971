import type { OutgoingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import { chunk, create, eachWithServer, encode, files, listFiles, patch, restart, send, server } from './calls.js';

eachWithServer();

describe('creation', () => {
  test.each([
    {},
    { 'upload-length': '-5' },
    { 'upload-length': 'five' },
    { 'upload-length': '1e3' },
    { 'upload-length': '99999999999999999999' },
    { 'upload-length': ['5', '6'] },
    { 'upload-defer-length': '2' },
    { 'upload-length': '5', 'upload-defer-length': '1' },
    { 'upload-length': '5', 'upload-metadata': 'a MQ==,a MQ==' },
    { 'upload-length': '5', 'upload-metadata': 'a *' },
    { 'upload-length': '5', 'upload-metadata': `a ${'A'.repeat(8192)}` },
    { 'upload-length': '5', 'upload-metadata': `relativePath ${encode('Photos/../../a.jpg')}` },
    { 'upload-length': '5', 'upload-concat': 'some' },
  ])('is refused with %j', async (headers) => {
    const answer = await send('POST', files, { headers });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.body).toMatch(/^[A-Z"].*\.\n$/);
    expect(await server.host.engine.list()).toEqual([]);
  });

  test('of more than the largest size is refused', async () => {
    await restart({ options: { maxSize: 1000 } });
    expect((await send('POST', files, { headers: { 'upload-length': 1001 } })).status).toBe(413);
    await create({ 'upload-length': 1000 });
  });

  test('of more than there is room for is refused as such', async () => {
    await restart({ room: 1000 });
    expect((await send('POST', files, { headers: { 'upload-length': 1001 } })).status).toBe(507);
  });

  test('of more than the quota allows is refused for good', async () => {
    await server.host.accounts.amend('alice', { quota: 10 });
    expect((await send('POST', files, { headers: { 'upload-length': 11 } })).status).toBe(413);
  });

  test('of nothing makes an empty file', async () => {
    const url = await create({ 'upload-length': 0, 'upload-metadata': `filename ${encode('empty')}` });
    expect(await listFiles()).toMatchObject([{ name: 'empty' }]);
    expect((await send('HEAD', url)).headers).toMatchObject({ 'upload-offset': '0', 'upload-length': '0' });
    const got = await send('GET', url);
    expect(got).toMatchObject({ status: 200, body: '' });
    expect((await patch(url, 0, '')).status).toBe(204);
  });

  test('gives the address under which the client reached the server', async () => {
    await restart({ prefix: '/up', options: { path: 'tus/in' } });
    const answer = await send('POST', `${server.url}/tus/in`, {
      headers: { 'upload-length': 5, host: 'files.example:8080' },
    });
    expect(answer.headers.location).toMatch(/^http:\/\/files\.example:8080\/up\/tus\/in\/\w+$/);
    const { pathname } = new URL(answer.headers.location ?? '');
    expect((await send('HEAD', new URL(pathname, server.url).href)).status).toBe(200);
  });

  test('with a path makes its folders, once, below the one of the owner', async () => {
    for (const name of ['a.jpg', 'b.jpg'])
      await create({
        'upload-length': 0,
        'upload-metadata': `filename ${encode(name)},relativePath ${encode(`Photos/2026/${name}`)}`,
      });
    const { catalog, ledger } = server.host;
    const found = await ledger.read(async (facts) => {
      const [one, other] = await catalog.recent(facts);
      return { folders: [one?.folder, other?.folder], path: await catalog.pathOf(facts, one?.folder ?? 0) };
    });
    expect(found.path).toEqual(['alice', 'Photos', '2026']);
    expect(new Set(found.folders).size).toBe(1);
  });

  test('keeps files of one name apart', async () => {
    for (const body of ['one', 'two']) {
      const url = await create({ 'upload-length': 3, 'upload-metadata': `filename ${encode('same')}` });
      await patch(url, 0, body);
      expect((await send('GET', url)).body).toBe(body);
    }
    expect(await listFiles()).toHaveLength(2);
  });
});

describe('creation with upload', () => {
  const post = (body: string, headers: OutgoingHttpHeaders) =>
    send('POST', files, { headers: { ...chunk, ...headers }, body });

  test('takes a part of the bytes', async () => {
    const { status, headers } = await post('hello', { 'upload-length': 11 });
    expect(status).toBe(201);
    expect(headers['upload-offset']).toBe('5');
    const url = headers.location ?? '';
    expect((await patch(url, 5, ' world')).status).toBe(204);
    expect((await send('GET', url)).body).toBe('hello world');
  });

  test('takes all of the bytes', async () => {
    const { headers } = await post('hello', { 'upload-length': 5 });
    expect(headers['upload-offset']).toBe('5');
    expect(headers).not.toHaveProperty('upload-expires');
    expect(await listFiles()).toHaveLength(1);
  });

  test('takes bytes of a deferred length', async () => {
    const { headers } = await post('hello', { 'upload-defer-length': 1 });
    expect(headers['upload-offset']).toBe('5');
    expect((await patch(headers.location ?? '', 5, '', { 'upload-length': 5 })).status).toBe(204);
    expect(await listFiles()).toHaveLength(1);
  });

  test('says the offset also where no byte came', async () => {
    expect((await post('', { 'upload-length': 5 })).headers['upload-offset']).toBe('0');
    expect((await send('POST', files, { headers: { 'upload-length': 5 } })).headers).not.toHaveProperty(
      'upload-offset',
    );
  });

  test('leaves nothing behind when its bytes are refused', async () => {
    expect((await post('hello world', { 'upload-length': 5 })).status).toBe(413);
    expect(
      (await post('hello', { 'upload-length': 5, 'upload-checksum': 'sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=' })).status,
    ).toBe(460);
    expect((await send('POST', files, { headers: { 'upload-length': 5 }, body: 'hello' })).status).toBe(415);
    expect(await server.host.engine.list({ states: ['open', 'sealed', 'finished'] })).toEqual([]);
  });
});

describe('deferred length', () => {
  test('is told with a later chunk', async () => {
    const url = await create({ 'upload-defer-length': 1 });
    await patch(url, 0, 'hello');
    const before = await send('HEAD', url);
    expect(before.headers).toMatchObject({ 'upload-offset': '5', 'upload-defer-length': '1' });
    expect(before.headers).not.toHaveProperty('upload-length');

    expect((await patch(url, 5, ' wor', { 'upload-length': 11 })).status).toBe(204);
    const after = await send('HEAD', url);
    expect(after.headers).toMatchObject({ 'upload-offset': '9', 'upload-length': '11' });
    expect(after.headers).not.toHaveProperty('upload-defer-length');
    expect((await patch(url, 9, 'ld')).status).toBe(204);
    expect((await send('GET', url)).body).toBe('hello world');
  });

  test('cannot be changed once it is told', async () => {
    const url = await create({ 'upload-defer-length': 1 });
    await patch(url, 0, 'hello', { 'upload-length': 11 });
    expect((await patch(url, 5, ' world', { 'upload-length': 12 })).status).toBe(400);
    expect((await patch(url, 5, ' world', { 'upload-length': 11 })).status).toBe(204);
  });

  test.each([
    ['less than is there', 4, 400],
    ['no number', 'x', 400],
    ['more than the limit', 1001, 413],
    ['less than comes', 6, 413],
  ])('of %s is refused', async (_, length, status) => {
    await restart({ options: { maxSize: 1000 } });
    const url = await create({ 'upload-defer-length': 1 });
    await patch(url, 0, 'hello');
    expect((await patch(url, 5, ' world', { 'upload-length': length })).status).toBe(status);
    expect((await send('HEAD', url)).headers).toMatchObject({ 'upload-offset': '5', 'upload-defer-length': '1' });
  });

  test('does not lead past the limit', async () => {
    await restart({ options: { maxSize: 8 } });
    const url = await create({ 'upload-defer-length': 1 });
    await patch(url, 0, 'hello');
    expect((await patch(url, 5, ' world')).status).toBe(413);
    expect((await patch(url, 5, 'xxx')).status).toBe(204);
  });
});
