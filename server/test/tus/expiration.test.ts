import { beforeEach, describe, expect, test } from 'vitest';
import { create, eachWithServer, files, listFiles, patch, restart, send, server } from './calls.js';

eachWithServer();

describe('expiration', () => {
  const hour = 3_600_000;
  beforeEach(() => restart({ options: { expireAfter: hour } }));

  test('is told, and moves with every chunk', async () => {
    const made = await send('POST', files, { headers: { 'upload-length': 11 } });
    expect(made.headers['upload-expires']).toBe('Thu, 01 Jan 2026 01:00:00 GMT');
    const url = made.headers.location ?? '';
    server.clock.advance(hour / 2);
    expect((await patch(url, 0, 'hello')).headers['upload-expires']).toBe('Thu, 01 Jan 2026 01:30:00 GMT');
    expect((await send('HEAD', url)).headers['upload-expires']).toBe('Thu, 01 Jan 2026 01:30:00 GMT');
  });

  test.each([
    ['before', false],
    ['after', true],
  ])('ends an upload, %s the sweep', async (_, swept) => {
    const url = await create({ 'upload-length': 5 });
    server.clock.advance(hour);
    if (swept) expect(await server.host.engine.expire()).toBe(1);
    const head = await send('HEAD', url);
    expect(head.status).toBe(410);
    expect(head.headers).not.toHaveProperty('upload-offset');
    expect((await patch(url, 0, 'hello')).status).toBe(410);
  });

  test('does not end a file', async () => {
    const url = await create({ 'upload-length': 5 });
    await patch(url, 0, 'hello');
    server.clock.advance(2 * hour);
    await server.host.engine.expire();
    expect((await send('HEAD', url)).status).toBe(200);
  });
});

describe('termination', () => {
  test('ends an unfinished upload', async () => {
    const url = await create({ 'upload-length': 11 });
    await patch(url, 0, 'hello');
    expect(await send('DELETE', url)).toMatchObject({ status: 204, body: '' });
    for (const answer of [await send('HEAD', url), await patch(url, 5, ' world'), await send('DELETE', url)])
      expect(answer.status).toBe(410);
  });

  test('removes the file of a finished upload', async () => {
    const url = await create({ 'upload-length': 5 });
    await patch(url, 0, 'hello');
    expect((await send('DELETE', url)).status).toBe(204);
    expect(await listFiles()).toEqual([]);
    for (const method of ['HEAD', 'GET', 'DELETE']) expect((await send(method, url)).status).toBe(404);
  });
});
