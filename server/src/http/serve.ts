import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Log } from '../kit/log.js';
import { text } from './answers.js';
import type { Cors } from './cors.js';
import { BodyCut, type Reply, type Route } from './exchange.js';
import type { HttpOptions } from './options.js';
import { leaveUnread, send } from './reply.js';
import { type Place, RequestExchange } from './request.js';

/** One answered request, for metrics. `status` is 499 where the client left before its answer began. */
export interface RequestFacts {
  /** A route's name; `none` where no route was found. Never a path. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What the router found for a request. */
export interface Match {
  readonly route: Route;
  readonly place: Place;
  readonly params: Readonly<Record<string, string>>;
  /** Methods that the path takes, for CORS. */
  readonly methods: readonly string[];
  /** Answered while the server drains, too, and logged for debugging only. */
  readonly always: boolean;
}

/** Serves single requests, and knows which ones run. */
export interface Service {
  serve(message: IncomingMessage, response: ServerResponse, match: Match): void;
  /** The client of this request waits for `100 Continue`. */
  awaitsContinue(message: IncomingMessage): void;
  /** Is an answer on its way through this socket? */
  answersOn(socket: unknown): boolean;
  /** From now on: new requests get 503, running ones hear `finishSoon`. Resolves when none runs. */
  drain(): Promise<void>;
  readonly draining: boolean;
}

/** Makes the part of a listener that carries a request from its route's handler to its answer. */
export const service = (facts: {
  options: HttpOptions;
  cors: Cors;
  log: Log;
  observe: (facts: RequestFacts) => void;
}): Service => {
  const { options, cors, log, observe } = facts;
  const running = new Set<RequestExchange>();
  const continues = new WeakSet<IncomingMessage>();
  let draining = false;
  let idle: (() => void) | undefined;

  const refused = (exchange: RequestExchange, { methods, always }: Match): Reply | undefined => {
    if (draining && !always)
      return text(503, 'The server is stopping; the same request will do later.', { 'retry-after': 5 });
    if (exchange.headerCount > options.maxHeaderCount)
      return text(431, 'Too many header fields.', { connection: 'close' });
    if (cors.isPreflight(exchange)) return cors.preflight(exchange, methods);
    return undefined;
  };

  /** What is answered where a handler throws. */
  const failed = (error: unknown, route: string): Reply => {
    if (error instanceof BodyCut) return text(408, 'The body did not come to its end.');
    log.error({ route, err: error }, 'request failed');
    return text(500, 'Internal error.');
  };

  const answer = async (
    message: IncomingMessage,
    response: ServerResponse,
    exchange: RequestExchange,
    match: Match,
  ): Promise<void> => {
    const put = async (reply: Reply) => {
      // What an answer streams may be made of the body.
      if (!(typeof reply.body === 'object' && Symbol.asyncIterator in reply.body)) await exchange.stopReading();
      if (exchange.abandoned) return leaveUnread(reply.body);
      // A small body may be all here but for the parser's saying so, which it does by the next turn.
      if (exchange.unread() !== 0) await setImmediate();
      exchange.bytesOut = await send(message, response, {
        reply,
        extra: exchange.headers.origin === undefined ? {} : cors.headers(exchange.headers.origin, reply),
        unread: exchange.unread(),
        close: draining,
        idleTimeoutMs: options.idleTimeoutMs,
        lingerMs: options.lingerMs,
      });
    };
    try {
      await put(refused(exchange, match) ?? (await match.route.handle(exchange)));
    } catch (error) {
      const hungUp = error instanceof BodyCut || (error instanceof Error && error.name === 'AbortError');
      if (exchange.abandoned && hungUp) return;
      // Half an answer cannot be taken back: only a cut connection tells the client that it is not whole.
      const reply = failed(error, match.route.name);
      if (response.headersSent) response.destroy();
      else await put(reply);
    }
  };

  const ended = (exchange: RequestExchange, match: Match, facts: { status: number; ms: number; cut: boolean }) => {
    running.delete(exchange);
    if (running.size === 0) idle?.();
    const { bytesIn, bytesOut, method } = exchange;
    const { status, ms, cut } = facts;
    observe({ route: match.route.name, status, ms, bytesIn, bytesOut });
    if (!options.accessLog) return;
    const line = {
      route: match.route.name,
      method,
      status,
      ms: Math.round(ms),
      bytesIn,
      bytesOut,
      remote: exchange.remote,
    };
    log[match.always ? 'debug' : 'info'](cut ? { ...line, cut } : line, 'request');
  };

  return {
    serve: (message, response, match) => {
      const began = performance.now();
      const exchange = new RequestExchange(message, response, {
        place: match.place,
        params: match.params,
        awaitsContinue: continues.has(message),
      });
      running.add(exchange);
      const closed = new Promise<{ status: number; cut: boolean }>((resolve) => {
        response.on('close', () => {
          const cut = !response.writableFinished;
          if (cut) exchange.leave();
          resolve({ status: response.headersSent ? response.statusCode : 499, cut });
        });
      });
      // A request has ended when its client has its answer or has left, and its handler does nothing more.
      answer(message, response, exchange, match)
        .catch((error: unknown) => {
          log.error({ route: match.route.name, err: error }, 'answer failed');
          response.destroy();
        })
        .then(() => closed)
        .then(({ status, cut }) => ended(exchange, match, { status, cut, ms: performance.now() - began }))
        .catch((error: unknown) => log.error({ err: error }, 'request could not be recorded'));
    },
    awaitsContinue: (message) => {
      continues.add(message);
    },
    answersOn: (socket) => [...running].some((exchange) => exchange.answersOn(socket)),
    drain: () => {
      draining = true;
      for (const exchange of running) exchange.hurry();
      return new Promise((resolve) => {
        idle = resolve;
        if (running.size === 0) resolve();
      });
    },
    get draining() {
      return draining;
    },
  };
};
