import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** Thrown where the connection went before the answer was there: nobody knows what the server did. */
export class Lost extends Error {
  override readonly name = 'Lost';
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Asking {
  readonly method: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  /** A body in pieces is sent as they come; give its `content-length`. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
}

const isWhole = (body: Asking['body']): body is Uint8Array | undefined =>
  body === undefined || body instanceof Uint8Array;

/** One request over a connection of its own. Rejects with `Lost` unless the whole answer came. */
export const ask = (port: number, { method, path, headers = {}, body }: Asking): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const lost = () => reject(new Lost(`${method} ${path}`));
    const length = isWhole(body) ? { 'content-length': body?.length ?? 0 } : {};
    const sent = request({ host: '127.0.0.1', port, method, path, headers: { ...length, ...headers }, agent: false });
    sent.on('error', lost).on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      // A body that was answered before its end is not sent on.
      const answered = (bytes: Buffer) => {
        sent.destroy();
        resolve({ status, headers, body: bytes });
      };
      buffer(response).then(answered, lost);
    });
    if (isWhole(body)) {
      sent.end(body);
      return;
    }
    Readable.from(body).pipe(sent);
  });

/** What `work` gives, tried again as often as the server dies over it. */
export const untilAnswered = async <T>(work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    }
  }
};
