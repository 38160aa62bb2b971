import type { Account } from '../../services/accounts/accounts.js';
import type { Quota } from '../../services/quota/quota.js';

/** What is said of space where nothing limits it: enough for every file, and exact in every client's numbers. */
const plenty = 2 ** 50;

/** Bytes that the account may still upload. */
export const freeSpace = async (quota: Quota, account: Account): Promise<number> =>
  (await quota.free(account)) ?? plenty;

/** Bytes that one file of the account's may have. */
export const maxFileSize = (quota: Quota, account: Account): number => quota.largestFile(account) ?? plenty;

/** Bytes that the account may have in all. Where nothing limits that: what it has and may still have, for clients that subtract. */
export const spaceLimit = async (quota: Quota, account: Account): Promise<number> =>
  quota.limit(account) ?? (await quota.used(account)) + (await freeSpace(quota, account));
