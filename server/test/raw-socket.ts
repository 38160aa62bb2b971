import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that says exactly what a test wants it to say, byte by byte. */
export interface RawSocket {
  readonly socket: Socket;
  /** Writes, and resolves when the system has taken it; never rejects, as servers may have hung up. */
  send(bytes: string | Uint8Array): Promise<void>;
  /** Resolves with all that came so far, once that matches; rejects if the server hangs up first. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves with all that came, when the server has ended its side or the connection is gone. */
  ended(): Promise<string>;
  /** Cuts the connection. */
  cut(): void;
}

/** Connects to an `http://host:port` address. */
export const dial = async (address: string): Promise<RawSocket> => {
  const { hostname, port } = new URL(address);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  let heard = '';
  let over = false;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  socket.on('data', (piece: Buffer) => {
    heard += piece.toString('latin1');
    tell();
  });
  const onOver = () => {
    over = true;
    tell();
  };
  socket.on('end', onOver).on('close', onOver).on('error', onOver);
  const when = (ready: () => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const check = () => {
        if (!ready() && !over) return;
        listeners.delete(check);
        if (ready()) resolve(heard);
        else reject(new Error(`the server hung up after ${JSON.stringify(heard)}`));
      };
      listeners.add(check);
      check();
    });
  return {
    socket,
    send: (bytes) => new Promise((resolve) => socket.write(bytes, () => resolve())),
    until: (pattern) => when(() => pattern.test(heard)),
    ended: () => when(() => over),
    cut: () => socket.destroy(),
  };
};
