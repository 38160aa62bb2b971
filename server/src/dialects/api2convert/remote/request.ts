import { lookup as resolve } from 'node:dns';
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublic } from './addresses.js';
import { isAllowed, isNamed, plainHost } from './hosts.js';

/** A request that this server does not make. Its message tells nothing of the network. */
export class ForbiddenRemote extends Error {
  override readonly name = 'ForbiddenRemote';
}

/** What is asked of another server. */
export interface RemoteRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Hosts that may be asked (see `isAllowed`); one that is named may have an internal address. */
  readonly hosts: readonly string[];
  readonly redirects: number;
  readonly signal: AbortSignal;
}

const forbidden = (host: string) => new ForbiddenRemote(`${host} is not a host that this server connects to.`);

/**
 * Resolves a name for a connection and judges the very addresses that are connected to, so that no second answer of the
 * DNS can lead elsewhere.
 */
const guardedLookup =
  (host: string): LookupFunction =>
  (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isPublic(address))) return done(forbidden(host), '', 0);
      if (options.all === true) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };

const judge = (url: URL, hosts: readonly string[]): void => {
  const host = plainHost(url.hostname);
  if (!/^https?:$/.test(url.protocol) || !isAllowed(hosts, host)) throw forbidden(host);
  if (isIP(host) !== 0 && !isPublic(host) && !isNamed(hosts, host)) throw forbidden(host);
};

const once = (url: URL, { method, headers, body, hosts, signal }: RemoteRequest): Promise<IncomingMessage> =>
  new Promise((answered, failed) => {
    const options: RequestOptions = {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
      agent: false,
      signal,
      ...(!isNamed(hosts, url.hostname) && { lookup: guardedLookup(plainHost(url.hostname)) }),
    };
    const sent = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
    sent.on('response', answered).on('error', failed);
    sent.end(body);
  });

const isRedirect = ({ statusCode = 0 }: IncomingMessage): boolean => [301, 302, 303, 307, 308].includes(statusCode);

/**
 * Asks another server on behalf of a client. Every address is judged when it is connected to, also after a redirect.
 * Throws `ForbiddenRemote` for what is not allowed, and what the connection throws. The answer is to be read or destroyed.
 */
export const askRemote = async (request: RemoteRequest): Promise<IncomingMessage> => {
  let url = new URL(request.url);
  for (let left = request.redirects; ; left -= 1) {
    judge(url, request.hosts);
    const response = await once(url, request);
    const { location } = response.headers;
    if (!isRedirect(response) || location === undefined || request.redirects === 0) return response;
    response.destroy();
    if (left === 0 || !URL.canParse(location, url.href))
      throw new ForbiddenRemote('The address leads through too many redirects.');
    url = new URL(location, url.href);
  }
};
