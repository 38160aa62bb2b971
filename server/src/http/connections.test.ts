import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { dial, type RawSocket } from '../../test/raw-socket.js';
import { silentLog } from '../kit/log.js';
import { defaultsOf } from '../kit/options.js';
import { text } from './answers.js';
import { BodyCut, type Exchange, type Reply } from './exchange.js';
import { type Listener, listen } from './listener.js';
import { type HttpOptions, httpOptions } from './options.js';
import type { RequestFacts } from './serve.js';

const open = new Set<Listener>();
const dialled = new Set<RawSocket>();
afterEach(async () => {
  for (const each of dialled) each.cut();
  for (const each of open) await each.close();
  dialled.clear();
  open.clear();
});

/** A server that answers everything at `/` with `handle`, and a connection to it. */
const start = async (handle: (exchange: Exchange) => Promise<Reply>, options: Partial<HttpOptions> = {}) => {
  const seen: RequestFacts[] = [];
  const listener = await listen({
    mounts: [{ routes: [{ name: 'test', methods: ['*'], path: '/*', handle }] }],
    options: { ...defaultsOf(httpOptions), port: 0, ...options },
    log: silentLog,
    observe: (facts) => seen.push(facts),
  });
  open.add(listener);
  const connect = async () => {
    const raw = await dial(listener.address);
    dialled.add(raw);
    return raw;
  };
  return { listener, seen, connect, raw: await connect() };
};

const head = (line: string, ...headers: string[]) => [line, 'Host: x', ...headers, '', ''].join('\r\n');

/** Reads the whole body; says its length and what ended it. */
const swallow = async (exchange: Exchange): Promise<{ bytes: number; error: unknown }> => {
  let bytes = 0;
  try {
    for await (const piece of exchange.body()) bytes += piece.length;
    return { bytes, error: undefined };
  } catch (error) {
    return { bytes, error };
  }
};

const count = async (exchange: Exchange) => text(200, `${(await swallow(exchange)).bytes} bytes`);

/** A promise and how to keep it. */
const promised = <T>() => {
  let keep: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    keep = resolve;
  });
  return { promise, keep };
};

test.each(['100-continue', '100-Continue'])('Expect: %s is answered when the body is first read', async (expect_) => {
  const { raw } = await start(count);
  await raw.send(head('PUT / HTTP/1.1', 'Content-Length: 5', `Expect: ${expect_}`));
  await raw.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
  await raw.send('hello');
  expect(await raw.until(/bytes\n/)).toMatch(/HTTP\/1\.1 200 OK\r\n[^]*5 bytes/);
});

test('a request that waits for 100 Continue can be refused before its bytes travel', async () => {
  const { raw, seen } = await start(async () => text(413, 'Too big.'));
  await raw.send(head('PUT / HTTP/1.1', 'Content-Length: 99999999999', 'Expect: 100-continue'));
  const answer = await raw.until(/Too big/);
  expect(answer).not.toContain('100 Continue');
  expect(answer).toMatch(/connection: close/i);
  raw.cut();
  await expect.poll(() => seen).toMatchObject([{ status: 413, bytesIn: 0 }]);
});

test('a refusal reaches a client that is still sending', async () => {
  const { raw } = await start(async () => text(403, 'No.'));
  const piece = Buffer.alloc(1 << 20, 'x');
  await raw.send(head('PUT / HTTP/1.1', `Content-Length: ${64 * piece.length}`));
  for (let sent = 0; sent < 64; sent += 1) await raw.send(piece);
  expect(await raw.ended()).toMatch(/^HTTP\/1\.1 403 [^]*No\.\n$/);
});

test('a client that goes on sending for ever is cut after the grace', async () => {
  const { raw, seen } = await start(async () => text(403, 'No.'), { lingerMs: 50 });
  await raw.send(head('PUT / HTTP/1.1', 'Transfer-Encoding: chunked'));
  await raw.send('5\r\nhello\r\n');
  expect(await raw.ended()).toContain('No.');
  await expect.poll(() => seen.length).toBe(1);
});

test('a small rest of a body is read, and the connection kept', async () => {
  const { raw } = await start(async (exchange) => {
    if (exchange.path === '/some') for await (const _ of exchange.body()) break;
    return text(exchange.path === '/next' ? 200 : 409, exchange.path);
  });
  for (const path of ['/none', '/some']) {
    await raw.send(head(`PUT ${path} HTTP/1.1`, 'Content-Length: 200000') + 'x'.repeat(70_000));
    await raw.until(new RegExp(`409 [^]*${path}\n$`));
    await raw.send('x'.repeat(130_000));
  }
  await raw.send(head('GET /next HTTP/1.1'));
  expect(await raw.until(/\/next\n/)).not.toMatch(/connection: close/i);
});

test('a body that is all there and only half read does not block the next request', async () => {
  const { raw } = await start(async (exchange) => {
    for await (const _ of exchange.body()) break;
    return text(200, exchange.path);
  });
  await raw.send(
    `${head('PUT /a HTTP/1.1', 'Transfer-Encoding: chunked')}1\r\nx\r\n1\r\ny\r\n0\r\n\r\n${head('GET /b HTTP/1.1')}`,
  );
  await raw.until(/\/a\n[^]*\/b\n/);
});

test.each([
  ['declared', 'Content-Length: 100', 'x'.repeat(40)],
  ['chunked', 'Transfer-Encoding: chunked', `28\r\n${'x'.repeat(40)}\r\n`],
])('a %s body whose sender hangs up is cut, after all that came', async (_, framing, bytes) => {
  const result = promised<{ bytes: number; error: unknown; gone: boolean }>();
  const { raw, seen } = await start(async (exchange) => {
    const { gone } = exchange;
    const hung = new Promise((resolve) => gone.addEventListener('abort', resolve));
    const read = await swallow(exchange);
    await hung;
    result.keep({ ...read, gone: gone.aborted });
    return text(200, 'nobody hears this');
  });
  await raw.send(head('PUT / HTTP/1.1', framing) + bytes);
  await expect.poll(() => raw.socket.bytesWritten).toBeGreaterThan(40);
  raw.socket.end();
  const { bytes: kept, error, gone } = await result.promise;
  expect(error).toBeInstanceOf(BodyCut);
  expect([kept, gone]).toEqual([40, true]);
  await expect.poll(() => seen).toMatchObject([{ status: 499, bytesIn: 40 }]);
});

test('a body that falls silent is cut; the answer can still be given', async () => {
  const { raw } = await start(
    async (exchange) => {
      const { bytes, error } = await swallow(exchange);
      return text(error instanceof BodyCut ? 202 : 200, `kept ${bytes}`);
    },
    { idleTimeoutMs: 80, lingerMs: 50 },
  );
  await raw.send(`${head('PATCH / HTTP/1.1', 'Content-Length: 100000000')}hello`);
  expect(await raw.ended()).toMatch(/^HTTP\/1\.1 202 [^]*kept 5/);
});

test('a BodyCut that a handler lets through is a 408, not a fault', async () => {
  const { raw } = await start(
    async (exchange) => {
      for await (const _ of exchange.body());
      return text(200, '');
    },
    { idleTimeoutMs: 50, lingerMs: 50 },
  );
  await raw.send(head('PUT / HTTP/1.1', 'Content-Length: 9'));
  expect(await raw.ended()).toMatch(/^HTTP\/1\.1 408 /);
});

test('a slow but living body is not cut, and a slow reader loses nothing', async () => {
  const { raw } = await start(
    async (exchange) => {
      const digest = createHash('sha1');
      for await (const piece of exchange.body()) {
        digest.update(piece);
        // Slower than the socket, so that it has to be stopped and started.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return text(200, digest.digest('hex'));
    },
    { idleTimeoutMs: 2_000 },
  );
  const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7919) % 251));
  await raw.send(head('PUT / HTTP/1.1', `Content-Length: ${bytes.length}`));
  for (let at = 0; at < 100; at += 1) await raw.send(bytes.subarray(at, at + 1));
  await raw.send(bytes.subarray(100));
  await raw.until(new RegExp(createHash('sha1').update(bytes).digest('hex')));
});

test('trailers are there after the body', async () => {
  const { raw } = await start(async (exchange) => {
    const before = exchange.trailers()['upload-checksum'];
    const { bytes } = await swallow(exchange);
    return text(200, `${before} ${bytes} ${exchange.trailers()['upload-checksum']}`);
  });
  await raw.send(head('PATCH / HTTP/1.1', 'Transfer-Encoding: chunked', 'Trailer: Upload-Checksum'));
  await raw.send('5\r\nhello\r\n0\r\nUpload-Checksum: sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00=\r\n\r\n');
  expect(await raw.until(/200 OK[^]*\n$/)).toContain('undefined 5 sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00=');
});

test('what is known of the length', async () => {
  const { raw } = await start(async (exchange) => {
    await swallow(exchange);
    return text(200, `length ${exchange.length}`);
  });
  await raw.send(head('GET / HTTP/1.1'));
  await raw.until(/length 0\n/);
  await raw.send(`${head('PUT / HTTP/1.1', 'Content-Length: 3')}abc`);
  await raw.until(/length 3\n/);
  await raw.send(`${head('PUT / HTTP/1.1', 'Transfer-Encoding: chunked')}0\r\n\r\n`);
  await raw.until(/length null\n/);
});

test('an interim answer goes before the answer, but not to HTTP/1.0', async () => {
  const { raw, connect } = await start(async (exchange) => {
    exchange.inform(104, { 'upload-draft-interop-version': 6 });
    return text(201, 'made');
  });
  await raw.send(head('POST / HTTP/1.1', 'Connection: close'));
  expect(await raw.ended()).toMatch(/^HTTP\/1\.1 104 \w+\r\nupload-draft-interop-version: 6\r\n\r\nHTTP\/1\.1 201 /);
  const old = await connect();
  await old.send(head('POST / HTTP/1.0'));
  expect(await old.ended()).toMatch(/^HTTP\/1\.1 201 /);
});

test('HTTP/1.0 gets no chunks, Connection: close gets its like', async () => {
  const stream = async function* () {
    yield Buffer.from('one ');
    yield Buffer.from('two');
  };
  const { raw, connect } = await start(async ({ path }) =>
    path === '/text' ? text(200, 'text') : { status: 200, body: stream() },
  );
  await raw.send(head('GET / HTTP/1.0'));
  const streamed = await raw.ended();
  expect(streamed).not.toMatch(/transfer-encoding/i);
  expect(streamed.endsWith('\r\n\r\none two')).toBe(true);
  const second = await connect();
  await second.send(head('GET /text HTTP/1.0'));
  expect(await second.ended()).toMatch(/content-length: 5/i);
  const third = await connect();
  await third.send(head('GET / HTTP/1.1', 'Connection: close'));
  // Node may send two writes as one chunk.
  expect(await third.ended()).toMatch(/connection: close[^]*\r\n(4\r\none \r\n3\r\ntwo|7\r\none two)\r\n0\r\n\r\n$/i);
});

test('dribbling headers get 408 and are cut', async () => {
  const { raw } = await start(count, { headersTimeoutMs: 100 });
  await raw.send('GET / HTTP/1.1\r\nHo');
  expect(await raw.ended()).toMatch(/^HTTP\/1\.1 408 /);
});

test('a reader that leaves without a word is not in the way of hearing that the client is gone', async () => {
  const { raw, seen } = await start(
    async (exchange) => {
      await exchange.body()[Symbol.asyncIterator]().next();
      return text(507, 'No room.');
    },
    { lingerMs: 600_000 },
  );
  await raw.send(head('PUT / HTTP/1.1', 'Content-Length: 100000000'));
  void raw.send(Buffer.alloc(4_000_000));
  await raw.until(/^HTTP\/1\.1 507 /);
  raw.cut();
  await expect.poll(() => seen).toMatchObject([{ status: 507 }]);
});

test('a client that sends on and on in its header still hears that it is refused', async () => {
  const { raw } = await start(count, { lingerMs: 2_000 });
  await raw.send('GET / HTTP/1.1\r\nx: ');
  let heard = false;
  const answer = raw.until(/\r\n\r\n/).finally(() => {
    heard = true;
  });
  for (let pieces = 0; pieces < 1_000 && !heard; pieces += 1)
    await Promise.race([raw.send('y'.repeat(2 ** 16)), answer]);
  expect(await answer).toMatch(/^HTTP\/1\.1 431 /);
  raw.cut();
});

test('too big and too many headers get 431, nonsense 400', async () => {
  const { raw, connect } = await start(count, { maxHeaderBytes: 4096, maxHeaderCount: 20 });
  await raw.send(head('GET / HTTP/1.1', `X: ${'x'.repeat(5000)}`));
  expect(await raw.ended()).toMatch(/^HTTP\/1\.1 431 /);
  const many = await connect();
  await many.send(head('GET / HTTP/1.1', ...Array.from({ length: 30 }, (_, index) => `X-${index}: 1`)));
  expect(await many.ended()).toMatch(/^HTTP\/1\.1 431 /);
  const few = await connect();
  await few.send(head('GET / HTTP/1.1', ...Array.from({ length: 19 }, (_, index) => `X-${index}: 1`)));
  await few.until(/^HTTP\/1\.1 200 /);
  const nonsense = await connect();
  await nonsense.send('hello?\r\n\r\n');
  expect(await nonsense.ended()).toMatch(/^HTTP\/1\.1 400 /);
});

test('draining lets a running upload end and refuses new requests', async () => {
  const reading = promised<void>();
  const { raw, connect, listener } = await start(async (exchange) => {
    if (exchange.path === '/idle') return text(200, 'idle');
    const { finishSoon } = exchange;
    const asked = new Promise((resolve) => finishSoon.addEventListener('abort', resolve));
    const read = swallow(exchange);
    reading.keep();
    await asked;
    return text(200, `kept ${(await read).bytes}, asked ${finishSoon.aborted}`);
  });
  const kept = await connect();
  await kept.send(head('GET /idle HTTP/1.1'));
  await kept.until(/idle\n/);
  await raw.send(`${head('PUT / HTTP/1.1', 'Content-Length: 10')}hello`);
  await reading.promise;
  const drained = listener.drain();
  await kept.send(head('GET /idle HTTP/1.1'));
  expect(await kept.ended()).toMatch(/HTTP\/1\.1 503 [^]*retry-after: 5[^]*connection: close/i);
  await expect(connect()).rejects.toThrow('ECONNREFUSED');
  await raw.send('world');
  expect(await raw.ended()).toMatch(/200 OK[^]*connection: close[^]*kept 10, asked true/i);
  await drained;
});

test('draining ends after its time, with whatever still runs', async () => {
  const result = promised<unknown>();
  const { raw, listener } = await start(
    async (exchange) => {
      const { error } = await swallow(exchange);
      result.keep(error);
      return text(200, '');
    },
    { drainMs: 50 },
  );
  await raw.send(`${head('PUT / HTTP/1.1', 'Content-Length: 10', 'Expect: 100-continue')}`);
  await raw.until(/100 Continue/);
  await listener.drain();
  expect(await result.promise).toBeInstanceOf(BodyCut);
  await raw.ended();
});

test('garbage behind a request does not spoil the answer that is on its way', async () => {
  const go = promised<void>();
  const { raw } = await start(async () => ({
    status: 200,
    headers: { 'content-length': 8 },
    body: (async function* () {
      yield Buffer.from('half');
      await go.promise;
      yield Buffer.from('half');
    })(),
  }));
  await raw.send(head('GET / HTTP/1.1'));
  await raw.until(/half$/);
  await raw.send('garbage\r\n\r\n');
  const all = await raw.ended();
  go.keep();
  expect(all).toMatch(/\r\n\r\nhalf$/);
});

test('a client that does not take its download is given up', async () => {
  const left = promised<void>();
  const { raw, seen } = await start(
    async () => ({
      status: 200,
      body: (async function* () {
        try {
          for (let piece = 0; piece < 2_000; piece += 1) yield Buffer.alloc(65_536);
        } finally {
          left.keep();
        }
      })(),
    }),
    { idleTimeoutMs: 80 },
  );
  raw.socket.pause();
  await raw.send(head('GET / HTTP/1.1'));
  await left.promise;
  await expect.poll(() => seen.length).toBe(1);
});
