import { connect, createServer, type Socket } from 'node:net';

/** A connection to a server that can be made to fail. */
export interface Cutting {
  readonly port: number;
  /** Once this many more bytes have gone to the server, every connection is cut; then all is well again. */
  cutAfter(bytes: number): void;
  close(): Promise<void>;
}

/** Passes connections on to `target`, a port of 127.0.0.1. */
export const cutting = async (target: number): Promise<Cutting> => {
  const sockets = new Set<Socket>();
  let left = Number.POSITIVE_INFINITY;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const proxy = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
    near.on('data', (piece: Buffer) => {
      left -= piece.length;
      if (left > 0) return;
      left = Number.POSITIVE_INFINITY;
      cut();
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    cutAfter: (bytes) => {
      left = bytes;
    },
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        cut();
      }),
  };
};
