import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** An answer, read to its end. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer;
}

const begin = ({ method, url, headers = {}, body }: Asked, more: OutgoingHttpHeaders = {}) =>
  request(url, {
    method,
    headers: { ...headers, ...(body && { 'content-length': body.length }), ...more },
    agent: false,
  });

/** Sends a request over a connection of its own. */
export const ask = (asked: Asked): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const sent = begin(asked);
    sent.on('error', reject).on('response', (response) => {
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    });
    sent.end(asked.body);
  });

/** Sends the head of a request; once the server wants the body, the first `after` bytes of it; then hangs up. */
export const askAndHangUp = (asked: Asked, after: number): Promise<void> =>
  new Promise((resolve) => {
    const sent = begin(asked, { expect: '100-continue' });
    sent.on('error', () => undefined).on('close', resolve);
    sent.on('continue', () => sent.write((asked.body ?? Buffer.alloc(0)).subarray(0, after), () => sent.destroy()));
    sent.flushHeaders();
  });
