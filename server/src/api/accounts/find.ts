import type { Account } from '../../services/accounts/accounts.js';
import type { AccountVisit } from '../operation.js';
import { notFound } from '../problems.js';
import { maySee } from '../query.js';

/** The account that the path names. To all but administrators there is only their own. */
export const accountOf = async ({ host, exchange, caller }: AccountVisit): Promise<Account> => {
  const account = await host.accounts.find(exchange.params.name ?? '');
  if (account && maySee(caller, account.name)) return account;
  throw notFound('no-such-account', 'There is no such account.');
};
