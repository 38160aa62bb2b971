import type { Account } from '../accounts/accounts.js';

/** How much an account may upload. */
export interface Quota {
  /** Bytes, or null where nothing is limited. */
  limit(account: Account): number | null;
  /** Bytes in finished files, and reserved for open uploads. */
  used(account: Account): Promise<number>;
  /** Bytes the account may still upload: the smaller of its quota's rest and the store's room. Null: not limited. */
  free(account: Account): Promise<number | null>;
  /** Largest file, in bytes, never above the quota; null: no limit. */
  largestFile(account: Account): number | null;
}
