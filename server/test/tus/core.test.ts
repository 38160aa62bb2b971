import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { as } from '../memory-server.js';
import { chunk, create, eachWithServer, encode, files, listFiles, offsetOf, patch, send, server } from './calls.js';

eachWithServer();

describe('the core', () => {
  test('an upload is created, sent in two chunks, and becomes a file', async () => {
    const metadata = `filename ${encode('a/b/plan.txt')},filetype ${encode('text/plain')}`;
    const url = await create({ 'upload-length': 11, 'upload-metadata': metadata });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/files\/\w{26}$/);
    expect(await offsetOf(url)).toBe('0');

    const first = await patch(url, 0, 'hello ');
    expect(first).toMatchObject({ status: 204, body: '' });
    expect(first.headers['upload-offset']).toBe('6');
    expect(await listFiles()).toEqual([]);

    const last = await patch(url, 6, 'world');
    expect(last.status).toBe(204);
    expect(last.headers['upload-offset']).toBe('11');
    expect(last.headers).not.toHaveProperty('upload-expires');

    const head = await send('HEAD', url);
    expect(head.status).toBe(200);
    expect(head.headers).toMatchObject({
      'upload-offset': '11',
      'upload-length': '11',
      'upload-metadata': metadata,
      'cache-control': 'no-store',
    });
    const [file, ...others] = await listFiles();
    expect(others).toEqual([]);
    expect(file).toMatchObject({ name: 'plan.txt', type: 'text/plain', owner: 'alice', dialect: 'tus' });
    expect(file?.versions[0].size).toBe(11);
  });

  test('an offset that is not where the upload ends is a conflict', async () => {
    const url = await create({ 'upload-length': 11 });
    await patch(url, 0, 'hello');
    for (const offset of [0, 4, 6, 11, 12]) expect((await patch(url, offset, ' world')).status).toBe(409);
    expect(await offsetOf(url)).toBe('5');
  });

  test('a chunk beyond the end is refused whole', async () => {
    const url = await create({ 'upload-length': 5 });
    expect((await patch(url, 0, 'hello world')).status).toBe(413);
    expect(await offsetOf(url)).toBe('0');
    expect((await patch(url, 0, 'hello')).status).toBe(204);
    expect((await patch(url, 5, 'x')).status).toBe(413);
  });

  test('a chunked body of unknown length that goes beyond the end is refused', async () => {
    const url = await create({ 'upload-length': 5 });
    const headers = { ...chunk, 'upload-offset': 0 };
    expect((await send('PATCH', url, { headers, body: 'hello world', trailers: {} })).status).toBe(413);
    expect(await listFiles()).toEqual([]);
  });

  test('nothing, sent to the end of a complete upload, is no error', async () => {
    const url = await create({ 'upload-length': 5 });
    expect((await patch(url, 0, '')).headers['upload-offset']).toBe('0');
    await patch(url, 0, 'hello');
    const answer = await patch(url, 5, '');
    expect(answer.status).toBe(204);
    expect(answer.headers['upload-offset']).toBe('5');
    expect((await patch(url, 0, '')).status).toBe(409);
    expect(await listFiles()).toHaveLength(1);
  });

  test.each([undefined, 'text/plain', 'application/octet-stream', 'application/offset+octet-streams'])(
    'a chunk of type %j is refused',
    async (type) => {
      const url = await create({ 'upload-length': 5 });
      const headers = { 'upload-offset': 0, ...(type !== undefined && { 'content-type': type }) };
      expect((await send('PATCH', url, { headers, body: 'hello' })).status).toBe(415);
      expect(await offsetOf(url)).toBe('0');
    },
  );

  test.each(['-1', 'x', '1.5', '99999999999999999999', ''])('the offset %j is refused', async (offset) => {
    const url = await create({ 'upload-length': 5 });
    expect((await patch(url, offset, 'hello')).status).toBe(400);
  });

  test('a chunk without an offset is refused', async () => {
    const url = await create({ 'upload-length': 5 });
    expect((await send('PATCH', url, { headers: chunk, body: 'hello' })).status).toBe(400);
  });

  test.each(['nobody', '%2e%2e%2fetc', 'a%00b', 'é', 'x'.repeat(200)])('there is no upload %j', async (id) => {
    const url = `${files}${encodeURI(decodeURI(id))}`;
    const head = await send('HEAD', url);
    expect(head.status).toBe(404);
    expect(head.headers).not.toHaveProperty('upload-offset');
    expect((await patch(url, 0, 'hello')).status).toBe(404);
    expect((await send('DELETE', url)).status).toBe(404);
    expect((await send('GET', url)).status).toBe(404);
  });

  /** Sends the head of a PATCH that declares more than the bytes that it brings, and leaves the connection open. */
  const begin = (url: string, declared: number, bytes: Buffer, fields: readonly string[] = []): Socket => {
    const socket = connect(server.port, '127.0.0.1');
    const lines = [
      `PATCH ${new URL(url).pathname} HTTP/1.1`,
      'Host: localhost',
      'Tus-Resumable: 1.0.0',
      'Upload-Offset: 0',
      `Content-Type: ${chunk['content-type']}`,
      `Content-Length: ${declared}`,
      `Authorization: ${as('alice').authorization}`,
      ...fields,
    ];
    socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]));
    return socket;
  };

  const progress = () =>
    new Promise<void>((resolve) => {
      const stop = server.host.engine.listen(({ kind }) => {
        if (kind !== 'progressed') return;
        stop();
        resolve();
      });
    });

  const bytes = randomBytes(100_000);

  test('what arrived before a cut is kept', async () => {
    const url = await create({ 'upload-length': bytes.length });
    const progressed = progress();
    begin(url, bytes.length, bytes.subarray(0, 60_000)).end();
    await progressed;
    expect(await offsetOf(url)).toBe('60000');
    expect((await patch(url, 60_000, bytes.subarray(60_000))).status).toBe(204);
    const got = await fetch(url, { headers: as('alice') });
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('a client that comes back gets the upload from its own dead connection', async () => {
    const url = await create({ 'upload-length': bytes.length });
    const socket = begin(url, bytes.length, bytes.subarray(0, 60_000));
    // The dead request may still be on its way in when the first of these is answered.
    let status = 0;
    for (let attempt = 0; attempt < 10 && status !== 204; attempt += 1) {
      const offset = Number(await offsetOf(url));
      ({ status } = await patch(url, offset, bytes.subarray(offset)));
    }
    socket.destroy();
    expect(status).toBe(204);
    const got = await fetch(url, { headers: as('alice') });
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('a server that stops keeps what it has, and says where to go on', async () => {
    const url = await create({ 'upload-length': bytes.length });
    const socket = begin(url, bytes.length, Buffer.alloc(0), ['Expect: 100-continue']);
    // From now on the body is read.
    await once(socket, 'data');
    socket.write(bytes.subarray(0, 60_000));
    const drained = server.drain();
    const answer = String((await once(socket, 'data'))[0]);
    socket.destroy();
    await drained;
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    const { contiguous } = await server.host.engine.look(new URL(url).pathname.split('/').at(-1) ?? '');
    expect(answer.toLowerCase()).toContain(`\r\nupload-offset: ${contiguous}\r\n`);
  });

  test('of many requests for the same bytes one is taken', async () => {
    const url = await create({ 'upload-length': 5 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => patch(url, 0, 'hello')));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.every((status) => [204, 409, 423].includes(status))).toBe(true);
    expect(await listFiles()).toHaveLength(1);
    expect((await send('GET', url)).body).toBe('hello');
  });

  test('of a chunk with a checksum nothing is kept when it is cut', async () => {
    const url = await create({ 'upload-length': 100 });
    const socket = begin(url, 100, bytes.subarray(0, 60), ['Upload-Checksum: sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=']);
    socket.end();
    await text(socket);
    expect(await offsetOf(url)).toBe('0');
  });

  test('a client that waits for 100 Continue is refused before it sends a byte', async () => {
    const url = await create({ 'upload-length': 5 });
    const socket = begin(url, 500, Buffer.alloc(0), ['Expect: 100-continue']);
    const [refused] = await once(socket, 'data');
    socket.destroy();
    expect(String(refused)).toMatch(/^HTTP\/1\.1 413 /);
  });
});
