import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { fastify } from 'fastify';
import { text } from './answers.js';
import type { Exchange, Reply, Route } from './exchange.js';
import type { Place } from './request.js';
import type { Match } from './serve.js';

/** Routes of one mount, as a router takes them. */
export interface Mounted {
  readonly routes: readonly Route[];
  readonly place: Place;
  /** Host name that a request must name, lower case, without port; `*.example.com` for any below; null: whatever. */
  readonly host: string | null;
  readonly always: boolean;
}

interface Bound {
  readonly route: Route;
  readonly names: readonly string[];
  readonly mounted: Mounted;
}

/** All that is mounted at one pattern and host. */
interface Spot {
  readonly pattern: string;
  readonly host: string | null;
  readonly methods: Map<string, Bound>;
}

/** The pattern with its parameters called by their place, and their names. */
const anonymous = (pattern: string) => {
  const names: string[] = [];
  const named = pattern.replace(/:(\w+)/g, (_, name: string) => `:p${names.push(name) - 1}`);
  return { pattern: named, names };
};

/** The patterns of a path: as written, then with or without a slash at the end; `/a/*` is found at `/a` as well. */
const variants = (path: string): [string, ...string[]] => {
  if (path.endsWith('/*')) return [path, path.slice(0, -1), path.slice(0, -2)];
  return path.endsWith('/') ? [path, path.slice(0, -1)] : [path, `${path}/`];
};

const spotsOf = (all: readonly Mounted[]): Spot[] => {
  const spots = new Map<string, Spot>();
  const put = (pattern: string, method: string, bound: Bound, implied: boolean) => {
    const { host } = bound.mounted;
    const key = `${host ?? ''} ${pattern.toLowerCase()}`;
    const spot = spots.get(key) ?? { pattern, host, methods: new Map<string, Bound>() };
    const taken = spot.methods.get(method);
    if (taken && implied) return;
    if (taken) throw new Error(`${method} ${pattern} is answered by both ${taken.route.name} and ${bound.route.name}`);
    spots.set(key, spot);
    spot.methods.set(method, bound);
  };
  // What a route says goes before what another's slash implies, and an exact path before what `*` implies.
  for (const round of [0, 1, 2]) {
    for (const mounted of all) {
      for (const route of mounted.routes) {
        const { pattern, names } = anonymous(`${mounted.place.prefix}${route.path}`);
        const each = variants(pattern)[round];
        if (each === undefined || (round > 0 && each === '')) continue;
        for (const method of route.methods) put(each, method, { route, names, mounted }, round > 0);
      }
    }
  }
  return [...spots.values()];
};

const usual = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Methods that a spot takes, as `Allow` names them. */
const allowed = ({ methods }: Spot): string[] => {
  if (methods.has('*')) return usual;
  const names = new Set([...methods.keys(), 'OPTIONS']);
  if (names.has('GET')) names.add('HEAD');
  return [...names].sort();
};

const silent = (name: string, answer: (exchange: Exchange) => Reply): Route => ({
  name,
  methods: ['*'],
  path: '/*',
  handle: async (exchange) => answer(exchange),
});

const nowhere = silent('none', () => text(404, 'There is nothing here.'));
const unreadable = silent('none', () => text(400, 'The path cannot be read.'));

/** The host key that a request's host name falls under: itself, or the closest `*.` above it. */
const hostKey = (host: string | undefined, known: ReadonlySet<string>): string | undefined => {
  const name = host?.toLowerCase().replace(/:\d+$/, '') ?? '';
  if (known.has(name)) return name;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1))
    if (known.has(`*${name.slice(dot)}`)) return `*${name.slice(dot)}`;
  return undefined;
};

/** Finds routes; Fastify's router and server underneath. */
export interface RouterSpec {
  readonly mounts: readonly Mounted[];
  /** What an unfound request is seen as coming to. */
  readonly place: Place;
  /** Longest request line, in bytes. */
  readonly maxBytes: number;
  /** The host name that a request reached us by. */
  readonly hostOf: (message: IncomingMessage) => string | undefined;
  readonly serve: (message: IncomingMessage, response: ServerResponse, match: Match) => void;
  readonly server: (listener: RequestListener) => Server;
  readonly onClientError: (error: NodeJS.ErrnoException, socket: Duplex) => void;
}

/** A server that hands every request to `serve` with what was found for it; not yet listening. */
export const router = async (spec: RouterSpec): Promise<{ server: Server; close(): Promise<void> }> => {
  const { mounts, place, serve } = spec;
  const hosts = new Set(mounts.flatMap(({ host }) => host ?? []));
  const lost = (route: Route): Match => ({ route, place, params: {}, methods: usual, always: false });

  // Fastify keeps a tree of all paths for each method. Here a path says which methods it takes, so one tree does: every
  // request looks like a GET to Fastify, and like itself to everybody else.
  const asked = new WeakMap<IncomingMessage, string>();
  const restore = (message: IncomingMessage): string => {
    const method = asked.get(message) ?? 'GET';
    message.method = method;
    return method;
  };

  const app = fastify<Server, IncomingMessage, ServerResponse>({
    serverFactory: (listener) =>
      spec.server((message, response) => {
        asked.set(message, message.method ?? 'GET');
        message.method = 'GET';
        listener(message, response);
      }),
    clientErrorHandler: spec.onClientError,
    frameworkErrors: (_error, request, reply) => {
      reply.hijack();
      restore(request.raw);
      serve(request.raw, reply.raw, lost(unreadable));
    },
    exposeHeadRoutes: false,
    routerOptions: {
      caseSensitive: false,
      maxParamLength: spec.maxBytes,
      querystringParser: () => ({}),
      constraints: {
        site: {
          name: 'site',
          storage: () => {
            const stored = new Map<string, unknown>();
            return { get: (key) => stored.get(key) as never, set: (key, value) => stored.set(key, value) };
          },
          validate: () => undefined,
          deriveConstraint: (message: IncomingMessage) => hostKey(spec.hostOf(message), hosts) ?? '',
        },
      },
    },
  });

  const spots = spotsOf(mounts);
  const find = (spot: Spot, method: string): Bound | undefined =>
    spot.methods.get(method) ?? spot.methods.get('*') ?? (method === 'HEAD' ? spot.methods.get('GET') : undefined);

  const add = (
    pattern: string,
    host: string | null,
    match: (method: string, values: Record<string, string>) => Match,
  ) =>
    app.route({
      url: pattern,
      method: 'GET',
      ...(host === null ? {} : { constraints: { site: host } }),
      // The hook, not the handler: before a handler Fastify judges content types, and many upload clients send none or
      // one that nobody can read.
      onRequest: (request, reply) => {
        reply.hijack();
        serve(request.raw, reply.raw, match(restore(request.raw), request.params as Record<string, string>));
      },
      handler: () => undefined,
    });

  for (const spot of spots) {
    const allow = allowed(spot);
    const wrong = lost(
      silent('none', ({ method }) =>
        method === 'OPTIONS'
          ? { status: 204, headers: { allow: allow.join(', ') } }
          : text(405, 'This method is not for this path.', { allow: allow.join(', ') }),
      ),
    );
    add(spot.pattern, spot.host, (method, values) => {
      const bound = find(spot, method);
      if (!bound) return { ...wrong, methods: allow };
      const params: Record<string, string> = {};
      bound.names.forEach((name, index) => {
        params[name] = values[`p${index}`] ?? '';
      });
      if (bound.route.path.endsWith('*')) params['*'] = values['*'] ?? '';
      return { route: bound.route, place: bound.mounted.place, params, methods: allow, always: bound.mounted.always };
    });
  }
  if (!spots.some(({ pattern, host }) => pattern === '/*' && host === null)) add('/*', null, () => lost(nowhere));
  app.setNotFoundHandler((request, reply) => {
    reply.hijack();
    restore(request.raw);
    serve(request.raw, reply.raw, lost(nowhere));
  });

  await app.ready();
  return { server: app.server, close: () => app.close() };
};
