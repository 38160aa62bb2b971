import { expect, test } from 'vitest';
import { openMemoryLedger } from '../ledgers/memory/ledger.js';
import { dropHeld, release, reserve, settle, usageOf, usages } from './usage.js';

const owner = 'jo+é@example.com';

test('an upload is reserved, settled and dropped', async () => {
  const ledger = await openMemoryLedger();
  const now = () => ledger.read((facts) => usageOf(facts, owner));
  expect(await now()).toEqual({ reserved: 0, held: 0 });
  await ledger.transact((facts) => reserve(facts, owner, 100, null));
  await ledger.transact((facts) => reserve(facts, owner, 50, null));
  expect(await now()).toEqual({ reserved: 150, held: 0 });
  await ledger.transact((facts) => settle(facts, owner, 100, 90));
  expect(await now()).toEqual({ reserved: 50, held: 90 });
  await ledger.transact((facts) => release(facts, owner, 50));
  await ledger.transact((facts) => dropHeld(facts, owner, 90));
  expect(await ledger.read((facts) => usages.list(facts))).toEqual([]);
});

test('what goes beyond the limit is refused, the limit itself is not', async () => {
  const ledger = await openMemoryLedger();
  await ledger.transact((facts) => settle(facts, owner, 0, 60));
  await ledger.transact((facts) => reserve(facts, owner, 30, 100));
  await expect(ledger.transact((facts) => reserve(facts, owner, 11, 100))).rejects.toMatchObject({
    kind: 'over-quota',
    facts: { account: owner, limit: 100, used: 90, needed: 11 },
  });
  await ledger.transact((facts) => reserve(facts, owner, 10, 100));
  expect(await ledger.read((facts) => usageOf(facts, owner))).toEqual({ reserved: 40, held: 60 });
});

test('nothing is never too much, also for an owner who is over the limit', async () => {
  const ledger = await openMemoryLedger();
  await ledger.transact((facts) => settle(facts, owner, 0, 200));
  await ledger.transact((facts) => reserve(facts, owner, 0, 100));
  await expect(ledger.transact((facts) => reserve(facts, owner, 1, 100))).rejects.toMatchObject({ kind: 'over-quota' });
});
