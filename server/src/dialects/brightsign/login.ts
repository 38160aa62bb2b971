import { Refusal } from '../../engine/refusals.js';
import type { Caller } from '../../services/accounts/accounts.js';
import type { Host } from '../dialect.js';
import type { BrightSignOptions } from './options.js';

/** Who logged in, and to which network; nothing where none was named. */
export interface Login {
  readonly caller: Caller;
  readonly network?: string;
}

/**
 * Who `{AccountName}/{UserLogin}` is: parted at the first slash; a name without one is a login (specs/brightsign.md §A3).
 * Refuses `unauthenticated`.
 */
export const logIn = async (
  { accounts }: Pick<Host, 'accounts'>,
  { account }: Pick<BrightSignOptions, 'account'>,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<Login> => {
  const slash = username.indexOf('/');
  const network = slash < 0 ? undefined : username.slice(0, slash);
  const caller = await accounts.verify(username.slice(slash + 1), password);
  if (account !== '' && (network ?? account).toLowerCase() !== account.toLowerCase())
    throw new Refusal('unauthenticated', { reason: 'wrong' });
  return { caller, ...(network !== undefined && { network }) };
};
