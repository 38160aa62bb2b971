import { expect, test } from 'vitest';
import { reserve, settle } from '../../engine/usage.js';
import { openMemoryLedger } from '../../ledgers/memory/ledger.js';
import type { Account } from '../accounts/accounts.js';
import { openQuota } from './open.js';
import { quotaOptions } from './options.js';

const account = (quota: number | null): Account => ({ name: 'Jo@x', role: 'uploader', createdAt: 0, quota });

const world = async (facts: { room: number | null; account?: number; largestFile?: number; used?: number }) => {
  const ledger = await openMemoryLedger();
  const used = facts.used ?? 0;
  await ledger.transact(async (all) => {
    await settle(all, 'Jo@x', 0, used);
    await settle(all, 'other', 0, 1_000_000);
  });
  const options = { account: facts.account ?? null, largestFile: facts.largestFile ?? null };
  return { ledger, quota: openQuota({ ledger, store: { room: async () => facts.room }, options }) };
};

test('what is reserved and what is held both count, of this account alone', async () => {
  const { ledger, quota } = await world({ room: null, used: 70 });
  await ledger.transact((facts) => reserve(facts, 'Jo@x', 20, null));
  expect(await quota.used(account(null))).toBe(90);
  expect(await quota.free(account(100))).toBe(10);
});

test("an account's own quota goes before the default, also when it is larger or nothing", async () => {
  const { quota } = await world({ room: null, account: 50 });
  expect([null, 20, 80, 0].map((own) => quota.limit(account(own)))).toEqual([50, 20, 80, 0]);
  expect((await world({ room: null })).quota.limit(account(null))).toBeNull();
});

test.each([
  [{ room: null }, null, null],
  [{ room: 30 }, null, 30],
  [{ room: null, used: 10 }, 100, 90],
  [{ room: 30, used: 10 }, 100, 30],
  [{ room: 300, used: 10 }, 100, 90],
  [{ room: 300, used: 110 }, 100, 0],
])('free with %j and a quota of %j is %j', async (facts, own, expected) => {
  const { quota } = await world(facts);
  expect(await quota.free(account(own))).toBe(expected);
});

test.each([
  [null, undefined, null],
  [null, 5, 5],
  [3, undefined, 3],
  [3, 5, 3],
  [9, 5, 5],
])('the largest file with a quota of %j and an option of %j is %j', async (own, largestFile, expected) => {
  const { quota } = await world({ room: null, ...(largestFile !== undefined && { largestFile }) });
  expect(quota.largestFile(account(own))).toBe(expected);
});

test('a limit is bytes or none', () => {
  expect(quotaOptions.account.parse('5GiB')).toBe(5 * 2 ** 30);
  expect(quotaOptions.account.parse('none')).toBeNull();
  expect(() => quotaOptions.account.parse('much')).toThrow('wants bytes');
});
