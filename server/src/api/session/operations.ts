import { Refusal } from '../../engine/refusals.js';
import type { Account } from '../../services/accounts/accounts.js';
import { permissions } from '../../services/accounts/accounts.js';
import { callerOf } from '../../services/accounts/caller.js';
import { isKey, keyIdOf } from '../../services/accounts/keys.js';
import { type Operation, operation } from '../operation.js';
import { ApiProblem } from '../problems.js';
import { Login, Session, SessionKey } from '../shapes/index.js';
import { cookieOf, shownSecret } from './cookie.js';
import { csrfOf, keyOf } from './sessions.js';

/** `secret`: of the session; null where a header says who asks. */
const told = (account: Account, secret: string | null, expiresAt: number | null): Session => ({
  account: account.name,
  role: account.role,
  permissions: permissions.filter((each) => callerOf(account).may(each)),
  csrf: secret === null ? '' : csrfOf(secret),
  expiresAt,
});

const tag = 'session';

/** Logging in, being logged in, logging out. */
export const sessionOperations: readonly Operation[] = [
  operation(
    {
      access: 'anybody',
      method: 'POST',
      path: '/session',
      tag,
      summary: 'Logs in: a name, and its password or an API key. Sets the session’s cookie.',
      body: Login,
      answer: Session,
    },
    async ({ host, exchange, body: { name, password }, set }) => {
      const { accounts, sessions, attempts } = host;
      attempts.begin(exchange.remote);
      const { account } = await accounts.verify(name, password);
      // A session's own key would let the session outlive its end.
      if (isKey(password) && (await sessions.findByKey(password)))
        throw new Refusal('unauthenticated', { reason: 'wrong' });
      attempts.forgive(exchange.remote);
      const before = shownSecret(exchange);
      if (before !== undefined) await sessions.end(before);
      const { secret, expiresAt } = await sessions.begin(account, keyIdOf(password) ?? null);
      set('set-cookie', cookieOf(exchange, secret, host.options.sessionDays * 24 * 60 * 60));
      return told(account, secret, expiresAt);
    },
  ),
  operation(
    { access: 'account', method: 'GET', path: '/session', tag, summary: 'Who asks.', answer: Session },
    async ({ caller: { account }, session }) => told(account, session?.secret ?? null, session?.expiresAt ?? null),
  ),
  operation(
    {
      access: 'account',
      method: 'DELETE',
      path: '/session',
      tag,
      summary: 'Logs out: ends the session, and its key with it.',
      answer: null,
    },
    async ({ host, exchange, session, set }) => {
      if (session === null) return;
      await host.sessions.end(session.secret);
      set('set-cookie', cookieOf(exchange, '', 0));
    },
  ),
  operation(
    {
      access: 'account',
      method: 'POST',
      path: '/session/key',
      tag,
      summary:
        'A key that stands for the session’s account in every protocol, as a bearer token or in place of the password, until the session ends.',
      answer: SessionKey,
    },
    async ({ session }) => {
      if (session === null)
        throw new ApiProblem({
          kind: 'no-session',
          status: 409,
          title: 'Only a session that a cookie shows has a key.',
        });
      return { secret: keyOf(session.secret), expiresAt: session.expiresAt };
    },
  ),
];
