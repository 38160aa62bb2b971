import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../../engine/refusals.js';
import type { Exchange } from '../../http/exchange.js';
import type { Accounts, Caller } from '../../services/accounts/accounts.js';
import { credentialsOf } from '../../services/accounts/authorization.js';
import { callerOf } from '../../services/accounts/caller.js';
import { ApiProblem } from '../problems.js';
import { shownSecret } from './cookie.js';
import { csrfOf, type Session, type Sessions } from './sessions.js';

/** Who asks, and by which session if by one. */
export interface Asker {
  readonly caller: Caller;
  readonly session: (Session & { readonly secret: string }) | null;
}

const isSafe = ({ method }: Exchange): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);

/** Does a page of this server ask, or no page at all? */
const isOwn = ({ headers, origin }: Exchange): boolean => {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  if (headers.origin === undefined) return true;
  const asks = hostOf(headers.origin);
  // Whoever reaches the server beside its public URL names it otherwise.
  return asks !== undefined && (asks === hostOf(origin) || asks === hostOf(`http://${headers.host}`));
};

/** Refuses what another site's page wants to have changed: a browser may add credentials to that by itself. */
export const needOwnPage = (exchange: Exchange): void => {
  if (!isSafe(exchange) && !isOwn(exchange))
    throw new ApiProblem({ kind: 'cross-site', status: 403, title: 'A page of another site asks for this.' });
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const needCsrf = (exchange: Exchange, secret: string): void => {
  if (isSafe(exchange)) return;
  const shown = exchange.headers['x-csrf-token'];
  if (typeof shown === 'string' && timingSafeEqual(digest(shown), digest(csrfOf(secret)))) return;
  throw new ApiProblem({
    kind: 'csrf',
    status: 403,
    title: 'The X-CSRF-Token header is missing or not that of this session.',
  });
};

/** Does a session's key say who asks? What lasts longer than the session is not to be had for it. */
export const showsSessionKey = async ({ headers }: Exchange, sessions: Sessions): Promise<boolean> => {
  const shown = credentialsOf(headers.authorization ?? '');
  if (!shown) return false;
  return (await sessions.findByKey(shown.kind === 'key' ? shown.secret : shown.password)) !== undefined;
};

/**
 * Who asks: the account of a bearer token, of the session that a cookie shows, or of a name and password. Refuses
 * `unauthenticated`, and `csrf` where a session's token is wanted. Requests without credentials are nobody's here, whatever
 * `accounts.anonymous` says.
 */
export const whoAsks = async (
  exchange: Exchange,
  { sessions, accounts }: { readonly sessions: Sessions; readonly accounts: Accounts },
): Promise<Asker> => {
  const { authorization } = exchange.headers;
  // No browser adds a bearer token by itself; a name and password it may still have from another page of this server.
  if (authorization !== undefined && /^\s*bearer\s/i.test(authorization))
    return { caller: await accounts.authorize(authorization), session: null };
  const secret = shownSecret(exchange);
  const session = secret === undefined ? undefined : await sessions.find(secret);
  if (secret !== undefined && session !== undefined) {
    needCsrf(exchange, secret);
    return { caller: callerOf(session.account), session: { ...session, secret } };
  }
  if (authorization === undefined || authorization.trim() === '')
    throw new Refusal('unauthenticated', { reason: secret === undefined ? 'missing' : 'expired' });
  return { caller: await accounts.authorize(authorization), session: null };
};
