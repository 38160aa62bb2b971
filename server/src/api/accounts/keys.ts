import { type Operation, operation } from '../operation.js';
import { ApiProblem, notFound } from '../problems.js';
import { showsSessionKey } from '../session/asker.js';
import { ApiKeys, MadeApiKey, NewApiKey } from '../shapes/index.js';
import { accountOf } from './find.js';

const tag = 'accounts';

/** An account's API keys: for the account itself, and for administrators. */
export const keyOperations: readonly Operation[] = [
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/accounts/:name/keys',
      tag,
      summary: 'The API keys of an account, without their secrets. Keys of sessions are not among them.',
      answer: ApiKeys,
    },
    async (visit) => ({ keys: await visit.host.accounts.listKeys((await accountOf(visit)).name) }),
  ),
  operation(
    {
      access: 'account',
      method: 'POST',
      path: '/accounts/:name/keys',
      tag,
      summary: 'Makes an API key. Its secret is told this once.',
      body: NewApiKey,
      answer: MadeApiKey,
    },
    async (visit) => {
      const { host, exchange, session } = visit;
      if (session === null && (await showsSessionKey(exchange, host.sessions)))
        throw new ApiProblem({
          kind: 'session-key',
          status: 403,
          title: 'The key of a session ends with it, and makes no API key.',
        });
      return host.accounts.addKey((await accountOf(visit)).name, visit.body.label);
    },
  ),
  operation(
    {
      access: 'account',
      method: 'DELETE',
      path: '/accounts/:name/keys/:id',
      tag,
      summary: 'Removes an API key, and ends the sessions that were begun with it.',
      answer: null,
    },
    async (visit) => {
      const { accounts } = visit.host;
      const { name } = await accountOf(visit);
      const id = visit.exchange.params.id ?? '';
      if (!(await accounts.listKeys(name)).some((key) => key.id === id))
        throw notFound('no-such-key', 'There is no such API key.');
      await accounts.removeKey(id);
    },
  ),
];
