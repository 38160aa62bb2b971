import { Refusal } from '../../engine/refusals.js';
import { type Account, type Caller, type Permission, roles } from './accounts.js';

/** Who asks, from their account. For dialects that keep tickets or tokens of their own. */
export const callerOf = (account: Account): Caller => {
  const granted: readonly Permission[] = roles[account.role];
  const may = (permission: Permission) => granted.includes(permission);
  return {
    account,
    may,
    need: (permission) => {
      if (!may(permission)) throw new Refusal('forbidden', { permission });
    },
  };
};
