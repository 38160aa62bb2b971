import { describe, expect, test } from 'vitest';
import { as } from '../memory-server.js';
import { chunk, create, eachWithServer, encode, files, listFiles, patch, restart, send } from './calls.js';

eachWithServer();

describe('concatenation', () => {
  const partial = (length: number) => create({ 'upload-concat': 'partial', 'upload-length': length });

  test('joins complete parts in order', async () => {
    const [a, b] = [await partial(5), await partial(6)];
    await patch(a, 0, 'hello');
    await patch(b, 0, ' world');
    expect((await send('HEAD', a)).headers).toMatchObject({
      'upload-concat': 'partial',
      'upload-offset': '5',
      'upload-length': '5',
    });
    expect(await listFiles()).toEqual([]);

    const concat = `final;${a} ${new URL(b).pathname}`;
    const metadata = `filename ${encode('joined.txt')}`;
    const url = await create({ 'upload-concat': concat, 'upload-metadata': metadata });
    expect((await send('HEAD', url)).headers).toMatchObject({
      'upload-concat': concat,
      'upload-metadata': metadata,
      'upload-offset': '11',
      'upload-length': '11',
    });
    expect((await send('GET', url)).body).toBe('hello world');
    expect(await listFiles()).toMatchObject([{ name: 'joined.txt' }]);
    expect((await patch(url, 11, '')).status).toBe(403);
  });

  test('uses a part as often as it is named', async () => {
    const a = await partial(2);
    await patch(a, 0, 'ha');
    const url = await create({ 'upload-concat': `final;${a} ${a} ${a}` });
    expect((await send('GET', url)).body).toBe('hahaha');
  });

  test('waits for parts that are not complete', async () => {
    const [a, b] = [await partial(5), await create({ 'upload-concat': 'partial', 'upload-defer-length': 1 })];
    await patch(a, 0, 'hello');
    const url = await create({ 'upload-concat': `final;${a} ${b}` });
    const before = await send('HEAD', url);
    expect(before.status).toBe(200);
    expect(before.headers).not.toHaveProperty('upload-offset');
    expect(before.headers).not.toHaveProperty('upload-length');
    expect((await patch(url, 0, 'hello')).status).toBe(403);
    expect((await send('GET', url)).status).toBe(409);

    await patch(b, 0, ' wor');
    await patch(b, 4, 'ld', { 'upload-length': 6 });
    expect(await listFiles()).toHaveLength(1);
    expect((await send('HEAD', url)).headers).toMatchObject({ 'upload-offset': '11', 'upload-length': '11' });
    expect((await send('GET', url)).body).toBe('hello world');
  });

  test('tells the length as soon as it can be calculated', async () => {
    const [a, b] = [await partial(5), await partial(6)];
    const url = await create({ 'upload-concat': `final;${a} ${b}` });
    const { headers } = await send('HEAD', url);
    expect(headers['upload-length']).toBe('11');
    expect(headers).not.toHaveProperty('upload-offset');
  });

  test('joins parts without bytes', async () => {
    const [a, b] = [await partial(0), await partial(2)];
    await patch(b, 0, 'hi');
    const url = await create({ 'upload-concat': `final;${a} ${b}` });
    expect((await send('GET', url)).body).toBe('hi');
    expect((await send('GET', await create({ 'upload-concat': `final;${a}` }))).body).toBe('');
  });

  test('takes parts that were created with their bytes', async () => {
    const headers = { ...chunk, 'upload-concat': 'partial', 'upload-length': 2 };
    const made = await send('POST', files, { headers, body: 'hi' });
    expect(made.headers['upload-offset']).toBe('2');
    const url = await create({ 'upload-concat': `final;${made.headers.location}` });
    expect((await send('GET', url)).body).toBe('hi');
  });

  test('refuses what are no parts of the caller', async () => {
    const own = await create({ 'upload-length': 5 });
    const foreign = (
      await send('POST', files, { headers: { ...as('bob'), 'upload-concat': 'partial', 'upload-length': 5 } })
    ).headers;
    const ended = await partial(5);
    await send('DELETE', ended);
    const statuses: [string, number][] = [
      ['final;', 400],
      ['final; ', 400],
      ['final;/elsewhere/a', 400],
      [`final;${own}`, 400],
      [`final;${files}nobody`, 404],
      [`final;${foreign.location}`, 404],
      [`final;${ended}`, 410],
    ];
    for (const [concat, status] of statuses)
      expect([concat, (await send('POST', files, { headers: { 'upload-concat': concat } })).status]).toEqual([
        concat,
        status,
      ]);
  });

  test('refuses a final upload with a length or bytes', async () => {
    const a = await partial(5);
    const headers = { 'upload-concat': `final;${a}` };
    expect((await send('POST', files, { headers: { ...headers, 'upload-length': 5 } })).status).toBe(400);
    expect((await send('POST', files, { headers: { ...headers, ...chunk }, body: 'hello' })).status).toBe(400);
  });

  test('refuses more than the largest size', async () => {
    await restart({ options: { maxSize: 8 } });
    const [a, b] = [await partial(5), await partial(6)];
    expect((await send('POST', files, { headers: { 'upload-concat': `final;${a} ${b}` } })).status).toBe(413);
  });
});
