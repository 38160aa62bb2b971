import { expect, test } from 'vitest';
import { Steps } from './steps.js';

const t0 = Date.UTC(2026, 0, 1);

test('sums are kept for as many steps as were asked for, the running one last', () => {
  const steps = new Steps(5_000, 4);
  expect(steps.sums(t0)).toEqual([0, 0, 0, 0]);
  steps.add(t0, 1);
  steps.add(t0 + 4_999, 2);
  steps.add(t0 + 5_000, 4);
  expect(steps.sums(t0 + 5_001)).toEqual([0, 0, 3, 4]);
  steps.add(t0 + 15_000, 8);
  expect(steps.sums(t0 + 15_000)).toEqual([3, 4, 0, 8]);
  expect(steps.sums(t0 + 20_000)).toEqual([4, 0, 8, 0]);
  expect(steps.sums(t0 + 3_600_000)).toEqual([0, 0, 0, 0]);
});

test('a clock that is set back adds to the newest step', () => {
  const steps = new Steps(1_000, 3);
  steps.add(t0, 1);
  steps.add(t0 - 60_000, 2);
  expect(steps.sums(t0 - 30_000)).toEqual([0, 0, 3]);
});

test('a rate is of the seconds that are over, rises at once, and falls to nothing by itself', () => {
  const rate = new Steps(1_000, 6);
  expect(rate.perSecond(t0)).toBe(0);
  rate.add(t0 + 200, 1_000);
  expect(rate.perSecond(t0 + 999)).toBe(0);
  expect(rate.perSecond(t0 + 1_000)).toBe(1_000);
  for (let second = 1; second < 10; second += 1) rate.add(t0 + second * 1_000, 1_000);
  expect(rate.perSecond(t0 + 10_000)).toBe(1_000);
  // Nothing more comes.
  expect(rate.perSecond(t0 + 12_000)).toBe(600);
  expect(rate.perSecond(t0 + 15_000)).toBe(0);
});
