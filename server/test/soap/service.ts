import type { Exchange, Reply } from '../../src/http/exchange.js';
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
} from '../../src/wire/soap/index.js';

/** The namespace of the operations. */
export const T = 'https://example.test/SOAP/';
/** The namespace of the data. */
export const D = 'Example.Data';

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

/** What the operations are handed. */
export interface Context {
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

/** A POST whose body comes in these pieces. */
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

/** A WCF-like service that mirrors namespaces and notes its calls; `more` overrules what it is made of. */
export const build = (more: object = {}) => {
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

/** An envelope of SOAP 1.1. */
export const soap11 = (body: string, header = '') =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">${header}<s:Body>${body}</s:Body></s:Envelope>`;

/** Sends `text` to a fresh service. */
export const send = async (text: string, headers?: Record<string, string>) => {
  const { made, calls } = build();
  const reply: Reply = await made.call(exchangeOf([Buffer.from(text)], headers));
  return { ...reply, calls };
};

/** A call of Append with everything that XML allows in its bytes. */
export const chunk = soap11(
  '<t:Append xmlns:t="urn:t"><t:token>u&amp;1</t:token><t:part>0</t:part><t:data> aGVs<!-- - > -->bG8&#13;\n<![CDATA[gd2]]>9ybGQ= </t:data><t:offset>7</t:offset><t:last>1</t:last></t:Append>',
  '<s:Header><a:Security xmlns:a="urn:a"><a:Name b="1">ann</a:Name></a:Security></s:Header>',
);

/** The declaration of `i:nil` and `i:type`. */
export const XSI = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"';

/** A call of Start. */
export const start = (inside: string) => soap11(`<Start xmlns="${T}" ${XSI}>${inside}</Start>`);

/** A call of Append. */
export const append = (inside: string) => soap11(`<Append xmlns="${T}" ${XSI}>${inside}</Append>`);

/** An MTOM body of an envelope and further parts. */
export const mtom = (parts: readonly string[], type = 'text/xml') => {
  const root = `Content-Type: application/xop+xml; charset=UTF-8; type="${type}"\r\nContent-ID: <root@x>\r\n\r\n`;
  const body = [root, ...parts].reduce((all, part, n) => (n === 1 ? `${all}${part}` : `${all}\r\n--B\r\n${part}`), '');
  return {
    body: Buffer.from(`--B\r\n${body.replace(/^\r\n--B\r\n/, '')}\r\n--B--\r\n`, 'latin1'),
    headers: {
      'content-type': `multipart/related; boundary=B; type="application/xop+xml"; start="<root@x>"; start-info="${type}"`,
    },
  };
};

/** A reference to a part. */
export const include = (id: string) =>
  `<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:${id}"/>`;

/** A part with its header fields. */
export const part = (id: string, bytes: string, more = '') =>
  `Content-ID: <${id}>\r\nContent-Type: application/octet-stream\r\n${more}\r\n${bytes}`;
