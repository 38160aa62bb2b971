import { isRefusal } from '../../engine/refusals.js';
import type { Reply } from '../../http/exchange.js';
import type { VisitOf } from '../operation.js';
import { ApiProblem } from '../problems.js';
import { whoAsks } from '../session/asker.js';
import type { Watcher } from './hub.js';

/** In ms: how often a line goes out that says nothing, so that nobody takes the connection for dead. */
const heartbeatEvery = 15_000;
/** In ms: how often it is judged anew whether the watcher may go on. */
const judgeEvery = 5_000;
/** In ms: how long a browser waits before it comes back. */
const retryAfter = 3_000;

type Asked = VisitOf<{ access: 'account'; method: 'GET'; path: string; tag: string; summary: string; answer: string }>;

/** Is who asked still who they were, and allowed what they were allowed? */
const stands = async ({ exchange, host, caller }: Asked): Promise<boolean> => {
  try {
    const { account } = (await whoAsks(exchange, host)).caller;
    return account.name === caller.account.name && account.role === caller.account.role;
  } catch (error) {
    if (isRefusal(error) || error instanceof ApiProblem) return false;
    throw error;
  }
};

/** What a watcher is sent, piece by piece: the next is asked for when the socket took the last one. */
const pieces = (visit: Asked, watcher: Watcher): AsyncIterable<Uint8Array> => {
  const { exchange, host } = visit;
  const { now } = host.clock;
  let saidAt = now();
  let judgedAt = saidAt;
  let preface = `retry: ${retryAfter}\n\n`;
  const end = (): void => {
    watcher.close();
    for (const signal of [exchange.gone, exchange.finishSoon]) signal.removeEventListener('abort', end);
  };
  for (const signal of [exchange.gone, exchange.finishSoon]) signal.addEventListener('abort', end);
  if (exchange.gone.aborted || exchange.finishSoon.aborted) end();

  const next = async (): Promise<string | null> => {
    for (;;) {
      if (watcher.closed) return null;
      if (now() - judgedAt >= judgeEvery) {
        judgedAt = now();
        if (!(await stands(visit))) return null;
        continue;
      }
      const text = preface + watcher.take();
      preface = '';
      const said = text === '' && now() - saidAt >= heartbeatEvery ? ': \n\n' : text;
      if (said !== '') {
        saidAt = now();
        return said;
      }
      await watcher.sleep(Math.max(0, Math.min(judgedAt + judgeEvery, saidAt + heartbeatEvery) - now()));
    }
  };

  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const text = await next().catch((error: unknown) => {
          end();
          throw error;
        });
        if (text !== null) return { done: false, value: Buffer.from(text) };
        end();
        return { done: true, value: undefined };
      },
      return: async () => {
        end();
        return { done: true, value: undefined };
      },
    }),
  };
};

/** `GET /stream`: tells what goes on, for as long as the client stays. */
export const stream = async (visit: Asked): Promise<Reply> => {
  const { live } = visit.host;
  const { account } = visit.caller;
  // What is told first is what the ledger says by now.
  await live.live();
  const watcher = live.watch({ account: account.name, all: visit.caller.may('admin') });
  if (!watcher)
    throw new ApiProblem({
      kind: 'too-many-watchers',
      status: 503,
      title: 'Too many watch already; try again in a moment.',
      headers: { 'retry-after': 10 },
    });
  return {
    status: 200,
    // Proxies that gather answers are told not to.
    headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
    body: pieces(visit, watcher),
  };
};
