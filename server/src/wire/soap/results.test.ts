import { expect, test } from 'vitest';
import { exchangeOf, soap11 } from '../../../test/soap/service.js';
import type { Exchange } from '../../http/exchange.js';
import {
  anyXml,
  asmx,
  asmxFailure,
  bytes,
  bytesOut,
  type Call,
  element,
  encodeBase64,
  int,
  operationsWith,
  type SoapFailure,
  SoapFault,
  service,
  text,
} from './index.js';

const operation = operationsWith<Call>();

/** Pieces of a file, and how many were asked for. */
const file = (count: number, size: number) => {
  const seen = { asked: 0 };
  const source = async function* () {
    for (; seen.asked < count; seen.asked += 1) yield Buffer.alloc(size, seen.asked);
  };
  return { seen, source };
};

const build = (source: () => AsyncIterable<Uint8Array>) =>
  service<Call>({
    ...asmx,
    name: 'srv',
    namespace: 'http://tempuri.org/',
    path: '/srv.asmx',
    ignoreCase: true,
    operations: {
      DownloadFileChunk: operation({
        doc: '',
        params: { Handler: text(), StartOffset: int({ max: Number.MAX_SAFE_INTEGER }) },
        result: anyXml(),
        http: ['GET', 'POST'],
        run: async ({ Handler, StartOffset }) => {
          if (Handler === 'fault') throw new SoapFault({ code: 'Client', reason: 'No.' });
          if (Handler !== '') throw new TypeError(Handler);
          const facts = { success: 'true', from: String(StartOffset), error: '' };
          return element('response', facts, { stream: encodeBase64(source()) });
        },
      }),
      DownloadDocument: operation({
        doc: '',
        params: { Path: text() },
        result: bytesOut(),
        http: ['GET'],
        httpReply: (body, { exchange }) =>
          exchange.headers.accept === 'text/xml'
            ? undefined
            : { status: 200, headers: { 'content-type': 'application/octet-stream' }, body },
        run: async ({ Path }) => {
          if (Path === 'missing') throw new TypeError(Path);
          return source();
        },
      }),
    },
    context: (call) => call,
    failed: ({ kind, cause }: SoapFailure, _exchange, call) => {
      if (kind !== 'refused' || cause instanceof SoapFault) return undefined;
      if (call?.operation !== 'DownloadDocument') return { result: element('response', { success: 'false' }) };
      return call.form ? { status: 404, headers: { 'x-code': '4041' } } : { result: (async function* () {})() };
    },
  });

const get = (query: string, headers: Exchange['headers'] = {}): Exchange => ({
  ...exchangeOf([], {}),
  method: 'GET',
  target: `/srv.asmx/x?${query}`,
  headers,
});

const sent = async (body: unknown) => {
  if (typeof body !== 'object' || body === null) return String(body);
  const runs: Uint8Array[] = [];
  for await (const run of body as AsyncIterable<Uint8Array>) runs.push(run);
  return Buffer.concat(runs).toString();
};

const call = (operation: string, inside: string) =>
  exchangeOf([Buffer.from(soap11(`<${operation} xmlns="http://tempuri.org/">${inside}</${operation}>`))]);

const declaration = '<?xml version="1.0" encoding="utf-8"?>';
const envelope = (inside: string) =>
  `${declaration}<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>${inside}</soap:Body></soap:Envelope>`;
const soapAnswer = (operation: string, inside: string) =>
  envelope(
    `<${operation}Response xmlns="http://tempuri.org/"><${operation}Result>${inside}</${operation}Result></${operation}Response>`,
  );

test('an element of the dialect: in no namespace inside of SOAP, and bare outside', async () => {
  const made = build(file(1, 4).source);
  const asked = call('downloadfilechunk', '<STARTOFFSET>5000000000</STARTOFFSET>');
  expect(await sent((await made.call(asked)).body)).toBe(
    soapAnswer('DownloadFileChunk', '<response success="true" from="5000000000" error="" xmlns="">AAAAAA==</response>'),
  );
  const bare = await build(file(1, 4).source).form(get('startoffset=7'), 'DOWNLOADFILECHUNK');
  expect(bare).toMatchObject({ status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' } });
  expect(await sent(bare.body)).toBe(`${declaration}<response success="true" from="7" error="">AAAAAA==</response>`);
});

test.each(['DownloadFileChunk', 'DownloadDocument'])('%s goes out as it is read, never gathered', async (name) => {
  for (const way of ['call', 'form'] as const) {
    const { seen, source } = file(512, 65_536);
    const made = build(source);
    const reply = await (way === 'call' ? made.call(call(name, '')) : made.form(get('', { accept: 'text/xml' }), name));
    expect(seen.asked).toBe(0);
    let length = 0;
    let ahead = 0;
    for await (const run of reply.body as AsyncIterable<Uint8Array>) {
      length += run.length;
      ahead = Math.max(ahead, seen.asked * 65_536 * (4 / 3) - length);
    }
    expect(length).toBeGreaterThan((512 * 65_536 * 4) / 3);
    expect(ahead).toBeLessThan(2 * 65_536);
  }
});

test('bytes as base64 in SOAP; by the plain bindings as the operation says', async () => {
  const made = build(file(1, 3).source);
  expect(await sent((await made.call(call('DownloadDocument', ''))).body)).toBe(soapAnswer('DownloadDocument', 'AAAA'));
  const raw = await build(file(1, 3).source).form(get(''), 'DownloadDocument');
  expect(raw).toMatchObject({ status: 200, headers: { 'content-type': 'application/octet-stream' } });
  expect(await sent(raw.body)).toBe('\0\0\0');
  const xml = await build(file(1, 3).source).form(get('', { accept: 'text/xml' }), 'DownloadDocument');
  expect(await sent(xml.body)).toBe(`${declaration}<base64Binary xmlns="http://tempuri.org/">AAAA</base64Binary>`);
});

test('a failure may be answered with a result, otherwise in a form than in SOAP', async () => {
  const made = build(file(1, 3).source);
  const refused = await made.call(call('DownloadFileChunk', '<Handler>x</Handler>'));
  expect(refused).toMatchObject({
    status: 200,
    body: soapAnswer('DownloadFileChunk', '<response success="false" xmlns="" />'),
  });
  expect(await made.form(get('handler=x'), 'DownloadFileChunk')).toMatchObject({
    status: 200,
    body: `${declaration}<response success="false" />`,
  });
  const missing = await made.call(call('DownloadDocument', '<Path>missing</Path>'));
  expect(await sent(missing.body)).toBe(soapAnswer('DownloadDocument', ''));
  expect(await made.form(get('path=missing'), 'DownloadDocument')).toEqual({
    status: 404,
    headers: { 'x-code': '4041' },
  });
  expect(await made.call(call('DownloadFileChunk', '<Handler>fault</Handler>'))).toMatchObject({ status: 500 });
  expect(await made.form(get('handler=fault'), 'DownloadFileChunk')).toMatchObject({ status: 500, body: 'No.' });
});

const faulty = (body: string, headers: Record<string, string>) => {
  const made = service<null>({
    ...asmx,
    name: 'srv',
    namespace: 'http://tempuri.org/',
    path: '/srv.asmx',
    operations: {
      Append: operationsWith<null>()({
        doc: '',
        params: { At: int(), Chunk: bytes() },
        result: int(),
        run: async () => 1,
      }),
    },
    context: () => null,
    failed: asmxFailure,
  });
  return made.call(exchangeOf([Buffer.from(body)], { 'content-type': 'text/xml', ...headers }));
};

test.each([
  ['<Odd/>', { soapaction: '"urn:Odd"' }, 'Server did not recognize the value of HTTP Header SOAPAction: urn:Odd.'],
  [
    '<Odd/>',
    { 'content-type': 'application/soap+xml; charset=utf-8; action="urn:Odd"' },
    "Unable to handle request. The action 'urn:Odd' was not recognized.",
  ],
  ['<Append><At>x</At></Append>', {}, 'Server was unable to read request. ---> At is not a whole number: "x".'],
  ['<Append><Chunk>*</Chunk></Append>', {}, 'Server was unable to read request. ---> The base64'],
  ['', {}, 'Server was unable to read request. ---> '],
])('a failure in the words of ASP.NET: %s', async (inside, headers, words) => {
  const reply = await faulty(soap11(inside), headers as Record<string, string>);
  expect(reply.status).toBe(500);
  const written = words.replaceAll('>', '&gt;');
  expect(reply.body).toContain(`<soap:Fault><faultcode>soap:Client</faultcode><faultstring>${written}`);
});

test('ASP.NET has no words for a message that is no XML', async () => {
  expect(await faulty('<a&', {})).toEqual({ status: 400 });
  expect(await faulty('{}', { 'content-type': 'application/json' })).toEqual({ status: 415 });
});
