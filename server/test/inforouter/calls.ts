import { crc32 } from 'node:zlib';
import { afterEach, beforeEach } from 'vitest';
import { inforouter } from '../../src/dialects/inforouter/dialect.js';
import type { InfoRouterOptions } from '../../src/dialects/inforouter/options.js';
import { type Server, serve } from '../memory-server.js';

/** An infoRouter server over memory. */
export const serveInfoRouter = (options: Partial<InfoRouterOptions> = {}): Promise<Server> =>
  serve({ dialect: inforouter, options });

/** What an answer's element `response` says. */
export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What stands in the element, as written. */
  readonly inside: string;
  readonly body: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

const decode = (text: string): string => text.replace(/&(\w+);/g, (all, name: string) => entities[name] ?? all);

/** Reads the element `response` out of an answer. */
export const readAnswer = async (reply: Response): Promise<Answered> => {
  const body = await reply.text();
  const [, written = '', inside = ''] = /<response((?:\s[^>]*?)?)(?:\/>|>(.*)<\/response>)/s.exec(body) ?? [];
  const found = [...written.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decode(value)]);
  const attributes = Object.fromEntries(found) as Record<string, string>;
  delete attributes.xmlns;
  return { status: reply.status, type: reply.headers.get('content-type') ?? '', attributes, inside, body };
};

export type Parameters = Readonly<Record<string, string | number | boolean | Uint8Array>>;

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

const printed = (value: Parameters[string]): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value);

const envelope = (operation: string, parameters: Parameters): string => {
  const given = Object.entries(parameters).map(([name, value]) => `<${name}>${escaped(printed(value))}</${name}>`);
  return (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
    `<${operation} xmlns="http://tempuri.org/">${given.join('')}</${operation}></soap:Body></soap:Envelope>`
  );
};

/** Ways to call an operation. */
export const ways = {
  soap: (url: string, operation: string, parameters: Parameters) =>
    fetch(`${url}/srv.asmx`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"http://tempuri.org/${operation}"` },
      body: envelope(operation, parameters),
    }),
  get: (url: string, operation: string, parameters: Parameters) =>
    fetch(`${url}/srv.asmx/${operation}?${query(parameters)}`),
  post: (url: string, operation: string, parameters: Parameters) =>
    fetch(`${url}/srv.asmx/${operation}`, { method: 'POST', body: query(parameters) }),
  multipart: (url: string, operation: string, parameters: Parameters) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(parameters)) {
      if (value instanceof Uint8Array) form.append(name, new Blob([Uint8Array.from(value)]), 'blob');
      else form.append(name, String(value));
    }
    return fetch(`${url}/srv.asmx/${operation}`, { method: 'POST', body: form });
  },
} as const;

const query = (parameters: Parameters): URLSearchParams =>
  new URLSearchParams(Object.entries(parameters).map(([name, value]): [string, string] => [name, printed(value)]));

export type Way = keyof typeof ways;

export const allWays = Object.keys(ways) as Way[];

/** Calls an operation. */
export const call = async (
  { url }: Pick<Server, 'url'>,
  operation: string,
  parameters: Parameters = {},
  way: Way = 'soap',
): Promise<Answered> => readAnswer(await ways[way](url, operation, parameters));

/** A client with a ticket. */
export interface Client {
  readonly ticket: string;
  /** Calls an operation with the ticket. */
  call(operation: string, parameters?: Parameters, way?: Way): Promise<Answered['attributes']>;
  /** Opens an upload handler; answers its GUID. */
  handler(): Promise<string>;
  /** Sends a chunk with its checksum, or the one given. */
  chunk(handler: string, bytes: Uint8Array | string, last: boolean, crc?: string): Promise<Answered['attributes']>;
  /** Makes a handler's bytes a document. */
  commit(handler: string, path: string): Promise<Answered['attributes']>;
}

/** A checksum as the vendor's samples write it. */
export const crcOf = (bytes: Uint8Array): string => crc32(bytes).toString(16).toUpperCase();

/** Logs an account in; its password is `secret`. */
export const logIn = async (server: Server, name = 'alice'): Promise<Client> => {
  const { attributes } = await call(server, 'AuthenticateUser', { UID: name, PWD: 'secret' });
  const ticket = attributes.ticket ?? '';
  const client: Client = {
    ticket,
    call: async (operation, parameters = {}, way = 'soap') =>
      (await call(server, operation, { AuthenticationTicket: ticket, ...parameters }, way)).attributes,
    handler: async () => (await client.call('CreateUploadHandler', { PreferedChunkSize: 0 })).UploadHandler ?? '',
    chunk: (handler, bytes, last, crc = crcOf(Buffer.from(bytes))) =>
      client.call('UploadFileChunk', {
        UploadHandler: handler,
        FileChunk: Buffer.from(bytes),
        ChunkHEXCRC: crc,
        LastChunk: last,
      }),
    commit: (handler, path) => client.call('UploadDocumentWithHandler', { Path: path, UploadHandler: handler }),
  };
  return client;
};

/** The server of the test that runs, and alice, who is logged in. */
export let server: Server;
export let alice: Client;

const start = async (options: Partial<InfoRouterOptions> = {}): Promise<void> => {
  server = await serveInfoRouter(options);
  alice = await logIn(server);
};

/** Goes on with a server that is set otherwise. */
export const restart = async (options: Partial<InfoRouterOptions>): Promise<void> => {
  await server.close();
  await start(options);
};

/** Gives each test of a file a server of its own, set like this. */
export const eachWithServer = (options: Partial<InfoRouterOptions> = {}): void => {
  beforeEach(() => start(options));
  afterEach(() => server.close());
};

/** What a failing answer says, with the code in both of its spellings. */
export const problem = (errorCode: number, error: unknown, more: Readonly<Record<string, string>> = {}) => ({
  success: 'false',
  errorCode: String(errorCode),
  errorcode: String(errorCode),
  error,
  ...more,
});
