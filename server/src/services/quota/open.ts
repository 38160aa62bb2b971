import type { Ledger, Store } from '../../engine/ports.js';
import { usageOf } from '../../engine/usage.js';
import type { Account } from '../accounts/accounts.js';
import type { QuotaOptions } from './options.js';
import type { Quota } from './quota.js';

/** Quotas as the accounts and the options say; what is used is what the engine counts. */
export const openQuota = (parts: { ledger: Ledger; store: Pick<Store, 'room'>; options: QuotaOptions }): Quota => {
  const { ledger, store, options } = parts;
  const limit = ({ quota }: Account): number | null => quota ?? options.account;
  const used = async ({ name }: Account): Promise<number> => {
    const { reserved, held } = await ledger.read((facts) => usageOf(facts, name));
    return reserved + held;
  };
  return {
    limit,
    used,
    free: async (account) => {
      const most = limit(account);
      const rest = most === null ? null : Math.max(0, most - (await used(account)));
      const room = await store.room();
      return rest !== null && room !== null ? Math.min(rest, room) : (rest ?? room);
    },
    largestFile: (account) => {
      const most = limit(account);
      return most !== null && options.largestFile !== null
        ? Math.min(most, options.largestFile)
        : (most ?? options.largestFile);
    },
  };
};
