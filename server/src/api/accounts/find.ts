import type { Exchange } from '../../http/exchange.js';
import type { Account, Caller } from '../../services/accounts/accounts.js';
import type { ApiHost } from '../host.js';
import { notFound } from '../problems.js';

/** The account that the path names. To all but administrators there is only their own. */
export const accountOf = async ({
  host,
  exchange,
  caller,
}: {
  readonly host: ApiHost;
  readonly exchange: Exchange;
  readonly caller: Caller;
}): Promise<Account> => {
  const account = await host.accounts.find(exchange.params.name ?? '');
  if (account && (account.name === caller.account.name || caller.may('admin'))) return account;
  throw notFound('no-such-account', 'There is no such account.');
};
