import { afterEach, beforeEach } from 'vitest';
import { interfax } from '../../src/dialects/interfax/dialect.js';
import type { InterfaxOptions } from '../../src/dialects/interfax/options.js';
import type { Log } from '../../src/kit/log.js';
import { type Server, serve } from '../memory-server.js';

export const namespace = 'http://www.interfax.cc';

/** An InterFAX server over memory. */
export const serveInterfax = (
  options: Partial<InterfaxOptions> = {},
  more: { log?: Log; room?: number } = {},
): Promise<Server> => serve({ dialect: interfax, options, ...more });

/** The server of the test that runs. */
export let server: Server;

const start = async (options: Partial<InterfaxOptions> = {}): Promise<void> => {
  server = await serveInterfax(options);
};

/** Goes on with a server that is set otherwise. */
export const restart = async (options: Partial<InterfaxOptions>): Promise<void> => {
  await server.close();
  await start(options);
};

/** Gives each test of a file a server of its own. */
export const eachWithServer = (): void => {
  beforeEach(() => start());
  afterEach(() => server.close());
};

/** What came back, with the text of each element of its answer by local name; of several the first counts. */
export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly values: Readonly<Record<string, string>>;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
const decode = (text: string): string => text.replace(/&(\w+);/g, (all, name: string) => entities[name] ?? all);

export const readAnswer = async (reply: Response): Promise<Answered> => {
  const body = await reply.text();
  const values: Record<string, string> = {};
  for (const [, name = '', text = ''] of body.matchAll(/<(?:\w+:)?(\w+)(?:\s[^>]*?)?(?:\/>|>([^<]*)<\/)/g))
    values[name] ??= decode(text);
  return { status: reply.status, type: reply.headers.get('content-type') ?? '', body, values };
};

export type Parameters = Readonly<Record<string, string | number | boolean | Uint8Array>>;

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** A parameter as it stands in XML; what begins with `<` is taken for XML. */
const printed = (value: Parameters[string]): string => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'string' && value.startsWith('<') ? value : escaped(String(value));
};

/** The element of a call. */
export const callElement = (operation: string, parameters: Parameters): string =>
  `<${operation} xmlns="${namespace}">${Object.entries(parameters)
    .map(([name, value]) => `<${name}>${printed(value)}</${name}>`)
    .join('')}</${operation}>`;

/** SOAP 1.1 around the element of a call. */
export const envelope = (inside: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${inside}</s:Body></s:Envelope>`;

/** Posts a message as it is. */
export const post = async (
  { url }: Pick<Server, 'url'>,
  body: string,
  headers: Readonly<Record<string, string>> = { 'content-type': 'text/xml; charset=utf-8' },
): Promise<Answered> => readAnswer(await fetch(`${url}/dfs.asmx`, { method: 'POST', headers, body }));

/** Calls an operation by SOAP 1.1. */
export const call = (server: Pick<Server, 'url'>, operation: string, parameters: Parameters = {}): Promise<Answered> =>
  post(server, envelope(callElement(operation, parameters)), {
    'content-type': 'text/xml; charset=utf-8',
    soapaction: `"${namespace}/${operation}"`,
  });

/** Calls an operation that answers one number. */
export const number = async (
  server: Pick<Server, 'url'>,
  operation: string,
  parameters: Parameters = {},
): Promise<number> => {
  const { values, body } = await call(server, operation, parameters);
  const result = values[`${operation}Result`];
  if (result === undefined) throw new Error(`no result: ${body.slice(0, 500)}`);
  return Number(result);
};

/** The credentials of a test server's account. */
export const by = (Username: string): { Username: string; Password: string } => ({ Username, Password: 'secret' });

export const alice = by('alice');

/** Begins a session; gives its id. */
export const startSession = async (server: Pick<Server, 'url'>, who = alice): Promise<string> => {
  const { values } = await call(server, 'StartFileUpload', who);
  return values.SessionID ?? '';
};

/** Adds a chunk; gives the result. */
export const chunk = (
  server: Pick<Server, 'url'>,
  SessionID: string,
  bytes: Uint8Array | string,
  IsLast: boolean | number | string = false,
): Promise<number> => number(server, 'UploadFileChunk', { SessionID, Chunk: Buffer.from(bytes), IsLast });

/** The id of a session that there is not. */
export const unknownSession = '0123456789ABCDEF'.repeat(4);

/** A session that is complete with these bytes. */
export const closedSession = async (
  server: Pick<Server, 'url'>,
  bytes: Uint8Array | string,
  who = alice,
): Promise<string> => {
  const session = await startSession(server, who);
  const total = await chunk(server, session, bytes, true);
  if (total !== bytes.length) throw new Error(`not closed: ${total}`);
  return session;
};

/** A fax by SendfaxEx_2; what is not said is right. */
export const sendfax = (server: Pick<Server, 'url'>, parameters: Parameters = {}): Promise<number> =>
  number(server, 'SendfaxEx_2', { ...alice, FaxNumbers: '+442079460123', FileTypes: 'PDF', ...parameters });

/** Bytes of a stretch of an object. */
export const bytesOf = async (
  server: Server,
  { object, offset, length }: { object: string; offset: number; length: number },
): Promise<string> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of server.host.engine.readObject(object, { start: offset, end: offset + length }))
    pieces.push(piece);
  return Buffer.concat(pieces).toString();
};
