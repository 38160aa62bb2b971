import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { append, build, chunk, exchangeOf, include, mtom, part, send } from '../../../test/soap/service.js';

test('another media type is refused before its body is read', async () => {
  const { made } = build();
  const exchange = exchangeOf([], { 'content-type': 'application/json' });
  const unread = {
    ...exchange,
    body: () => {
      throw new Error('was read');
    },
  };
  expect(await made.call(unread)).toEqual({ status: 415 });
});

test('a message longer than allowed is refused before its body is read, and as soon as it grows too long', async () => {
  const { made } = build({ limits: { message: 1000 } });
  const body = Buffer.from(append(`<data>${'A'.repeat(2000)}</data>`));
  expect(await made.call({ ...exchangeOf([]), length: 1001 })).toMatchObject({ status: 413 });
  expect(await made.call(exchangeOf([body.subarray(0, 900), body.subarray(900)]))).toMatchObject({ status: 413 });
  expect(
    await made.call(exchangeOf([gzipSync(body)], { 'content-type': 'text/xml', 'content-encoding': 'gzip' })),
  ).toMatchObject({ status: 413 });
});

test.each([
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
])('a body packed with %s', async (coding, pack) => {
  const { made } = build();
  const packed = pack(Buffer.from(chunk));
  const headers = { 'content-type': 'text/xml', 'content-encoding': coding };
  const reply = await made.call(exchangeOf([packed.subarray(0, 5), packed.subarray(5)], headers));
  expect(reply.body).toContain('hello world');
  expect(await made.call(exchangeOf([packed.subarray(0, -12)], headers))).toMatchObject({ status: 400 });
});

test('MTOM: the bytes come in a part of their own, and all else is known by then', async () => {
  const envelope = append(`<token>u</token><data>${include('a%40b')}</data><offset>7</offset>`);
  const { body, headers } = mtom([envelope, part('other', 'x'), part('a@b', 'hi\r\n\u0000there')]);
  for (const size of [1, 7, 10_000]) {
    const { made, calls } = build();
    const cuts = Array.from({ length: Math.ceil(body.length / size) }, (_, n) =>
      body.subarray(n * size, (n + 1) * size),
    );
    const reply = await made.call(exchangeOf(cuts, headers));
    expect(reply.body).toContain('<AppendResult>u|hi\r\n\uFFFDthere|7|false</AppendResult>'.replace('\r', '&#13;'));
    expect(calls).toEqual([{ token: 'u', part: 0, offset: 7, last: false }]);
    expect(reply.headers?.['content-type']).toMatch(/^multipart\/related; type="application\/xop\+xml"/);
  }
});

test('MTOM: bytes in the envelope, and parts in base64', async () => {
  const { made } = build();
  const inline = mtom([append('<token>u</token><data>aGk=</data>')]);
  expect((await made.call(exchangeOf([inline.body], inline.headers))).body).toContain('u|hi|');
  const coded = mtom([
    append(`<data>${include('a')}</data>`),
    part('a', 'aGk=', 'Content-Transfer-Encoding: base64\r\n'),
  ]);
  expect((await made.call(exchangeOf([coded.body], coded.headers))).body).toContain('|hi|');
});

test.each([
  ['a part that is not there', [append(`<data>${include('a')}</data>`), part('b', 'x')], 500],
  ['bytes twice', [append(`<data>aGk=${include('a')}</data>`), part('a', 'x')], 500],
  ['a reference to the outside', [append(`<data>${include('a').replace('cid:', 'http://127.0.0.1/')}</data>`)], 500],
  [
    'an unknown transfer encoding',
    [append(`<data>${include('a')}</data>`), part('a', 'x', 'Content-Transfer-Encoding: x-odd\r\n')],
    400,
  ],
] as const)('MTOM with %s is refused', async (_, parts, status) => {
  const { made } = build();
  const { body, headers } = mtom(parts);
  expect(await made.call(exchangeOf([body], headers))).toMatchObject({ status });
});

test('a reference where there are no parts is refused', async () => {
  expect(await send(append(`<data>${include('a')}</data>`))).toMatchObject({ status: 500 });
});
