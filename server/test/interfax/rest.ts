import type { Server } from '../memory-server.js';
import { as } from '../memory-server.js';

type At = Pick<Server, 'url'>;

/** What the REST API answered. */
export interface Said {
  readonly status: number;
  readonly type: string | null;
  readonly location: string | null;
  readonly range: string | null;
  readonly body: string;
  /** The body's JSON; undefined where it is empty. */
  readonly json: unknown;
}

export interface RestRequest {
  readonly who?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** Asks the REST API; as alice unless told. */
export const rest = async (
  { url }: At,
  method: string,
  path: string,
  { who = 'alice', headers = {}, body }: RestRequest = {},
): Promise<Said> => {
  const reply = await fetch(new URL(path, url), {
    method,
    headers: { ...(who !== null && as(who)), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : Buffer.from(body) }),
  });
  const text = await reply.text();
  return {
    status: reply.status,
    type: reply.headers.get('content-type'),
    location: reply.headers.get('location'),
    range: reply.headers.get('x-content-range'),
    body: text,
    json: text === '' || !reply.headers.get('content-type')?.includes('json') ? undefined : JSON.parse(text),
  };
};

/** Creates a document; gives its path. */
export const createDocument = async (
  at: At,
  size: number,
  { name = 'letter.txt', more = '', who = 'alice' } = {},
): Promise<string> => {
  const { status, location } = await rest(at, 'POST', `/outbound/documents?size=${size}&name=${name}${more}`, { who });
  if (status !== 201 || location === null) throw new Error(`no document: ${status}`);
  return new URL(location).pathname;
};

/** Sends bytes as a chunk that begins at `start`. */
export const sendChunk = (at: At, path: string, start: number, bytes: Uint8Array | string): Promise<Said> =>
  rest(at, 'POST', path, { headers: { range: `bytes=${start}-${start + bytes.length - 1}` }, body: bytes });

/** A document that is complete with these bytes; gives its path. */
export const readyDocument = async (
  at: At,
  bytes: Uint8Array | string,
  options: { name?: string; more?: string } = {},
): Promise<string> => {
  const path = await createDocument(at, bytes.length, options);
  const { status } = await sendChunk(at, path, 0, bytes);
  if (status !== 200) throw new Error(`not complete: ${status}`);
  return path;
};

/** The wrong document's answer, by the letter of a recording. */
export const wrongDocument = {
  status: 404,
  type: 'text/json',
  body: '{"code":-1062,"message":"Wrong uploaded document resource","moreInfo":null}',
};
