import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * What goes wrong on the first connection that has carried `after` bytes from the client:
 * `cut`: the client is reset, and the server's connection ends behind what it was sent; `stall`: nothing more passes either way, and nobody is told;
 * `lose-answer`: the server gets everything, but its next answer is lost in a cut.
 */
export interface Fault {
  readonly kind: 'cut' | 'stall' | 'lose-answer';
  /** Bytes from the client. */
  readonly after: number;
}

/** A TCP proxy on a loopback port in front of another one, with faults to order. */
export interface FaultProxy {
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  readonly url: string;
  /** Orders faults, to happen once each and in this order. */
  order(...faults: readonly Fault[]): void;
  /** How many of the ordered faults have happened. */
  happened(): number;
  /** Resolves when the next fault happens. */
  nextFault(): Promise<void>;
  /** Cuts every connection that is open. */
  cutAll(): void;
  close(): Promise<void>;
}

/** Opens a proxy in front of a loopback port. */
export async function faultProxy(targetPort: number): Promise<FaultProxy> {
  const ordered: Fault[] = [];
  const open = new Set<Socket>();
  let happened = 0;
  let tell: (() => void)[] = [];

  const happen = () => {
    happened += 1;
    for (const hear of tell) hear();
    tell = [];
  };

  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    const ends = [client, target] as const;
    const cut = () => {
      client.resetAndDestroy();
      target.destroySoon();
    };
    let carried = 0;
    let stalled = false;
    let losesAnswer = false;
    for (const end of ends) {
      open.add(end);
      end.on('error', () => {
        if (!stalled) cut();
      });
      end.on('close', () => {
        open.delete(end);
        // What a stalled connection's one end does must not be seen by the other.
        if (!stalled) for (const other of ends) other.destroySoon();
      });
    }
    client.on('data', (bytes) => {
      const before = carried;
      carried += bytes.length;
      const [fault] = ordered;
      const due = fault !== undefined && carried >= fault.after;
      if (due) ordered.shift();
      if (due && fault.kind === 'lose-answer') losesAnswer = true;
      if (!due || fault.kind === 'lose-answer') {
        if (!target.write(bytes)) {
          client.pause();
          target.once('drain', () => client.resume());
        }
        return;
      }
      client.pause();
      target.write(bytes.subarray(0, Math.max(0, fault.after - before)), () => {
        if (fault.kind === 'cut') cut();
        else {
          stalled = true;
          target.pause();
        }
        happen();
      });
    });
    target.on('data', (bytes) => {
      if (losesAnswer) {
        cut();
        happen();
      } else if (!client.write(bytes)) {
        target.pause();
        client.once('drain', () => target.resume());
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a loopback server has a port');

  const cutAll = () => {
    for (const end of open) end.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    order: (...faults) => void ordered.push(...faults),
    happened: () => happened,
    nextFault: () => new Promise((resolve) => tell.push(resolve)),
    cutAll,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      cutAll();
      await closed;
    },
  };
}
