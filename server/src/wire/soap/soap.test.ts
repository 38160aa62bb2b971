import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { BodyCut, type Exchange, type Reply } from '../../http/exchange.js';
import {
  asmx,
  bytes,
  bytesOut,
  type Call,
  choice,
  detail,
  element,
  flag,
  int,
  list,
  long,
  nillable,
  object,
  operationsWith,
  optional,
  polymorphic,
  type SoapFailure,
  SoapFault,
  service,
  smallBytes,
  text,
  wcf,
  type XmlElement,
} from './index.js';

const T = 'https://example.test/SOAP/';
const D = 'Example.Data';

const Thing = object('Thing', { Id: int(), Name: nillable(text()) });
const Args = object('Args', {
  ChunksCount: optional(int()),
  ContentType: optional(choice(['Auto', 'Image', 'WebPage'], { name: 'ContentType' })),
  FileName: nillable(text()),
  FileSize: optional(long()),
  FileThumb: nillable(smallBytes({ limit: 100 })),
  Things: nillable(list(Thing, 'Thing'), { aka: ['myThings'] }),
});
const UpdateArgs = object('UpdateArgs', { ContentId: int() }, { extends: Args });
const Status = object('Status', { EndTime: nillable(text()), FileSize: long(), State: text() });
const Negotiation = object('Negotiation', { Matching: nillable(list(Thing, 'Thing')) }, { extends: Status });
const Fault = { name: 'UploadFault', type: object('UploadFault', { Message: nillable(text()) }) };

interface Context {
  readonly calls: unknown[];
}

const operation = operationsWith<Context>();

const operations = {
  Start: operation({
    doc: 'Starts.',
    params: { args: polymorphic(Args, [UpdateArgs]) },
    result: nillable(polymorphic(Status, [Negotiation])),
    fault: Fault,
    flat: 'args',
    run: async ({ args }, { calls }) => {
      calls.push(args);
      if (args.FileName === '')
        throw new SoapFault({ code: 'Client', reason: 'No.', detail: detail(Fault, { Message: 'Empty <name>' }) });
      if (args.FileName === 'nil') return undefined;
      if (args.FileName === 'match')
        return { $type: 'Negotiation', FileSize: 1, State: 'Started', Matching: [{ Id: 4711, Name: 'lake' }] };
      return { FileSize: args.FileSize ?? 0, State: 'Started' };
    },
  }),
  Append: operation({
    doc: 'Appends.',
    params: { token: text(), part: int(), data: bytes(), offset: optional(long()), last: flag() },
    result: text(),
    receive: async (sofar, { calls }, source) => {
      calls.push({ ...sofar });
      const pieces: Buffer[] = [];
      for await (const piece of source) pieces.push(piece);
      return Buffer.concat(pieces);
    },
    run: async ({ token, data, offset, last }) => `${token}|${data?.toString('latin1')}|${offset}|${last}`,
  }),
};

const exchangeOf = (
  body: readonly Buffer[],
  headers: Record<string, string> = { 'content-type': 'text/xml; charset=utf-8' },
): Exchange => ({
  method: 'POST',
  target: '/',
  path: '/',
  query: new URLSearchParams(),
  params: {},
  headers,
  httpVersion: '1.1',
  origin: 'http://127.0.0.1',
  remote: '127.0.0.1',
  gone: new AbortController().signal,
  finishSoon: new AbortController().signal,
  length: null,
  async *body() {
    yield* body;
  },
  trailers: () => ({}),
  inform: () => undefined,
});

const build = (more: object = {}) => {
  const calls: unknown[] = [];
  const made = service<Context>({
    ...wcf,
    name: 'Uploads',
    namespace: T,
    dataNamespace: D,
    path: '/Basic/',
    operations,
    mirror: true,
    ignoreCase: true,
    context: () => ({ calls }),
    ...more,
  });
  return { made, calls };
};

const soap11 = (body: string, header = '') =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">${header}<s:Body>${body}</s:Body></s:Envelope>`;

const send = async (text: string, headers?: Record<string, string>) => {
  const { made, calls } = build();
  const reply: Reply = await made.call(exchangeOf([Buffer.from(text)], headers));
  return { ...reply, calls };
};

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

const chunk = soap11(
  '<t:Append xmlns:t="urn:t"><t:token>u&amp;1</t:token><t:part>0</t:part><t:data> aGVs<!-- - > -->bG8&#13;\n<![CDATA[gd2]]>9ybGQ= </t:data><t:offset>7</t:offset><t:last>1</t:last></t:Append>',
  '<s:Header><a:Security xmlns:a="urn:a"><a:Name b="1">ann</a:Name></a:Security></s:Header>',
);

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

const XSI = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"';
const start = (inside: string) => soap11(`<Start xmlns="${T}" ${XSI}>${inside}</Start>`);
const append = (inside: string) => soap11(`<Append xmlns="${T}" ${XSI}>${inside}</Append>`);

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

test('a described fault, in both versions', async () => {
  const request = start('<args><FileName></FileName></args>');
  const one = await send(request);
  expect(one).toMatchObject({ status: 500, headers: { 'content-type': 'text/xml; charset=utf-8' } });
  expect(one.body).toContain(
    `<s:Fault><faultcode>s:Client</faultcode><faultstring xml:lang="en-US">No.</faultstring><detail><UploadFault xmlns="${T}"><Message>Empty &lt;name&gt;</Message></UploadFault></detail></s:Fault>`,
  );
  const two = await send(
    request.replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'),
  );
  expect(two).toMatchObject({ status: 500, headers: { 'content-type': 'application/soap+xml; charset=utf-8' } });
  expect(two.body).toContain(
    '<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang="en-US">No.</s:Text></s:Reason><s:Detail>',
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

test.each([
  ['garbage base64', append('<data>aG*k</data>'), 400],
  ['a cut base64', append('<data>aGk</data>'), 400],
  ['an element in the bytes', append('<data>aGkh<b/></data>'), 500],
  ['a DOCTYPE', `<!DOCTYPE a>${append('')}`, 400],
  ['half a message', chunk.slice(0, -30), 400],
  ['no envelope', '<a/>', 400],
  ['no body', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>', 400],
  ['an empty body', soap11(''), 400],
  ['another version', append('').replace('schemas.xmlsoap.org', 'example.test'), 500],
  ['an unknown operation', soap11('<Nope/>'), 500],
  ['a bad number', append('<part>1x</part>'), 500],
  ['a number out of range', append('<offset>9007199254740993</offset>'), 500],
  ['a bad flag', append('<last>maybe</last>'), 500],
  ['a bad choice', start('<args><ContentType>Smell</ContentType></args>'), 500],
  ['a big small thing', start(`<args><FileThumb>${'A'.repeat(200)}</FileThumb></args>`), 500],
  ['a parameter too long', append(`<token>${'x'.repeat(2 ** 20 + 1)}</token>`), 413],
  ['elements too deep', append(`<token>${'<a>'.repeat(80)}${'</a>'.repeat(80)}</token>`), 413],
])('%s is refused with a fault', async (_, request, status) => {
  const reply = await send(request);
  expect(reply.status).toBe(status);
  expect(reply.body).toContain(
    status === 500 && request.includes('example.test/soap') ? 's:VersionMismatch' : 's:Client',
  );
});

test('a refusal names the place', async () => {
  const reply = await send(start('<args><Things><Thing><Id>1</Id></Thing><Thing><Id>x</Id></Thing></Things></args>'));
  expect(reply.body).toContain('args.Things.[1].Id is not a whole number: "x".');
});

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

test('a cut body and a broken dialect are told apart', async () => {
  const seen: SoapFailure[] = [];
  const failed = (failure: SoapFailure) => {
    seen.push(failure);
    return undefined;
  };
  const { made } = build({ failed });
  const cut = async function* () {
    yield Buffer.from(chunk.slice(0, 320));
    throw new BodyCut('gone');
  };
  await made.call({ ...exchangeOf([]), body: cut });
  const broken = build({
    failed,
    context: () => {
      throw new TypeError('a bug');
    },
  });
  const reply = await broken.made.call(exchangeOf([Buffer.from(chunk)]));
  expect(reply).toMatchObject({ status: 500 });
  expect(reply.body).toContain('<faultcode>s:Server</faultcode>');
  expect(reply.body).not.toContain('a bug');
  expect(seen.map(({ kind }) => kind)).toEqual(['cut', 'refused']);
  expect(seen[1]?.cause).toBeInstanceOf(TypeError);
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

test('a header that must be understood and is not', async () => {
  const { made } = build({ understands: ({ local }: XmlElement) => local !== 'Odd' });
  const request = (local: string) =>
    soap11('<Append/>', `<s:Header><${local} s:mustUnderstand="1" xmlns="urn:h"/></s:Header>`);
  expect((await made.call(exchangeOf([Buffer.from(request('Odd'))]))).body).toContain('s:MustUnderstand');
  expect(await made.call(exchangeOf([Buffer.from(request('Even'))]))).toMatchObject({ status: 200 });
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

const mtom = (parts: readonly string[], type = 'text/xml') => {
  const root = `Content-Type: application/xop+xml; charset=UTF-8; type="${type}"\r\nContent-ID: <root@x>\r\n\r\n`;
  const body = [root, ...parts].reduce((all, part, n) => (n === 1 ? `${all}${part}` : `${all}\r\n--B\r\n${part}`), '');
  return {
    body: Buffer.from(`--B\r\n${body.replace(/^\r\n--B\r\n/, '')}\r\n--B--\r\n`, 'latin1'),
    headers: {
      'content-type': `multipart/related; boundary=B; type="application/xop+xml"; start="<root@x>"; start-info="${type}"`,
    },
  };
};

const include = (id: string) => `<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:${id}"/>`;
const part = (id: string, bytes: string, more = '') =>
  `Content-ID: <${id}>\r\nContent-Type: application/octet-stream\r\n${more}\r\n${bytes}`;

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
