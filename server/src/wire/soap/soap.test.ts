import { expect, test } from 'vitest';
import {
  append,
  build,
  type Context,
  chunk,
  D,
  exchangeOf,
  mtom,
  send,
  soap11,
  start,
  T,
  XSI,
} from '../../../test/soap/service.js';
import type { Reply } from '../../http/exchange.js';
import { asmx, bytes, bytesOut, type Call, element, int, operationsWith, text } from './index.js';

test('an object in, an object out, in the namespaces of the request', async () => {
  const reply = await send(
    soap11(
      `<x:Start xmlns:x="urn:theirs" xmlns:d="urn:data" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><x:args><d:FileSize>300000</d:FileSize><d:FileName>lake.png</d:FileName><d:FileThumb i:nil="true"/><d:Unknown/></x:args></x:Start>`,
    ),
  );
  expect(reply).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    calls: [{ $type: 'Args', FileSize: 300000, FileName: 'lake.png' }],
    body: '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><StartResponse xmlns="urn:theirs" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><StartResult xmlns:a="urn:data"><a:EndTime i:nil="true" /><a:FileSize>300000</a:FileSize><a:State>Started</a:State></StartResult></StartResponse></s:Body></s:Envelope>',
  });
});

test('a chunk, cut at every place', async () => {
  for (let at = 0; at <= chunk.length; at += 1) {
    const { made, calls } = build();
    const reply = await made.call(exchangeOf([Buffer.from(chunk.slice(0, at)), Buffer.from(chunk.slice(at))]));
    expect(reply.body).toContain('<AppendResult>u&amp;1|hello world|7|true</AppendResult>');
    expect(calls).toEqual([{ token: 'u&1', part: 0 }]);
  }
  const { made } = build();
  const reply = await made.call(exchangeOf([...Buffer.from(chunk)].map((byte) => Buffer.from([byte]))));
  expect(reply.body).toContain('<AppendResult>u&amp;1|hello world|7|true</AppendResult>');
});

test('members stand directly in the operation, in any letter case, where there is no object', async () => {
  const { calls } = await send(
    start(
      '<filename>a</filename><CONTENTTYPE>webpage</CONTENTTYPE><mythings><x><id>7</id></x></mythings><fileThumb>AQI=</fileThumb>',
    ),
  );
  expect(calls).toEqual([
    { $type: 'Args', FileName: 'a', ContentType: 'WebPage', FileThumb: Buffer.from([1, 2]), Things: [{ Id: 7 }] },
  ]);
});

test('xsi:type is read by its local part; empty and nil members are not specified', async () => {
  const { calls } = await send(
    start(
      '<args i:type="zz:UpdateArgs"><ContentId> 12 </ContentId><FileName i:nil="true"/><FileSize></FileSize><ContentType/><FileThumb/></args>',
    ),
  );
  expect(calls).toEqual([{ $type: 'UpdateArgs', ContentId: 12 }]);
});

test('nil and derived results', async () => {
  const nil = await send(start('<args><FileName>nil</FileName></args>'));
  expect(nil.body).toContain(`<StartResponse xmlns="${T}" ${XSI}><StartResult i:nil="true" /></StartResponse>`);
  const derived = await send(start(`<args xmlns:d="${D}"><d:FileName>match</d:FileName></args>`));
  expect(derived.body).toContain(
    `<StartResult i:type="a:Negotiation" xmlns:a="${D}"><a:EndTime i:nil="true" /><a:FileSize>1</a:FileSize><a:State>Started</a:State><a:Matching><a:Thing><a:Id>4711</a:Id><a:Name>lake</a:Name></a:Thing></a:Matching></StartResult>`,
  );
});

test.each(['', '<data/>', '<data> \n</data>', '<data i:nil="true"/>', '<data><!-- --></data>'])(
  'bytes that are not there are undefined, and nobody is asked to receive them: %s',
  async (data) => {
    const { body, calls } = await send(append(`<token>u</token>${data}<offset>3</offset>`));
    expect(body).toContain('<AppendResult>u|undefined|3|false</AppendResult>');
    expect(calls).toEqual([]);
  },
);

test('bytes may come first or last', async () => {
  const first = await send(append('<data>aGk=</data><token>u</token><last>true</last>'));
  expect(first.body).toContain('<AppendResult>u|hi|undefined|true</AppendResult>');
  expect(first.calls).toEqual([{}]);
  const last = await send(append('<offset>1</offset><token>u</token><DATA>aGk=</DATA>'));
  expect(last.body).toContain('<AppendResult>u|hi|1|false</AppendResult>');
  expect(last.calls).toEqual([{ token: 'u', offset: 1 }]);
});

test('the dialect sees header, namespaces and operation, and may answer with headers of its own', async () => {
  const known: Call[] = [];
  const { made } = build({
    context: (call: Call) => {
      known.push(call);
      call.reply.headers.push(element('w:Mark', { 'xmlns:w': 'urn:w' }, 'x'));
      call.reply.http['x-mark'] = 'y';
      return { calls: [] };
    },
  });
  const reply = await made.call(exchangeOf([Buffer.from(chunk)]));
  expect(reply.headers).toMatchObject({ 'x-mark': 'y' });
  expect(reply.body).toContain('<s:Header><w:Mark xmlns:w="urn:w">x</w:Mark></s:Header>');
  expect(known).toMatchObject([{ operation: 'Append', version: '1.1', seen: { service: 'urn:t' } }]);
  expect(known[0]?.headers[0]).toEqual({
    local: 'Security',
    namespace: 'urn:a',
    attributes: [],
    text: '',
    children: [
      {
        local: 'Name',
        namespace: 'urn:a',
        attributes: [{ local: 'b', namespace: '', value: '1' }],
        children: [],
        text: 'ann',
      },
    ],
  });
});

test('what is received and not used can be released, however the call ends', async () => {
  let released = 0;
  const release = () => {
    released += 1;
  };
  await build({ release }).made.call(exchangeOf([Buffer.from(chunk)]));
  await build({ release }).made.call(exchangeOf([Buffer.from(chunk.replace('</t:offset>', 'x</t:offset>'))]));
  await build({ release }).made.call(exchangeOf([Buffer.from(chunk.slice(0, -40))]));
  expect(released).toBe(3);
});

test.each([
  ['SOAPAction', { 'content-type': 'text/xml', soapaction: `"${T}Append"` }],
  ['SOAPAction without quotes', { 'content-type': 'text/xml', soapaction: `${T}Append` }],
  ['the action of the content type', { 'content-type': `application/soap+xml; charset=utf-8; action="${T}Append"` }],
])('an ASMX operation is found by %s, whatever its element', async (_, headers) => {
  const { made } = build({ ...asmx });
  const found = await made.call(exchangeOf([Buffer.from(soap11('<Else><token>u</token></Else>'))], headers));
  expect(found.body).toContain(`<AppendResponse xmlns="${T}">`);
  const unknown = { ...headers, soapaction: 'urn:none', 'content-type': 'text/xml' };
  const byElement = await made.call(exchangeOf([Buffer.from(append('<token>u</token>'))], unknown));
  expect(byElement.status).toBe(200);
});

test('a 32 MiB chunk passes in little memory', async () => {
  const piece = Buffer.alloc(48 * 1024, 'A');
  let size = 0;
  let held = 0;
  const taking = operationsWith<Context>()({
    doc: '',
    params: { data: bytes() },
    receive: async (_sofar, _context, source) => {
      for await (const run of source) {
        size += run.length;
        held = Math.max(held, run.length);
      }
    },
    run: async () => undefined,
  });
  const { made } = build({ operations: { Take: taking } });
  const [head = '', tail = ''] = soap11('<Take><data>|</data></Take>').split('|');
  const body = async function* () {
    yield Buffer.from(head);
    for (let sent = 0; sent < 32 * 2 ** 20; sent += piece.length) yield piece;
    yield Buffer.from(tail);
  };
  expect(await made.call({ ...exchangeOf([]), body })).toMatchObject({ status: 200 });
  expect(size).toBeGreaterThan(24 * 2 ** 20);
  expect(held).toBeLessThanOrEqual(piece.length);
});

test('bytes in an answer go out as they come, in both forms', async () => {
  const Read = operationsWith<Context>()({
    doc: '',
    params: { count: int() },
    result: { Size: int(), Data: bytesOut(), Name: text() },
    run: async ({ count }) => ({
      Size: count,
      Name: 'x',
      Data: (async function* () {
        for (let n = 0; n < count; n += 1) yield Buffer.alloc(1000, n);
      })(),
    }),
  });
  const { made } = build({ operations: { Read } });
  const request = soap11('<Read><count>40</count></Read>');
  const whole = async (reply: Reply) => {
    const pieces: Uint8Array[] = [];
    if (typeof reply.body === 'object' && Symbol.asyncIterator in reply.body)
      for await (const piece of reply.body) pieces.push(piece);
    return { text: Buffer.concat(pieces).toString(), longest: Math.max(...pieces.map(({ length }) => length)) };
  };
  const expected = Buffer.concat(Array.from({ length: 40 }, (_, n) => Buffer.alloc(1000, n))).toString('base64');
  const plain = await whole(await made.call(exchangeOf([Buffer.from(request)])));
  expect(plain.text).toContain(`<Size>40</Size><Data>${expected}</Data><Name>x</Name>`);
  expect(plain.longest).toBeLessThan(2000);
  const { body, headers } = mtom([request]);
  const packed = await whole(await made.call(exchangeOf([body], headers)));
  expect(packed.text).toMatch(/\r\n\r\n<s:Envelope.*<\/s:Envelope>\r\n--part-[0-9a-f]+--\r\n$/);
});
