import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Reply } from './exchange.js';

/** Most bytes of an unread body that are worth reading to keep the connection. */
const smallRest = 256 * 1024;

export interface Sending {
  readonly reply: Reply;
  /** Headers beside the reply's own. */
  readonly extra: Readonly<Record<string, string>>;
  /** Unread bytes of the request's body; null: nobody knows. */
  readonly unread: number | null;
  /** The connection shall end with this answer. */
  readonly close: boolean;
  /** How long a reader that takes nothing is waited for, in ms. */
  readonly idleTimeoutMs: number;
  /** How long an unwanted body is taken off the wire, in ms. */
  readonly lingerMs: number;
}

/** Resolves when the response can take more, or is gone; gives a reader that takes nothing up. */
const drained = (response: ServerResponse, idleTimeoutMs: number): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      response.off('drain', done).off('close', done);
      resolve();
    };
    const timer = setTimeout(() => response.destroy(), idleTimeoutMs);
    response.on('drain', done).on('close', done);
  });

/** Takes what is left of the body off the wire; resolves at its end, when the client hangs up, or after `ms`. */
const discardRest = (message: IncomingMessage, ms: number): Promise<void> =>
  new Promise((resolve) => {
    if (message.readableEnded || message.destroyed) return resolve();
    const done = () => {
      clearTimeout(timer);
      message.off('end', done).off('close', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    message.on('end', done).on('close', done).resume();
  });

/** Lets go of an answer's body that nobody will read, so that it can close what it holds open. */
export const leaveUnread = async (body: Reply['body']): Promise<void> => {
  if (typeof body === 'object' && Symbol.asyncIterator in body) await body[Symbol.asyncIterator]().return?.();
};

const headersOf = (reply: Reply, extra: Sending['extra']): OutgoingHttpHeaders => {
  const headers: OutgoingHttpHeaders = { ...extra };
  for (const [name, value] of Object.entries(reply.headers ?? {}))
    if (!(name in extra)) headers[name] = typeof value === 'object' ? [...value] : value;
  return headers;
};

const says = (headers: OutgoingHttpHeaders, name: string) =>
  name in headers || Object.keys(headers).some((each) => each.toLowerCase() === name);

const writeStream = async (response: ServerResponse, body: AsyncIterable<Uint8Array>, idleTimeoutMs: number) => {
  let bytes = 0;
  for await (const piece of body) {
    if (response.destroyed) break;
    bytes += piece.length;
    if (!response.write(piece)) await drained(response, idleTimeoutMs);
  }
  return bytes;
};

/**
 * Sends an answer and says how many body bytes it had. If the client is still sending a body that nobody wants, it gets
 * its answer all the same: a small rest is read and the connection kept, a big one is read for `lingerMs` at most.
 * Throws, before anything was sent, where a header cannot be sent as it is; and what the body's iterable throws.
 */
export const send = async (message: IncomingMessage, response: ServerResponse, sending: Sending): Promise<number> => {
  const { reply, unread, lingerMs, idleTimeoutMs } = sending;
  const { status, body } = reply;
  const headers = headersOf(reply, sending.extra);
  const hasNone = message.method === 'HEAD' || status === 204 || status === 304;
  const whole = typeof body === 'string' || body instanceof Uint8Array || body === undefined;
  if (whole && status !== 204 && !says(headers, 'content-length') && !(hasNone && body === undefined))
    headers['content-length'] = body === undefined ? 0 : Buffer.byteLength(body);
  const tooMuch = unread === null || unread > smallRest;
  if (sending.close || tooMuch) headers['connection'] = 'close';
  response.writeHead(status, headers);

  let bytes = 0;
  if (!hasNone && body !== undefined && !whole) {
    // The body is let flow meanwhile: a client that sends all before it reads must not block its own answer.
    if (unread !== 0) message.resume();
    bytes = await writeStream(response, body, idleTimeoutMs);
    response.end();
  } else {
    if (!whole) await leaveUnread(body);
    bytes = hasNone || body === undefined || !whole ? 0 : Buffer.byteLength(body);
    if (unread === 0) response.end(bytes === 0 ? undefined : body);
    else {
      if (bytes === 0) response.flushHeaders();
      else response.write(body);
    }
  }
  if (unread === 0) {
    // All of the body is here, but its reader left before the end: the next request stands behind it.
    if (message.isPaused()) message.resume();
    return bytes;
  }
  // Ending the response is what closes the connection, and closing it on bytes that still come in would reset it:
  // the client could lose the answer unread. So the rest is taken first.
  if (tooMuch) {
    await discardRest(message, lingerMs);
    response.end();
  } else {
    response.end();
    await discardRest(message, lingerMs);
    if (!message.readableEnded) message.destroy();
  }
  return bytes;
};
