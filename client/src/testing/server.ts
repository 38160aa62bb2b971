import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A server on a free loopback port. */
export interface Listening {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves `answer` until closed; what it throws ends the connection. */
export const listen = async (
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<Listening> => {
  const server = createServer((request, response) => {
    const { socket } = request;
    Promise.resolve(answer(request, response)).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Everything a request's body holds. */
export const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
};

/** `length` bytes that look random and are the same every time. */
export const noise = (length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length);
  let seed = 0x2545f491;
  for (let at = 0; at < length; at += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    bytes[at] = seed >>> 24;
  }
  return bytes;
};

/** Retries at once: tests do not wait. */
export const atOnce = { sleep: async (): Promise<void> => undefined };
