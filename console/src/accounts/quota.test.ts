import { expect, test } from 'vitest';
import { toEntry, toQuota } from './quota.js';

test.each([
  [null, { limited: false, amount: '', unit: 'GiB' }],
  [20 * 2 ** 30, { limited: true, amount: '20', unit: 'GiB' }],
  [1.5 * 2 ** 40, { limited: true, amount: '1.5', unit: 'TiB' }],
  [100 * 2 ** 20, { limited: true, amount: '100', unit: 'MiB' }],
] as const)('%s bytes are entered and read as the same', (quota, entry) => {
  expect(toEntry(quota)).toEqual(entry);
  expect(toQuota(entry)).toBe(quota);
});

test('a quota that is no number of MiB survives being looked at and saved, nearly', () => {
  const saved = toQuota(toEntry(60_000_000)) ?? 0;
  expect(Math.abs(saved - 60_000_000)).toBeLessThan(1024);
});

test.each(['', '  ', '0', '-1', 'ten', '1e400', 'NaN'])('"%s" is no quota', (amount) => {
  expect(toQuota({ limited: true, amount, unit: 'GiB' })).toBeUndefined();
});

test('a comma is read as a point', () => {
  expect(toQuota({ limited: true, amount: '1,5', unit: 'GiB' })).toBe(1.5 * 2 ** 30);
});
