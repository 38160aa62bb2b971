import { isRefusal } from '../../../engine/refusals.js';
import type { Exchange, Reply, Route } from '../../../http/exchange.js';
import { crc32Of } from '../../../kit/crc32.js';
import type { Account } from '../../../services/accounts/accounts.js';
import { isKey } from '../../../services/accounts/keys.js';
import { type Login, logIn } from '../login.js';
import { readText } from './body.js';
import { Problem } from './problems.js';
import type { Issued, Renewable } from './tokens.js';
import { jsonReply, type RestParts, restRoute } from './visit.js';

const largestForm = 64 * 2 ** 10;

const scopes = 'bsn.api.upload.content bsn.api.upload.websites';

/** A no of the token endpoint: `error` is one of OAuth's words; `message` is what a vendor's library shows. */
const no = (status: number, error: string, description: string): Reply =>
  jsonReply(status, 'application/json', { error, error_description: description, message: description });

/** A person, as an account is one. Accounts have no number, so it is made of their name. */
export const personOf = ({ name }: Account) => ({
  id: crc32Of(Buffer.from(name.toLowerCase())),
  login: name,
  firstName: name,
  lastName: '',
});

const answer = ({ caller, network }: Login, { access, refresh, expiresAt }: Issued, now: number): Reply =>
  jsonReply(
    200,
    'application/json',
    {
      token_type: 'bearer',
      access_token: access,
      refresh_token: refresh,
      expires_in: Math.floor((expiresAt - now) / 1000),
      scope: scopes,
      '.issued': new Date(now).toISOString(),
      '.expires': new Date(expiresAt).toISOString(),
      ...(network === undefined
        ? { person: { ...personOf(caller.account), users: [] } }
        : { user: { ...personOf(caller.account), network: { name: network, status: 'Active' } } }),
    },
    { pragma: 'no-cache' },
  );

/** Who the form says to be; nothing where that is wrong. */
const loginOf = async ({ host, options, tokens }: RestParts, form: URLSearchParams): Promise<Renewable | undefined> => {
  if (form.get('grant_type') === 'refresh_token') return tokens.redeem(form.get('refresh_token') ?? '');
  const [username, password] = [form.get('username') ?? '', form.get('password') ?? ''];
  try {
    const login = await logIn(host, options, { username, password });
    // A key may be taken away: what was given for it must not be renewed for ever.
    return isKey(password) ? { ...login, until: host.clock.now() + options.refreshTokenLife } : login;
  } catch (error) {
    if (isRefusal(error, 'unauthenticated')) return undefined;
    throw error;
  }
};

const grants: ReadonlySet<string | null> = new Set(['password', 'refresh_token']);

/** Gives tokens for a password or a refresh token (specs/brightsign.md §B1). `client_id` and `client_secret` are not judged. */
const give = async (parts: RestParts, exchange: Exchange): Promise<Reply> => {
  try {
    const form = new URLSearchParams(await readText(exchange, largestForm));
    if (!grants.has(form.get('grant_type')))
      return no(400, 'unsupported_grant_type', 'grant_type must be password or refresh_token.');
    const login = await loginOf(parts, form);
    if (!login) return no(400, 'invalid_grant', 'The user name, password or refresh token is wrong.');
    const now = parts.host.clock.now();
    return answer(login, await parts.tokens.issue(login), now);
  } catch (error) {
    if (error instanceof Problem) return no(error.status, 'invalid_request', error.message);
    throw error;
  }
};

/** The routes of tokens, and of who holds one. */
export const tokenRoutes = (parts: RestParts, base: string): Route[] => [
  {
    methods: ['POST'],
    path: `${base}/Token`,
    name: 'brightsign REST token',
    handle: (exchange) => give(parts, exchange),
  },
  {
    methods: ['GET'],
    path: `${base}/Token`,
    name: 'brightsign REST token',
    // By this a client tells which versions there are (§B1).
    handle: async () => no(400, 'invalid_request', 'Tokens are given to POST.'),
  },
  restRoute(parts, ['GET', `${base}/Self`, 'self'], async ({ caller }) =>
    jsonReply(200, 'application/json', personOf(caller.account)),
  ),
];
