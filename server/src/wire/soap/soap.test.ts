import { expect, test } from 'vitest';
import type { Exchange, Reply } from '../../http/exchange.js';
import {
  bytes,
  choice,
  detail,
  flag,
  int,
  list,
  long,
  nillable,
  object,
  operationsWith,
  optional,
  polymorphic,
  SoapFault,
  service,
  smallBytes,
  text,
  wcf,
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

export const exchangeOf = (
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
