import { isRefusal } from '../engine/refusals.js';
import { BodyCut, type Exchange, type Reply, type Route } from '../http/exchange.js';
import type { ApiHost } from './host.js';
import { readJson } from './json-body.js';
import type { Operation } from './operation.js';
import { ApiProblem, problemReply } from './problems.js';
import { refusals } from './refusals.js';
import { type Asker, needOwnPage, whoAsks } from './session/asker.js';

/** What every answer says, unless it says otherwise itself. */
const usual = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** The answer to a request that was refused, or that failed; what is neither is thrown on. */
const toReply = (error: unknown, host: ApiHost, name: string): Reply => {
  if (error instanceof ApiProblem) return problemReply(error.trouble);
  if (isRefusal(error)) return problemReply({ kind: error.kind, ...error.answer(refusals) });
  if (error instanceof BodyCut)
    return problemReply({ kind: 'cut', status: 408, title: 'The body did not come to its end.' });
  host.log.error({ route: name, err: error }, 'request failed');
  return problemReply({ kind: 'internal', status: 500, title: 'Something went wrong here; it is in the log.' });
};

const admitted = async (host: ApiHost, { access }: Operation, exchange: Exchange): Promise<Asker | null> => {
  if (access === 'anybody') return null;
  const asker = await whoAsks(exchange, host);
  if (access === 'admin') asker.caller.need('admin');
  return asker;
};

const run = async (host: ApiHost, operation: Operation, exchange: Exchange): Promise<Reply> => {
  needOwnPage(exchange);
  const asker = await admitted(host, operation, exchange);
  const body = operation.body === undefined ? undefined : await readJson(exchange);
  const more: Record<string, string> = {};
  const reply = await operation.run({
    host,
    exchange,
    body,
    caller: asker?.caller ?? null,
    session: asker?.session ?? null,
    set: (name, value) => {
      more[name] = value;
    },
  });
  return { ...reply, headers: { ...reply.headers, ...more } };
};

/** A route of the API: whatever goes wrong is told in one way, and what every answer says is added. */
const route = (
  host: ApiHost,
  about: Pick<Route, 'name' | 'methods' | 'path'>,
  answer: (exchange: Exchange) => Promise<Reply>,
): Route => ({
  ...about,
  path: `/api${about.path}`,
  handle: async (exchange) => {
    const reply = await answer(exchange).catch((error: unknown) => toReply(error, host, about.name));
    return { ...reply, headers: { ...usual, ...reply.headers } };
  },
});

const methodsOf = ({ method }: Operation): string[] => (method === 'GET' ? ['GET', 'HEAD'] : [method]);

/** What is said of a path to who comes with a method that it does not take. */
const wrongMethod = (host: ApiHost, path: string, operations: readonly Operation[]): Route => {
  const allow = [...operations.flatMap(methodsOf), 'OPTIONS'].join(', ');
  return route(host, { name: 'api', methods: ['*'], path }, async ({ method }) =>
    method === 'OPTIONS'
      ? { status: 204, headers: { allow } }
      : problemReply({
          kind: 'no-such-method',
          status: 405,
          title: `${method} is not for this path.`,
          headers: { allow },
        }),
  );
};

/** The routes of these operations, and of all else below `/api`. */
export const apiRoutes = (host: ApiHost, operations: readonly Operation[]): Route[] => {
  const paths = new Map<string, Operation[]>();
  for (const each of operations) paths.set(each.path, [...(paths.get(each.path) ?? []), each]);
  return [
    ...operations.map((each) =>
      route(host, { name: `api ${each.method} ${each.path}`, methods: methodsOf(each), path: each.path }, (exchange) =>
        run(host, each, exchange),
      ),
    ),
    ...[...paths].map(([path, those]) => wrongMethod(host, path, those)),
    route(host, { name: 'api', methods: ['*'], path: '/*' }, async () =>
      problemReply({ kind: 'no-such-path', status: 404, title: 'There is nothing here.' }),
    ),
  ];
};
