import type { Exchange, Reply, Route } from '../../../http/exchange.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import type { Host } from '../../dialect.js';
import type { Asker } from '../asker.js';
import type { BrightSignOptions } from '../options.js';
import { type AnswerKind, labelOf } from './media-types.js';
import { notAcceptable, Problem, replyTo } from './problems.js';
import type { Tokens } from './tokens.js';

/** What the REST API is made of: the same for all requests. */
export interface RestParts {
  readonly host: Host;
  readonly options: BrightSignOptions;
  readonly tokens: Tokens;
}

/** One request, of somebody who is known. */
export interface Visit extends Asker {
  readonly exchange: Exchange;
}

/** Who shows this header: an access token; an API key or `Basic` will do too. Refuses `unauthenticated`. */
const authorize = async ({ host, tokens }: RestParts, header: string | undefined): Promise<Caller> => {
  const [, token] = /^\s*bearer\s+(\S+)\s*$/i.exec(header ?? '') ?? [];
  const caller = token === undefined ? undefined : await tokens.find(token);
  return caller ?? host.accounts.authorize(header);
};

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Makes a route: who asks is judged before the request's body is read, and what was refused is told in JSON. */
export const restRoute = (
  parts: RestParts,
  [method, path, what]: readonly [Method, path: string, what: string],
  handle: (visit: Visit) => Promise<Reply>,
): Route => ({
  methods: [method],
  path,
  name: `brightsign REST ${what}`,
  handle: async (exchange) => {
    const { host, options } = parts;
    try {
      const caller = await authorize(parts, exchange.headers.authorization);
      return await handle({ host, options, caller, exchange, from: exchange.remote });
    } catch (error) {
      return replyTo(error, host.log);
    }
  },
});

/** The version in the path as media types have it: `201903`. */
const versionOf = ({ params }: Exchange): string => `${params.year ?? ''}${params.month ?? ''}`;

/** The media type of an answer of this kind; nothing where the client accepts none that it could have. */
export const findLabel = ({ exchange }: Pick<Visit, 'exchange'>, kind: AnswerKind): string | undefined =>
  labelOf(exchange.headers.accept, kind, versionOf(exchange));

/** As `findLabel`; refuses 406. */
export const needLabel = (visit: Pick<Visit, 'exchange'>, kind: AnswerKind): string => {
  const label = findLabel(visit, kind);
  if (label === undefined) throw notAcceptable();
  return label;
};

/** An answer in JSON; `label`: its media type. */
export const jsonReply = (status: number, label: string, value: unknown, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'content-type': label, 'cache-control': 'no-store', vary: 'Accept', ...headers },
  body: JSON.stringify(value),
});

/** Refuses 412 for what was touched after the moment that If-Unmodified-Since names, to the second. */
export const needUnmodified = ({ exchange }: Visit, touchedAt: number): void => {
  const since = Date.parse(exchange.headers['if-unmodified-since'] ?? '');
  if (Math.floor(touchedAt / 1000) * 1000 > since)
    throw new Problem(412, 'There was activity after the moment in If-Unmodified-Since.');
};
