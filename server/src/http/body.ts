import type { IncomingMessage } from 'node:http';
import { BodyCut } from './exchange.js';

/** Bytes that may wait here for their reader before the socket is slowed down. */
const highWater = 256 * 1024;

export interface BodyWatch {
  /** Called once, before the first byte is waited for. */
  readonly begin: () => void;
  /** Called for every piece that arrived. */
  readonly arrived: (bytes: number) => void;
  /** How long the body may stand still while somebody waits for it, in ms. */
  readonly idleTimeoutMs: number;
}

/**
 * The body of `message`, piece by piece as the socket gave it, nothing copied. Nothing is read before the first piece is
 * asked for. Throws `BodyCut`, after all that came, when the sender goes away or falls silent. Whoever stops reading
 * early leaves the rest where it is.
 */
export const bodyOf = (
  message: IncomingMessage,
  { begin, arrived, idleTimeoutMs }: BodyWatch,
): AsyncIterable<Buffer> => {
  // Data events keep each piece as it came off the socket, where read() would copy waiting ones together.
  const queue: Buffer[] = [];
  let queued = 0;
  let ended = false;
  let failure: Error | undefined;
  let waiting: { resolve: (result: IteratorResult<Buffer>) => void; reject: (error: Error) => void } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const settle = () => {
    clearTimeout(timer);
    message.off('data', onData).off('end', onEnd).off('close', onClose);
    if (waiting && failure) waiting.reject(failure);
    else waiting?.resolve({ done: true, value: undefined });
    waiting = undefined;
  };
  const onData = (piece: Buffer) => {
    arrived(piece.length);
    if (waiting) {
      const { resolve } = waiting;
      waiting = undefined;
      resolve({ done: false, value: piece });
      return;
    }
    queue.push(piece);
    queued += piece.length;
    if (queued >= highWater) message.pause();
  };
  const onEnd = () => {
    ended = true;
    settle();
  };
  const onClose = () => {
    failure ??= new BodyCut('the sender went away before its body was whole');
    settle();
  };
  const onIdle = () => {
    if (!waiting) return;
    failure = new BodyCut(`no byte of the body came for ${idleTimeoutMs} ms`);
    message.pause();
    settle();
  };
  const start = () => {
    begin();
    if (message.readableEnded) ended = true;
    else if (message.destroyed) onClose();
    else message.on('data', onData).on('end', onEnd).on('close', onClose).resume();
  };

  let started = false;
  const iterator: AsyncIterator<Buffer> = {
    next: () => {
      if (!started) {
        started = true;
        start();
      }
      const piece = queue.shift();
      if (piece) {
        queued -= piece.length;
        if (queue.length === 0 && message.isPaused()) message.resume();
        return Promise.resolve({ done: false, value: piece });
      }
      if (failure) return Promise.reject(failure);
      if (ended) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        if (timer) timer.refresh();
        else timer = setTimeout(onIdle, idleTimeoutMs);
      });
    },
    return: () => {
      if (ended || failure) return Promise.resolve({ done: true, value: undefined });
      ended = true;
      queue.length = 0;
      message.pause();
      settle();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
};
