import { expect, test } from 'vitest';
import { gaps, toBar } from './ranges.js';

test('gaps are what lies between the parts, before the first and behind the last', () => {
  expect(
    gaps(
      [
        [10, 20],
        [20, 30],
        [50, 60],
      ],
      100,
    ),
  ).toEqual([
    [0, 10],
    [30, 50],
    [60, 100],
  ]);
  expect(gaps([], 5)).toEqual([[0, 5]]);
  expect(gaps([[0, 5]], 5)).toEqual([]);
  expect(gaps([], 0)).toEqual([]);
});

test('a part is drawn where it lies; one byte of many is still to be seen, within the picture', () => {
  expect(toBar([250, 500], 1000, 100)).toEqual({ x: 25, width: 25 });
  const { x, width } = toBar([999_999_999, 1_000_000_000], 1_000_000_000, 100);
  expect(width).toBe(0.5);
  expect(x + width).toBeLessThanOrEqual(100);
});
