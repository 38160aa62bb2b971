import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';
import { TLSSocket } from 'node:tls';
import { bodyOf } from './body.js';
import type { Exchange } from './exchange.js';
import { type Sender, senderOf } from './forwarded.js';
import { leaveUnread } from './reply.js';

/** What a request's reader must know of the listener and the mount it came to. */
export interface Place {
  /** `''` or `/files`: without a slash at the end. */
  readonly prefix: string;
  /** The configured URL of this mount without its prefix, without a slash at the end; null where none is. */
  readonly publicUrl: string | null;
  readonly idleTimeoutMs: number;
  readonly trusts: (address: string) => boolean;
}

/** The request target below a prefix of `depth` segments, in origin form (`/x?y`). */
const below = (target: string, depth: number): string => {
  let rest = target.startsWith('/') ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  // Segments are counted, not compared: the client may have written the prefix in other letters or percent signs.
  for (let skipped = 0; skipped < depth; skipped += 1) {
    const next = rest.slice(1).search(/[/?#]/);
    rest = next < 0 ? '' : rest.slice(next + 1);
  }
  return rest.startsWith('/') ? rest : `/${rest}`;
};

/** Has this request a body, even an empty chunked one? */
const hasBody = (headers: IncomingHttpHeaders) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** An `Exchange` over Node's own request. What is seldom asked for is made when it is asked for. */
export class RequestExchange implements Exchange {
  readonly method: string;
  readonly target: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion: string;
  readonly length: number | null;
  /** Bytes of the body that were read. */
  bytesIn = 0;
  /** Bytes of the answer's body. */
  bytesOut = 0;
  /** Header fields, counted as sent. */
  readonly headerCount: number;
  readonly #address: string;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #place: Place;
  #awaitsContinue: boolean;
  #body: AsyncIterable<Buffer> | undefined;
  #query: URLSearchParams | undefined;
  #sender: Sender | undefined;
  #gone: AbortController | undefined;
  #finishSoon: AbortController | undefined;
  #isGone = false;
  #shouldFinish = false;

  constructor(
    message: IncomingMessage,
    response: ServerResponse,
    facts: { place: Place; params: Readonly<Record<string, string>>; awaitsContinue: boolean },
  ) {
    const { prefix } = facts.place;
    this.#message = message;
    this.#response = response;
    this.#place = facts.place;
    // Now, as a socket that is gone has forgotten it.
    this.#address = message.socket.remoteAddress ?? '';
    this.#awaitsContinue = facts.awaitsContinue;
    this.method = message.method ?? 'GET';
    this.target = below(message.url ?? '/', prefix === '' ? 0 : prefix.split('/').length - 1);
    const end = this.target.search(/[?#]/);
    this.path = end < 0 ? this.target : this.target.slice(0, end);
    this.params = facts.params;
    this.headers = message.headers;
    this.headerCount = message.rawHeaders.length / 2;
    this.httpVersion = message.httpVersion;
    const declared = this.headers['content-length'];
    if (declared !== undefined) this.length = Number(declared);
    else this.length = this.headers['transfer-encoding'] === undefined ? 0 : null;
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(/\?([^#]*)/.exec(this.target)?.[1] ?? '');
    return this.#query;
  }

  get sender(): Sender {
    const { socket, headers } = this.#message;
    this.#sender ??= senderOf(
      { address: this.#address, encrypted: socket instanceof TLSSocket, headers },
      this.#place.trusts,
    );
    return this.#sender;
  }

  get remote(): string {
    return this.sender.remote;
  }

  get origin(): string {
    const { prefix, publicUrl } = this.#place;
    if (publicUrl !== null) return `${publicUrl}${prefix}`;
    const { scheme, host } = this.sender;
    const { localAddress = 'localhost', localPort } = this.#message.socket;
    const local = `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort ?? ''}`;
    return `${scheme}://${host ?? local}${prefix}`;
  }

  get gone(): AbortSignal {
    this.#gone ??= new AbortController();
    if (this.#isGone) this.#gone.abort();
    return this.#gone.signal;
  }

  get finishSoon(): AbortSignal {
    this.#finishSoon ??= new AbortController();
    if (this.#shouldFinish) this.#finishSoon.abort();
    return this.#finishSoon.signal;
  }

  // Fields, not methods: handlers take them out of the exchange by name.
  readonly body = (): AsyncIterable<Buffer> => {
    this.#body = bodyOf(this.#message, {
      begin: () => {
        if (this.#awaitsContinue && !this.#response.headersSent) this.#response.writeContinue();
        this.#awaitsContinue = false;
      },
      arrived: (bytes) => {
        this.bytesIn += bytes;
      },
      idleTimeoutMs: this.#place.idleTimeoutMs,
    });
    return this.#body;
  };

  readonly inform = (status: number, headers: Readonly<Record<string, string | number>>): void => {
    const { socket, headersSent } = this.#response;
    if (!socket || headersSent || this.httpVersion !== '1.1') return;
    const lines = Object.entries(headers).map(([name, value]) => {
      validateHeaderName(name);
      validateHeaderValue(name, String(value));
      return `${name}: ${value}\r\n`;
    });
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Information'}\r\n${lines.join('')}\r\n`, 'latin1');
  };

  readonly trailers = (): Readonly<Record<string, string | undefined>> => this.#message.trailers;

  /** Is an answer to this request on its way through `socket`? */
  answersOn(socket: unknown): boolean {
    return this.#message.socket === socket && this.#response.headersSent && !this.#response.writableFinished;
  }

  /** Is nobody left to hear the answer? */
  get abandoned(): boolean {
    return this.#isGone || this.#message.socket.destroyed;
  }

  /** The client is gone before its answer was sent. */
  leave(): void {
    this.#isGone = true;
    this.#gone?.abort();
  }

  /** Nobody reads the body any more, whether its reader said so or not. */
  async stopReading(): Promise<void> {
    await leaveUnread(this.#body);
  }

  /** The server drains. */
  hurry(): void {
    this.#shouldFinish = true;
    this.#finishSoon?.abort();
  }

  /**
   * How many bytes of the body are still to come: 0 if it was read, or arrived, to its end; null if nobody knows, or if
   * the client waits for a `100 Continue` that it did not get and may or may not send them.
   */
  unread(): number | null {
    if (!hasBody(this.headers) || this.#message.readableEnded || this.#message.complete) return 0;
    return this.length === null || this.#awaitsContinue ? null : this.length - this.bytesIn;
  }
}
