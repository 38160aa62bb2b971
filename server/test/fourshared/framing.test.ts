import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { fourshared } from '../../src/dialects/fourshared/dialect.js';
import { type Server, serve } from '../memory-server.js';
import { dial } from '../raw-socket.js';
import {
  chunked,
  type Desktop,
  desktop,
  type FormStyle,
  formOf,
  formType,
  headOf,
  md5,
  type Part,
  readPage,
} from './desktop.js';

let server: Server;
let alice: Desktop;
let form: string;
beforeAll(async () => {
  server = await serve({ dialect: fourshared });
  alice = desktop(server.url);
  form = await alice.formUrl();
});
afterAll(() => server.close());

/** Sends a POST as bytes of the wire and reads the page that answers it. */
const send = async (head: string, body: Buffer, wait?: RegExp) => {
  const socket = await dial(server.url);
  await socket.send(head);
  if (wait) await socket.until(wait);
  await socket.send(body);
  const answer = await socket.ended();
  const [, status] = /HTTP\/1\.1 ([2-5]\d\d) /.exec(answer) ?? [];
  return readPage(Number(status), answer);
};

/** The ways in which clients send their parts (specs/fourshared.md §7). */
const ways: Readonly<Record<string, (part: Part) => ReturnType<typeof send>>> = {
  'the Java demo: chunked, and waits for 100 Continue with a capital C': (part) => {
    const boundary = 'cH3-0_java';
    const lines = [
      `Host: localhost:${server.port}`,
      'Transfer-Encoding: chunked',
      `Content-Type: ${formType(boundary)}`,
      'Expect: 100-Continue',
      'Connection: close',
    ];
    return send(headOf(form, '1.1', lines), chunked(formOf(part, { boundary, java: true })), /^HTTP\/1\.1 100 /);
  },
  'Rapidleech: HTTP/1.0, a boundary that begins with dashes, Host without port': (part) => {
    const boundary = '--------1a2b3c4d5e';
    const body = formOf(part, { boundary, fileName: 'film.bin' });
    const lines = [
      'Host: localhost',
      'Connection: Close',
      `Content-Type: ${formType(boundary)}`,
      `Content-Length: ${body.length}`,
    ];
    return send(headOf(form, '1.0', lines), body);
  },
  'curl: with its length, waits for 100 Continue': (part) => {
    const body = formOf(part);
    const lines = [
      'Host: localhost',
      `Content-Type: ${formType()}`,
      `Content-Length: ${body.length}`,
      'Expect: 100-continue',
      'Connection: close',
    ];
    return send(headOf(form, '1.1', lines), body, /^HTTP\/1\.1 100 /);
  },
  'a form that ends without a line end': (part) => {
    const body = formOf(part, { end: '' });
    const lines = ['Host: a', `Content-Type: ${formType()}`, `Content-Length: ${body.length}`, 'Connection: close'];
    return send(headOf(form, '1.1', lines), body);
  },
  'a form with much behind its end': (part) => {
    const body = formOf(part, { end: `\r\n${'epilogue\r\n'.repeat(100)}` });
    const lines = ['Host: a', `Content-Type: ${formType()}`, `Content-Length: ${body.length}`, 'Connection: close'];
    return send(headOf(form, '1.1', lines), body);
  },
  'the file before the numbers': (part) => {
    const body = formOf(part, { fileFirst: true });
    const lines = ['Host: a', `Content-Type: ${formType()}`, `Content-Length: ${body.length}`, 'Connection: close'];
    return send(headOf(form, '1.1', lines), body);
  },
  'chunked, the file before the numbers': (part) => {
    const style: FormStyle = { fileFirst: true };
    const lines = ['Host: a', `Content-Type: ${formType()}`, 'Transfer-Encoding: chunked', 'Connection: close'];
    return send(headOf(form, '1.1', lines), chunked(formOf(part, style)));
  },
  'the numbers in the query': ({ file, first, bytes }) => {
    const body = formOf({ bytes });
    const lines = ['Host: a', `Content-Type: ${formType()}`, `Content-Length: ${body.length}`, 'Connection: close'];
    const url = `${form}&resumableFileId=${file}&resumableFirstByte=${first}`;
    return send(headOf(url, '1.1', lines), body);
  },
};

describe.each(Object.entries(ways))('%s', (_, way) => {
  // Small enough to wait in memory, and too big for that.
  it.each([10, 3_000_000])('sends a file of %i bytes in three parts, the last one first', async (size) => {
    const bytes = randomBytes(size);
    const file = await alice.start('film.bin', size);
    const [a, b] = [Math.floor(size / 3), Math.floor(size / 2)];
    for (const [from, to] of [
      [b, size],
      [0, a],
      [a, b],
    ] as const)
      expect(await way({ file, first: from, bytes: bytes.subarray(from, to) })).toMatchObject({
        status: 200,
        id: String(file),
      });
    expect(await alice.finish(file, md5(bytes))).toBe('');
  });

  it('is told why not', async () => {
    const file = await alice.start('film.bin', 10);
    expect(await way({ file, first: 5, bytes: Buffer.from('0123456789') })).toEqual({
      status: 413,
      id: undefined,
      alert: 'The part goes beyond the end of the file.',
    });
    expect(await alice.finish(file)).toBe('The file is not complete: 0 of 10 bytes have been received.');
  });
});

test('who has no session key is refused before the bytes are wanted', async () => {
  const socket = await dial(server.url);
  const lines = ['Host: a', `Content-Type: ${formType()}`, 'Content-Length: 100000', 'Expect: 100-continue'];
  await socket.send(headOf(`${server.url}/main/upload.jsp?sId=none`, '1.1', lines));
  expect(await socket.until(/<\/html>/)).toMatch(/^HTTP\/1\.1 403 /);
  socket.cut();
});

describe('bytes without a form', () => {
  const put = async (query: string, bytes: string) => {
    const reply = await fetch(`${form}${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    return { status: reply.status, type: reply.headers.get('content-type'), json: await reply.json() };
  };

  it('are answered in JSON; the id comes with the last of them', async () => {
    const file = await alice.start('a.bin', 10);
    const section = (first: number, bytes: string) =>
      put(`&resumableFileId=${file}&resumableFirstByte=${first}`, bytes);
    expect(await section(5, '56789')).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      json: { status: 'OK', uploadedFileId: -1, fileUploadUrl: '' },
    });
    expect((await section(0, '01234')).json).toEqual({ status: 'OK', uploadedFileId: file, fileUploadUrl: '' });
    expect(await alice.finish(file, md5(Buffer.from('0123456789')))).toBe('');
  });

  it('are refused in JSON', async () => {
    expect(await put('', 'x')).toMatchObject({
      status: 400,
      json: { status: 'error', errorCode: 400, Message: 'resumableFileId is missing.' },
    });
    expect(await put('&resumableFileId=1000099999&resumableFirstByte=0', 'x')).toMatchObject({ status: 404 });
  });
});
