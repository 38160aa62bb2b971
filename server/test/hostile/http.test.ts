import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { brightsignPath, envelope, getStatus, textOf } from '../crash/brightsign-words.js';
import { dial } from '../raw-socket.js';
import { besiege, createUpload, flood, offsetOf, sendInnocent, server, tus } from './siege.js';

besiege();

const statusOf = (answer: string): number => Number(/^HTTP\/1\.[01] (\d+)/.exec(answer)?.[1]);

const patchHead = (path: string, more: string, offset = 0): string =>
  `PATCH ${path} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\nauthorization: Bearer ${server.key}\r\ncontent-type: application/offset+octet-stream\r\nupload-offset: ${offset}\r\n${more}\r\n\r\n`;

/** Sends what is given, and waits for the answer and the end of the connection. */
const sendAlone = async (bytes: string): Promise<string> => {
  const socket = await dial(server.url);
  await socket.send(bytes);
  return socket.ended();
};

it('an endless header is refused, as one field, as many, and as a path', async () => {
  for (const [start, piece] of [
    ['GET / HTTP/1.1\r\nhost: x\r\nx: ', 'y'.repeat(4096)],
    ['GET / HTTP/1.1\r\nhost: x\r\n', 'x: y\r\n'.repeat(500)],
    ['GET /', 'y'.repeat(4096)],
  ] as const) {
    const { answer, sent } = await flood(start, piece, { most: 64 * 2 ** 20 });
    expect(statusOf(answer)).toBe(431);
    expect(sent).toBeLessThan(64 * 2 ** 20);
  }
});

it.each([
  '\u0000\u0001\u0002garbage\r\n\r\n',
  'GET / HTTP/9.9\r\n\r\n',
  'GET\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000',
])('what is no request is answered with 400: %j', async (bytes) =>
  expect(statusOf(await sendAlone(`${bytes}\r\n\r\n`))).toBe(400),
);

it.each([
  'content-length: -1',
  'content-length: 1e3',
  'content-length: 99999999999999999999999',
  'content-length: 5\r\ncontent-length: 6',
  'content-length: 5\r\ntransfer-encoding: chunked',
  'transfer-encoding: chunked, identity',
])('a length that cannot be is refused: %j', async (length) => {
  const path = await createUpload(10);
  expect(statusOf(await sendAlone(`${patchHead(path, length)}01234`))).toBe(400);
  expect(await offsetOf(path)).toBe(0);
});

it('what stands behind the end of a body is no part of it', async () => {
  const path = await createUpload(10);
  expect([204, 400]).toContain(
    statusOf(await sendAlone(`${patchHead(path, 'content-length: 5')}01234garbage\r\n\r\n`)),
  );
  expect([0, 5]).toContain(await offsetOf(path));
});

it('a body in chunks that turns to garbage keeps what was right', async () => {
  const path = await createUpload(10);
  await sendAlone(`${patchHead(path, 'transfer-encoding: chunked')}5\r\n01234\r\nzz\r\ngarbage\r\n`);
  expect(await offsetOf(path)).toBeLessThanOrEqual(5);
  const at = await offsetOf(path);
  const rest = Buffer.from('0123456789').subarray(at);
  expect(
    (
      await tus({
        method: 'PATCH',
        path,
        body: rest,
        headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': at },
      })
    ).status,
  ).toBe(204);
  expect((await tus({ method: 'GET', path })).body.toString()).toBe('0123456789');
});

it('headers that come a byte at a time are cut with 408', async () => {
  const socket = await dial(server.url);
  let over = false;
  const ended = socket.ended().finally(() => {
    over = true;
  });
  await socket.send('GET / HTTP/1.1\r\nhost: x\r\nx: ');
  for (let count = 0; count < 600 && !over; count += 1) {
    await socket.send('y');
    await Promise.race([delay(100), ended]);
  }
  expect(statusOf(await ended)).toBe(408);
});

it('a body that stops half-way is given up, and keeps what came', async () => {
  const path = await createUpload(10);
  const answer = await sendAlone(`${patchHead(path, 'content-length: 10')}01234`);
  expect([408, 503]).toContain(statusOf(answer));
  expect(await offsetOf(path)).toBe(5);

  const message = envelope(getStatus('x'));
  const head = `POST ${brightsignPath} HTTP/1.1\r\nhost: x\r\ncontent-type: text/xml\r\ncontent-length: ${message.length}\r\n\r\n`;
  const fault = await sendAlone(head + message.slice(0, -20));
  expect(textOf(fault, 'faultstring')).toMatch(/not whole/);
});

it('bodies that come a byte at a time take neither memory nor the place of others', async () => {
  const uploads = await Promise.all(Array.from({ length: 100 }, () => createUpload(2 ** 30)));
  const sockets = await Promise.all(uploads.map(() => dial(server.url)));
  await Promise.all(
    sockets.map((socket, index) => socket.send(patchHead(uploads[index] ?? '', `content-length: ${2 ** 30}`))),
  );
  for (let count = 0; count < 5; count += 1) {
    await Promise.all(sockets.map((socket) => socket.send('x')));
    await sendInnocent();
    await delay(300);
  }
  for (const socket of sockets) socket.cut();
  for (const path of uploads) expect(await offsetOf(path)).toBe(5);
});

it('a thousand connections that say nothing are in nobody’s way, and are ended', async () => {
  const sockets = [];
  for (let count = 0; count < 1_000; count += 100)
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => dial(server.url)))));
  await sendInnocent();
  const answers = await Promise.all(sockets.map((socket) => socket.ended()));
  for (const answer of answers) expect(answer === '' || statusOf(answer) === 408).toBe(true);
  for (const socket of sockets) socket.cut();
});
