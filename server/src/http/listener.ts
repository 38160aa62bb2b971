import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, Server as TcpServer } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Log } from '../kit/log.js';
import { cors } from './cors.js';
import type { Route } from './exchange.js';
import { senderOf, trustedProxies } from './forwarded.js';
import { type Checks, healthRoutes, metricsRoute } from './health.js';
import type { HttpOptions } from './options.js';
import { refuseConnection } from './refuse-connection.js';
import type { Place } from './request.js';
import { type Mounted, router } from './router.js';
import { type RequestFacts, service } from './serve.js';

/** Where routes are served. */
export interface Mount {
  readonly routes: readonly Route[];
  /** `/files`: a path before theirs. */
  readonly prefix?: string;
  /** A host name that the request must name, whatever its port; `*.example.com` for every name below that. */
  readonly host?: string;
  /** A TCP port of their own; 0 takes a free one. */
  readonly port?: number;
}

export interface ListenSpec {
  readonly mounts: readonly Mount[];
  readonly options: HttpOptions;
  readonly log: Log;
  /** Hears of every request when it has ended. Must be quick and not throw. */
  readonly observe?: (facts: RequestFacts) => void;
  /** What `/readyz` asks. */
  readonly checks?: Checks;
  /** What `/metrics` answers; without it there is none. */
  readonly metrics?: () => Promise<{ type: string; text: string }>;
}

export interface Listener {
  /** Where the main port listens: `http://127.0.0.1:8480`. */
  readonly address: string;
  /** Where each mount listens, in the order of the mounts, with its prefix. */
  readonly addresses: readonly string[];
  /** Stops well: no new connections or requests, running ones go on to their end for `drainMs` at most; then closes. */
  drain(): Promise<void>;
  /** Stops now: running requests are cut. */
  close(): Promise<void>;
}

const tidyPrefix = (prefix = '') => prefix.replace(/\/+$/, '').replace(/^(?=[^/])/, '/');

const listening = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject).listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });

/** The certificate and key of HTTPS; null where it is off. Half of a pair is refused: it must not become plain HTTP. */
const certificate = async ({ tlsCert, tlsKey }: HttpOptions): Promise<{ cert: Buffer; key: Buffer } | null> => {
  if (tlsCert === null && tlsKey === null) return null;
  if (tlsCert === null || tlsKey === null) throw new Error('HTTPS wants both tlsCert and tlsKey');
  return { cert: await readFile(tlsCert), key: await readFile(tlsKey) };
};

/** Serves `mounts` on the configured port and on those of their own. Resolves once all ports listen, or rejects. */
export const listen = async (spec: ListenSpec): Promise<Listener> => {
  const { mounts, options, log } = spec;
  const trusts = trustedProxies(options.trustedProxies);
  const requests = service({
    options,
    cors: cors(options.corsOrigins),
    log,
    observe: spec.observe ?? (() => undefined),
  });
  const tls = await certificate(options);
  const scheme = tls === null ? 'http' : 'https';

  const makeServer = (listener: RequestListener): Server => {
    const serverOptions: ServerOptions = {
      keepAliveTimeout: options.keepAliveMs,
      headersTimeout: options.headersTimeoutMs,
      // A big upload may take days; what is dead is found by the idle timeout of its body.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(5_000, Math.ceil(options.headersTimeoutMs / 4)),
      maxHeaderSize: options.maxHeaderBytes,
      noDelay: true,
    };
    const server =
      tls === null ? createServer(serverOptions, listener) : createTlsServer({ ...serverOptions, ...tls }, listener);
    // One more than allowed: Node drops the fields beyond without a word, so that is how too many are seen.
    server.maxHeadersCount = options.maxHeaderCount + 1;
    server.on('checkContinue', (message, response) => {
      requests.awaitsContinue(message);
      listener(message, response);
    });
    return server;
  };

  const hostOf = ({ headers, socket }: IncomingMessage) =>
    senderOf({ address: socket.remoteAddress ?? '', encrypted: socket instanceof TLSSocket, headers }, trusts).host;

  const placeOf = (mount: Mount): Place => ({
    prefix: tidyPrefix(mount.prefix),
    // The public URL is that of the main port and of no host in particular.
    publicUrl:
      mount.host === undefined && mount.port === undefined ? (options.publicUrl?.replace(/\/+$/, '') ?? null) : null,
    idleTimeoutMs: options.idleTimeoutMs,
    trusts,
  });
  const mounted = (mount: Mount, always = false): Mounted => ({
    routes: mount.routes,
    place: placeOf(mount),
    host: mount.host?.toLowerCase() ?? null,
    always,
  });

  const ours: Route[] = healthRoutes(spec.checks ?? {}, () => requests.draining);
  if (spec.metrics && options.metrics) ours.push(metricsRoute(spec.metrics, options.metricsToken));

  /** What each port serves; the first is the main one. Each mount that asks for a free port gets one to itself. */
  const groups: { port: number; mounts: Mounted[] }[] = [
    { port: options.port, mounts: [mounted({ routes: ours }, true)] },
  ];
  const groupOf = mounts.map((mount) => {
    const { port } = mount;
    let index = port === undefined ? 0 : groups.findIndex((group) => port !== 0 && group.port === port);
    if (index < 0) index = groups.push({ port: port ?? 0, mounts: [] }) - 1;
    groups[index]?.mounts.push(mounted(mount));
    return index;
  });

  const routers = await Promise.all(
    groups.map((group) =>
      router({
        mounts: group.mounts,
        place: placeOf({ routes: [] }),
        maxBytes: options.maxHeaderBytes,
        hostOf,
        serve: requests.serve,
        server: makeServer,
        onClientError: (error, socket) =>
          refuseConnection(error, socket, { busy: requests.answersOn(socket), lingerMs: options.lingerMs }),
      }),
    ),
  );
  const servers = routers.map(({ server }) => server);
  const closed = servers.map((server) => new Promise((resolve) => server.once('close', resolve)));
  const stop = async () => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    await Promise.all(routers.map(({ close }) => close()));
    await Promise.all(closed);
  };

  const started = await Promise.allSettled(
    servers.map((server, index) => listening(server, groups[index]?.port ?? 0, options.host)),
  );
  const failure = started.find((result) => result.status === 'rejected');
  if (failure) {
    for (const server of servers) server.close();
    throw failure.reason;
  }
  const addresses = servers.map((server) => {
    const { address, port, family } = server.address() as AddressInfo;
    return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  });

  return {
    address: addresses[0] ?? '',
    addresses: mounts.map(({ prefix }, index) => `${addresses[groupOf[index] ?? 0]}${tidyPrefix(prefix)}`),
    drain: async () => {
      // Only the listening socket is closed: http's own close() would also cut kept-alive connections, on which a
      // client may be about to send and is better told 503.
      for (const server of servers) TcpServer.prototype.close.call(server);
      const enough = new AbortController();
      const timer = setTimeout(() => enough.abort(), options.drainMs);
      await Promise.race([
        requests.drain(),
        new Promise((resolve) => enough.signal.addEventListener('abort', resolve)),
      ]);
      clearTimeout(timer);
      await stop();
    },
    close: stop,
  };
};
