import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tus } from '../src/dialects/tus/dialect.js';
import { algorithms } from '../src/engine/digests.js';
import { as, type Server, type ServeSpec, serve } from './memory-server.js';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Call {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Sends the body in chunks, with these fields behind it. */
  readonly trailers?: Record<string, string>;
  readonly version?: string | null;
}

const send = (
  method: string,
  url: string,
  { headers = {}, body, trailers, version = '1.0.0' }: Call = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const given = { ...as('alice'), ...(version !== null && { 'tus-resumable': version }), ...headers };
    const length = trailers || body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method, headers: { ...given, ...length }, agent: false }, (response) => {
      text(response).then(
        (answer) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer }),
        reject,
      );
    });
    sent.on('error', reject);
    if (body !== undefined) sent.write(body);
    if (trailers) sent.addTrailers(trailers);
    sent.end();
  });

const chunk = { 'content-type': 'application/offset+octet-stream' };
const encode = (value: string) => Buffer.from(value).toString('base64');

let server: Server;
let files: string;

const restart = async (spec: Partial<ServeSpec<typeof tus.options>> = {}) => {
  await server.close();
  await start(spec);
};
const start = async (spec: Partial<ServeSpec<typeof tus.options>> = {}) => {
  server = await serve({ dialect: tus, ...spec });
  files = `${server.url}/files/`;
};

beforeEach(() => start());
afterEach(() => server.close());

/** Creates an upload and gives back its address. */
const create = async (headers: OutgoingHttpHeaders): Promise<string> => {
  const answer = await send('POST', files, { headers });
  expect(answer).toMatchObject({ status: 201, body: '' });
  return answer.headers.location ?? '';
};

const patch = (url: string, offset: number | string, body: string | Buffer, headers: OutgoingHttpHeaders = {}) =>
  send('PATCH', url, { headers: { ...chunk, 'upload-offset': offset, ...headers }, body });

const offsetOf = async (url: string): Promise<string | undefined> => {
  const { headers } = await send('HEAD', url);
  return headers['upload-offset'] as string | undefined;
};

const listFiles = () => server.host.ledger.read((facts) => server.host.catalog.recent(facts));

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

describe('checksums', () => {
  const digest = (algorithm: string, bytes: string): string => {
    if (algorithm !== 'crc32') return createHash(algorithm).update(bytes).digest('base64');
    const four = Buffer.alloc(4);
    four.writeUInt32BE(crc32(bytes));
    return four.toString('base64');
  };

  test.each(algorithms)('%s in a header', async (algorithm) => {
    const url = await create({ 'upload-length': 5 });
    const wrong = await patch(url, 0, 'hello', { 'upload-checksum': `${algorithm} ${digest(algorithm, 'hullo')}` });
    expect(wrong.status).toBe(460);
    expect(await offsetOf(url)).toBe('0');
    const right = await patch(url, 0, 'hello', { 'upload-checksum': `${algorithm} ${digest(algorithm, 'hello')}` });
    expect(right.status).toBe(204);
    expect(await listFiles()).toHaveLength(1);
  });

  const trailing = (url: string, trailers: Record<string, string>) =>
    send('PATCH', url, {
      headers: { ...chunk, 'upload-offset': 0, trailer: 'Upload-Checksum' },
      body: 'hello',
      trailers,
    });

  test.each(algorithms)('%s in a trailer', async (algorithm) => {
    const url = await create({ 'upload-length': 5 });
    expect((await trailing(url, { 'Upload-Checksum': `${algorithm} ${digest(algorithm, 'hullo')}` })).status).toBe(460);
    expect(await offsetOf(url)).toBe('0');
    expect((await trailing(url, { 'Upload-Checksum': `${algorithm} ${digest(algorithm, 'hello')}` })).status).toBe(204);
    expect(await listFiles()).toHaveLength(1);
  });

  test('a trailer that was announced and does not come, or is not one, is refused', async () => {
    const url = await create({ 'upload-length': 5 });
    for (const trailers of [{}, { 'Upload-Checksum': 'sha1 x' }, { 'Upload-Checksum': 'sha3 AAAA' }] as Record<
      string,
      string
    >[])
      expect((await trailing(url, trailers)).status).toBe(400);
    expect(await offsetOf(url)).toBe('0');
    expect((await patch(url, 0, 'hello')).status).toBe(204);
  });

  test.each(['sha3 AAAA', 'sha1', 'sha1 AAAA', 'sha1 !', 'SHA1 qvTGHdzF6KLavt4PO0gs2a6pQ00='])(
    '%j is refused',
    async (checksum) => {
      const url = await create({ 'upload-length': 5 });
      expect((await patch(url, 0, 'hello', { 'upload-checksum': checksum })).status).toBe(400);
      expect(await offsetOf(url)).toBe('0');
    },
  );
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
