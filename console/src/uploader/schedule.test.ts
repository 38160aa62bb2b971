import { expect, test } from 'vitest';
import { large, nextToRun } from './schedule.js';
import { item } from './testing/item.js';

const big = () => item({ size: large });
const little = () => item({ size: large - 1 });

test('two large ones at once, and small ones beside them', () => {
  const waiting = [big(), big(), big(), little(), big(), little(), little()];
  const next = nextToRun(waiting, []);
  expect(next).toEqual([waiting[0], waiting[1], waiting[3], waiting[5]]);
  expect(
    nextToRun(
      [waiting[2], waiting[6]].filter((each) => each !== undefined),
      next,
    ),
  ).toEqual([]);
});

test('as many as there is room for beside those that run', () => {
  const running = [big(), little(), little()];
  const waiting = [little(), little()];
  expect(nextToRun(waiting, running)).toEqual([waiting[0]]);
  expect(nextToRun([big(), big()], [big()])).toHaveLength(1);
});
