import { afterEach, beforeEach } from 'vitest';
import { brightsign } from '../../src/dialects/brightsign/dialect.js';
import { as, type Server, type ServeSpec, serve } from '../memory-server.js';

// Expected values come from specs/brightsign.md, part B and §A6.

export const api = '/Upload/2019/03/REST';

/** A vendor's media type: `start.content.upload.arguments`. */
export const vnd = (what: string, version = '201903'): string => `application/vnd.bsn.${what}.${version}+json`;

/** What bsn-cloud-core accepts when it starts and completes a file. */
export const acceptAll = [
  vnd('content.upload.status'),
  vnd('content.upload.negotiation.status'),
  'application/vnd.bsn.error+json',
].join(', ');

export interface RestAnswer {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly text: string;
  /** What was answered, where it is JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface Ask {
  /** Object: sent as JSON. */
  readonly body?: unknown;
  readonly type?: string | null;
  readonly accept?: string | null;
  readonly as?: string | null;
  readonly headers?: Record<string, string>;
}

/** A server for each test of a file, and its REST API. */
export const useRest = (options: ServeSpec<typeof brightsign.options>['options'] = {}, shared?: () => Server) => {
  let own: Server | undefined;
  beforeEach(async () => {
    if (!shared) own = await serve({ dialect: brightsign, options });
  });
  afterEach(() => own?.close());
  const server = (): Server => {
    const found = shared?.() ?? own;
    if (!found) throw new Error('there is no server');
    return found;
  };

  const ask = async (method: string, path: string, how: Ask = {}): Promise<RestAnswer> => {
    const { body, type, accept = acceptAll, as: who = 'alice', headers = {} } = how;
    const isBytes = body instanceof Uint8Array || typeof body === 'string';
    const response = await fetch(`${server().url}${path}`, {
      method,
      headers: {
        ...(who !== null && as(who)),
        ...(accept !== null && { accept }),
        ...(typeof type === 'string' && { 'content-type': type }),
        ...headers,
      },
      ...(body !== undefined && { body: isBytes ? new Uint8Array(Buffer.from(body)) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      headers: response.headers,
      text,
      json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  };

  const start = (body: unknown, how: Ask = {}) =>
    ask('POST', `${api}/Sessions/None/Uploads/`, { body, type: vnd('start.content.upload.arguments'), ...how });
  const begin = async (body: Record<string, unknown> = {}): Promise<string> => {
    const answer = await start({ fileName: 'lake.png', fileSize: 10, ...body });
    if (answer.status !== 201) throw new Error(answer.text);
    return String(answer.json['uploadToken']);
  };
  const complete = (token: string, body: unknown = {}, how: Ask = {}, session = 'None') =>
    ask('PUT', `${api}/Sessions/${session}/Uploads/${token}/`, {
      body,
      type: vnd('complete.content.upload.arguments'),
      ...how,
    });
  const chunk = (token: string, offset: number | null, body: Uint8Array | string, how: Ask = {}, session = 'None') =>
    ask('POST', `${api}/Sessions/${session}/Uploads/${token}/Chunks/${offset === null ? '' : `?offset=${offset}`}`, {
      body,
      type: 'application/octet-stream',
      accept: 'application/vnd.bsn.error+json',
      ...how,
    });
  const look = (token: string, how: Ask = {}, session = 'None') =>
    ask('GET', `${api}/Sessions/${session}/Uploads/${token}/`, how);
  const form = (fields: Record<string, string>, path = '/2020/07/REST/Token') =>
    ask('POST', path, {
      body: new URLSearchParams(fields).toString(),
      type: 'application/x-www-form-urlencoded',
      accept: 'application/json',
      as: null,
    });

  return { server, ask, start, begin, complete, chunk, look, form };
};
