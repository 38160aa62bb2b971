import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect } from 'vitest';
import { tus } from '../../src/dialects/tus/dialect.js';
import { as, type Server, type ServeSpec, serve } from '../memory-server.js';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Call {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Sends the body in chunks, with these fields behind it. */
  readonly trailers?: Record<string, string>;
  readonly version?: string | null;
}

/** Asks as alice, in the words of tus. */
export const send = (
  method: string,
  url: string,
  { headers = {}, body, trailers, version = '1.0.0' }: Call = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const given = { ...as('alice'), ...(version !== null && { 'tus-resumable': version }), ...headers };
    const length = trailers || body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method, headers: { ...given, ...length }, agent: false }, (response) => {
      text(response).then(
        (answer) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer }),
        reject,
      );
    });
    sent.on('error', reject);
    if (body !== undefined) sent.write(body);
    if (trailers) sent.addTrailers(trailers);
    sent.end();
  });

/** What makes a body a chunk. */
export const chunk = { 'content-type': 'application/offset+octet-stream' };
/** A value as `Upload-Metadata` has it. */
export const encode = (value: string) => Buffer.from(value).toString('base64');

/** The server of the test that runs. */
export let server: Server;
/** Where it creates uploads. */
export let files: string;

/** Goes on with a server that is set otherwise. */
export const restart = async (spec: Partial<ServeSpec<typeof tus.options>> = {}) => {
  await server.close();
  await start(spec);
};
const start = async (spec: Partial<ServeSpec<typeof tus.options>> = {}) => {
  server = await serve({ dialect: tus, ...spec });
  files = `${server.url}/files/`;
};

/** Gives each test of a file a server of its own. */
export const eachWithServer = (): void => {
  beforeEach(() => start());
  afterEach(() => server.close());
};

/** Creates an upload and gives back its address. */
export const create = async (headers: OutgoingHttpHeaders): Promise<string> => {
  const answer = await send('POST', files, { headers });
  expect(answer).toMatchObject({ status: 201, body: '' });
  return answer.headers.location ?? '';
};

/** Sends a chunk. */
export const patch = (url: string, offset: number | string, body: string | Buffer, headers: OutgoingHttpHeaders = {}) =>
  send('PATCH', url, { headers: { ...chunk, 'upload-offset': offset, ...headers }, body });

/** How far an upload is, as `HEAD` tells. */
export const offsetOf = async (url: string): Promise<string | undefined> => {
  const { headers } = await send('HEAD', url);
  return headers['upload-offset'] as string | undefined;
};

/** The files in the catalog, newest first. */
export const listFiles = () => server.host.ledger.read((facts) => server.host.catalog.recent(facts));
