import { describe, expect, test } from 'vitest';
import { chunk, create, eachWithServer, encode, files, patch, send, server } from './calls.js';

eachWithServer();

describe('a finished file', () => {
  const upload = async (name: string, type: string, body = 'hello world') => {
    const metadata = `filename ${encode(name)},filetype ${encode(type)}`;
    const headers = { ...chunk, 'upload-length': body.length, 'upload-metadata': metadata };
    return (await send('POST', files, { headers, body })).headers.location ?? '';
  };

  test('is served as a download, without tus', async () => {
    const url = await upload('größe "x".html', 'text/html');
    const { status, headers, body } = await send('GET', url, { version: null });
    expect(status).toBe(200);
    expect(body).toBe('hello world');
    expect(headers).toMatchObject({
      'content-length': '11',
      'content-type': 'text/html',
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      'tus-resumable': '1.0.0',
    });
    expect(headers['content-disposition']).toMatch(/^attachment;/);
    expect(headers['content-disposition']).toContain("filename*=UTF-8''gr%C3%B6%C3%9Fe%20%22x%22.html");
  });

  test.each([
    ['bytes=0-4', 206, 'hello', 'bytes 0-4/11'],
    ['bytes=6-', 206, 'world', 'bytes 6-10/11'],
    ['bytes=-5', 206, 'world', 'bytes 6-10/11'],
    ['bytes=0-999', 206, 'hello world', 'bytes 0-10/11'],
    ['lines=1-2', 200, 'hello world', undefined],
  ])('is served by range: %s', async (range, status, body, contentRange) => {
    const url = await upload('a', 'text/plain');
    const answer = await send('GET', url, { headers: { range } });
    expect(answer).toMatchObject({ status, body });
    expect(answer.headers['content-range']).toBe(contentRange);
  });

  test('has no bytes beyond its end', async () => {
    const url = await upload('a', 'text/plain');
    const answer = await send('GET', url, { headers: { range: 'bytes=11-' } });
    expect(answer.status).toBe(416);
    expect(answer.headers['content-range']).toBe('bytes */11');
  });

  test('has an ETag that spares sending it again', async () => {
    const url = await upload('a', 'text/plain');
    const { etag } = (await send('GET', url)).headers;
    expect(etag).toMatch(/^"[^"]+"$/);
    expect(await send('GET', url, { headers: { 'if-none-match': etag } })).toMatchObject({ status: 304, body: '' });
    expect((await send('GET', url, { headers: { 'if-range': etag, range: 'bytes=0-4' } })).status).toBe(206);
    expect((await send('GET', url, { headers: { 'if-range': '"other"', range: 'bytes=0-4' } })).status).toBe(200);
  });

  test('is not there before it is finished', async () => {
    const url = await create({ 'upload-length': 11 });
    await patch(url, 0, 'hello');
    const answer = await send('GET', url);
    expect(answer).toMatchObject({ status: 409, body: '5 of 11 bytes are there.\n' });
  });

  test('is gone when it was removed elsewhere', async () => {
    const url = await upload('a', 'text/plain');
    await server.host.ledger.transact(async (facts) => {
      const [file] = await server.host.catalog.recent(facts);
      if (file) await server.host.catalog.removeFile(facts, file.id);
    });
    expect((await send('GET', url)).status).toBe(410);
  });
});
