import { expect, test } from 'vitest';
import type { Exchange } from '../../http/exchange.js';
import { anyXml, asmx, bytes, element, flag, int, object, operationsWith, optional, service, text } from './index.js';

const operation = operationsWith<unknown[]>();

const operations = {
  Append: operation({
    doc: '',
    params: { Ticket: text(), Chunk: bytes(), Last: flag() },
    result: int(),
    http: ['GET', 'POST'],
    receive: async (sofar, calls, source) => {
      calls.push({ ...sofar });
      const runs: Buffer[] = [];
      for await (const run of source) runs.push(run);
      return Buffer.concat(runs);
    },
    run: async (args, calls) => {
      calls.push({ ...args });
      return args.Chunk?.length ?? -1;
    },
  }),
  Look: operation({
    doc: '',
    params: { Path: text() },
    result: anyXml(),
    http: ['POST'],
    run: async ({ Path }) => element('response', { success: 'true' }, Path),
  }),
  Facts: operation({
    doc: '',
    params: {},
    result: object('Facts', { Id: int(), Name: optional(text()) }),
    http: ['GET'],
    run: async () => ({ Id: 7 }),
  }),
  Nothing: operation({ doc: '', params: {}, http: ['GET'], run: async () => undefined }),
  SoapOnly: operation({ doc: '', params: {}, result: int(), run: async () => 1 }),
};

const exchange = (method: string, query: string, body = '', size = 1000): Exchange => ({
  method,
  target: `/?${query}`,
  path: '/',
  query: new URLSearchParams(query),
  params: {},
  headers: method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } : {},
  httpVersion: '1.1',
  origin: '',
  remote: '',
  gone: new AbortController().signal,
  finishSoon: new AbortController().signal,
  length: body.length,
  async *body() {
    for (let at = 0; at < body.length; at += size) yield Buffer.from(body.slice(at, at + size));
  },
  trailers: () => ({}),
  inform: () => undefined,
});

const ask = async (name: string, sent: Exchange, more: object = {}) => {
  const calls: unknown[] = [];
  const made = service<unknown[]>({
    ...asmx,
    name: 'X',
    namespace: 'urn:x',
    path: '/x.asmx',
    operations,
    ignoreCase: true,
    context: () => calls,
    ...more,
  });
  return { ...(await made.form(sent, name)), calls };
};

const declaration = '<?xml version="1.0" encoding="utf-8"?>';

test('GET and POST, answers named after their type', async () => {
  const got = await ask('append', exchange('GET', 'ticket=a%20b&chunk=aGk=&last=True'));
  expect(got).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: `${declaration}<int xmlns="urn:x">2</int>`,
    calls: [{ Ticket: 'a b' }, { Ticket: 'a b', Chunk: Buffer.from('hi'), Last: true }],
  });
  for (const size of [1, 2, 5, 1000]) {
    const posted = await ask(
      'Append',
      exchange('POST', '', 'Chunk=+%2b8%3D&Ticket=%u20AC+x&Unknown=1&Ticket=second', size),
    );
    expect(posted.calls).toEqual([{}, { Ticket: '€ x', Chunk: Buffer.from('++8=', 'base64'), Last: false }]);
  }
  expect((await ask('Facts', exchange('GET', ''))).body).toBe(`${declaration}<Facts xmlns="urn:x"><Id>7</Id></Facts>`);
  expect((await ask('Look', exchange('POST', '', 'path=%2Fa%26'))).body).toBe(
    `${declaration}<response success="true">/a&amp;</response>`,
  );
  expect(await ask('Nothing', exchange('GET', ''))).toMatchObject({ status: 200, headers: {} });
});

test('bytes as one field for each, in decimal', async () => {
  const bytes = Buffer.from(Array.from({ length: 40_000 }, (_, n) => n % 256));
  const body = `Ticket=t&${[...bytes].map((byte) => `Chunk=${byte}`).join('&')}&Last=1`;
  const { calls, body: answer } = await ask('Append', exchange('POST', '', body, 4096));
  expect(answer).toBe(`${declaration}<int xmlns="urn:x">40000</int>`);
  expect(calls).toEqual([{ Ticket: 't' }, { Ticket: 't', Chunk: bytes, Last: true }]);
  expect(await ask('Append', exchange('POST', '', 'Chunk=1&Chunk=256'))).toMatchObject({ status: 500 });
});

const multipart = (parts: readonly (readonly [headers: string, value: string])[], size?: number): Exchange => {
  const written = parts.map(
    ([headers, value]) => `--B\r\nContent-Disposition: form-data; ${headers}\r\n\r\n${value}\r\n`,
  );
  const sent = exchange('POST', '', `${written.join('')}--B--\r\n`, size);
  return { ...sent, headers: { 'content-type': 'multipart/form-data; boundary=B' } };
};

test('a multipart form: a file is the bytes themselves, text is base64 of them', async () => {
  const file = 'name="chunk"; filename="blob"\r\nContent-Type: application/octet-stream';
  for (const size of [1, 10, 1000]) {
    const got = await ask(
      'Append',
      multipart(
        [
          ['name="TICKET"', 'a b'],
          [file, 'aGk=\r\n'],
          ['name="last"', 'TRUE'],
          ['name="other"', 'x'],
        ],
        size,
      ),
    );
    expect(got).toMatchObject({ status: 200, body: `${declaration}<int xmlns="urn:x">6</int>` });
    expect(got.calls).toEqual([{ Ticket: 'a b' }, { Ticket: 'a b', Chunk: Buffer.from('aGk=\r\n'), Last: true }]);
  }
  const text = await ask(
    'Append',
    multipart([
      ['name=Chunk', ' aGk=\r\n'],
      ['name=Ticket', 't'],
    ]),
  );
  expect(text.calls).toEqual([{}, { Ticket: 't', Chunk: Buffer.from('hi'), Last: false }]);
  expect(
    (
      await ask(
        'Append',
        multipart([
          [file, ''],
          ['name=Last', '1'],
        ]),
      )
    ).calls,
  ).toEqual([{ Ticket: '', Last: true }]);
});

test('a multipart form that is cut or too long', async () => {
  const whole = multipart([['name=Chunk; filename=a', 'x'.repeat(100)]]);
  const cut = {
    ...whole,
    async *body() {
      for await (const each of whole.body()) yield each.subarray(0, -6);
    },
  };
  expect(await ask('Append', cut)).toMatchObject({ status: 400 });
  expect(await ask('Append', { ...whole, length: null }, { limits: { message: 150 } })).toMatchObject({ status: 413 });
  expect(await ask('Append', whole, { limits: { message: 150 } })).toMatchObject({ status: 413, calls: [] });
});

test.each([
  [
    'Append',
    exchange('POST', '', 'Last=maybe'),
    500,
    /^Cannot convert maybe to System.Boolean.\r\nParameter name: type ---> Last is /,
  ],
  ['Append', exchange('POST', '', 'Chunk=a*kk'), 400, /base64/],
  ['Look', exchange('GET', ''), 500, /^Request format is unrecognized for URL unexpectedly ending in '\/Look'.$/],
  ['SoapOnly', exchange('GET', ''), 500, /^Request format is unrecognized .* '\/SoapOnly'.$/],
  ['None', exchange('GET', ''), 500, /^None Web Service method name is not valid.$/],
])('%s: what cannot be is told in plain text', async (name, sent, status, what) => {
  const reply = await ask(name, sent);
  expect(reply).toMatchObject({ status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  expect(reply.body).toMatch(what);
});

test('another media type, and a form that is not whole', async () => {
  const json = { ...exchange('POST', '', '{}'), headers: { 'content-type': 'application/json' } };
  expect(await ask('Look', json)).toMatchObject({ status: 415 });
  const missing = await ask('Append', exchange('POST', '', 'Ticket=1&Last=1'), { wholeForms: true });
  expect(missing).toMatchObject({ status: 500, body: 'Missing parameter: Chunk.' });
});
