import { createHash } from 'node:crypto';
import { afterEach, beforeEach } from 'vitest';
import { brightsign } from '../../src/dialects/brightsign/dialect.js';
import { defaultsOf } from '../../src/kit/options.js';
import { type Server, type ServeSpec, serve } from '../memory-server.js';

// Expected values of the tests come from specs/brightsign.md (the § in their names) and the seed that it was made from.

export const T = 'https://api.brightsignnetwork.com/Uploads/2014/07/SOAP/';
export const D = 'BSN.WebServices.Uploads.DTO.2014.07';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
export const basic = '/Uploads/2014/07/SOAP/Basic/';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly xml: string;
  /** Text of the first element with that local name; null where there is none, or nil. */
  get(local: string): string | null;
  /** Texts of all elements with that local name. */
  all(local: string): string[];
  readonly fault: string | null;
}

export type Args = Record<string, string | number>;

export interface Sending {
  readonly user?: string | null;
  readonly password?: string;
  readonly security?: string;
  readonly headers?: Record<string, string>;
  readonly path?: string;
  readonly soap12?: boolean;
}

const read = (xml: string, local: string): string[] =>
  [...xml.matchAll(new RegExp(`<(?:\\w+:)?${local}(?: [^>]*)?>([^<]*)</`, 'g'))].map(([, text = '']) => text);

export const tokenOf = (user: string, password: string): string =>
  `<w:Security xmlns:w="${WSSE}"><w:UsernameToken><w:Username>${user}</w:Username><w:Password>${password}</w:Password></w:UsernameToken></w:Security>`;

export const envelope = (
  body: string,
  { user = 'Acme/alice', password = 'secret', security, soap12 }: Sending = {},
): string => {
  const namespace = soap12 ? 'http://www.w3.org/2003/05/soap-envelope' : 'http://schemas.xmlsoap.org/soap/envelope/';
  const header = security ?? (user === null ? '' : tokenOf(user, password));
  return `<?xml version="1.0"?><e:Envelope xmlns:e="${namespace}" xmlns:t="${T}" xmlns:d="${D}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><e:Header>${header}</e:Header><e:Body>${body}</e:Body></e:Envelope>`;
};

const member = ([name, value]: [string, string | number]) => `<d:${name}>${value}</d:${name}>`;
const members = (args: Args): string => Object.entries(args).map(member).join('');

export const argsOf = (args: Args, type?: string, more = ''): string =>
  `<t:args${type ? ` i:type="d:${type}"` : ''}>${members(args)}${more}</t:args>`;

/** Arguments as they stand flat below their operation, in the seed's spelling (§A5): `<t:fileName>`. */
export const flatOf = (args: Args): string =>
  Object.entries(args)
    .map(([name, value]) => [`t:${name.charAt(0).toLowerCase()}${name.slice(1)}`, value])
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');

const assetsOf = (assets: readonly Args[]): string =>
  `<d:Assets>${assets.map((asset) => `<d:WebPageAssetUploadArguments>${members(asset)}</d:WebPageAssetUploadArguments>`).join('')}</d:Assets>`;

export const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

export const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const each of bytes) all.push(each);
  return Buffer.concat(all);
};

export const ten = Buffer.from('0123456789');

const brightsignDefaults = defaultsOf(brightsign.options);

/** A server for each test of a file, and its operations. */
export const useDesk = (options: ServeSpec<typeof brightsign.options>['options'] = {}) => {
  let server: Server;
  beforeEach(async () => {
    server = await serve({ dialect: brightsign, options });
  });
  afterEach(() => server.close());

  const post = async (xml: string, { headers = {}, path = basic, soap12 }: Sending = {}): Promise<Answer> => {
    const type = soap12 ? 'application/soap+xml; charset=utf-8' : 'text/xml; charset=utf-8';
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': type, ...headers },
      body: xml,
    });
    const answer = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      xml: answer,
      get: (local) => read(answer, local)[0] ?? null,
      all: (local) => read(answer, local),
      fault: read(answer, 'Message')[0] ?? null,
    };
  };
  const call = (body: string, how?: Sending): Promise<Answer> => post(envelope(body, how), how);

  const start = (args: Args, how?: Sending, type?: string) =>
    call(`<t:StartFileUpload>${argsOf(args, type)}</t:StartFileUpload>`, how);
  const complete = (args: Args, how?: Sending, type?: string) =>
    call(`<t:CompleteFileUpload>${argsOf(args, type)}</t:CompleteFileUpload>`, how);
  const withToken = (operation: string, token: string, how?: Sending) =>
    call(`<t:${operation}><t:uploadToken>${token}</t:uploadToken></t:${operation}>`, how);
  const append = (token: string, offset: number | null, data: string | Buffer, how?: Sending, session = '') => {
    const place = offset === null ? '' : `<t:offset>${offset}</t:offset>`;
    const base64 = Buffer.isBuffer(data) ? data.toString('base64') : data;
    const named = session === '' ? '<t:sessionToken i:nil="true"/>' : `<t:sessionToken>${session}</t:sessionToken>`;
    return call(
      `<t:AppendChunk>${named}<t:uploadToken>${token}</t:uploadToken><t:partNumber>0</t:partNumber><t:data>${base64}</t:data>${place}</t:AppendChunk>`,
      how,
    );
  };
  const begin = async (args: Args = {}): Promise<string> => {
    const answer = await start({ FileName: 'lake.png', FileSize: 10, ...args });
    const token = answer.get('UploadToken');
    if (token === null) throw new Error(answer.xml);
    return token;
  };
  const session = (operation: string, args: Args, assets: readonly Args[], type?: string, how?: Sending) =>
    call(`<t:${operation}>${argsOf(args, type, assetsOf(assets))}</t:${operation}>`, how);

  /** A content of the library: where it is and what is in it. */
  const content = async (id: string | number | null) => {
    const { engine, catalog, ledger } = server.host;
    return ledger.read(async (facts) => {
      const file = await catalog.file(facts, Number(id));
      const latest = file.versions[file.versions.length - 1] ?? file.versions[0];
      const bytes = await collect(engine.readObject(latest.object, { start: 0, end: latest.size }));
      return { file, path: await catalog.pathOf(facts, file.folder), bytes };
    });
  };
  /** Is there a file of this id? */
  const exists = (id: string | number | null) =>
    server.host.ledger.read(async (facts) => (await server.host.catalog.findFile(facts, Number(id))) !== undefined);
  /** Runs the dialect's own sweeps, and the engine's. */
  const sweep = async (): Promise<void> => {
    await server.host.engine.expire();
    for (const each of (await brightsign.load()).sweeps?.(server.host, brightsignDefaults) ?? [])
      await each.run(new AbortController().signal);
  };

  return {
    server: () => server,
    ...{ post, call, start, complete, append, begin, content, exists, sweep },
    cancel: (token: string, how?: Sending) => withToken('CancelFileUpload', token, how),
    status: (token: string, how?: Sending) => withToken('GetFileUploadStatus', token, how),
    startSession: (args: Args, assets: readonly Args[], type?: string, how?: Sending) =>
      session('StartWebPageUploadSession', args, assets, type, how),
    completeSession: (args: Args, assets: readonly Args[] = [], type?: string, how?: Sending) =>
      session('CompleteWebPageUploadSession', args, assets, type, how),
    sessionStatus: (token: string, how?: Sending) =>
      call(`<t:GetWebPageUploadStatus><t:sessionToken>${token}</t:sessionToken></t:GetWebPageUploadStatus>`, how),
  };
};

export type Desk = ReturnType<typeof useDesk>;
