import { expect, test } from 'vitest';
import { byteBudget } from '../../kit/budget.js';
import { holding } from './memory.js';

test('a large body waits until those before it are done with; a small one does not', async () => {
  const budget = byteBudget(200_000);
  const [first, second, third] = [holding(budget), holding(budget), holding(budget)];
  await first.hold(150_000);
  let isGranted = false;
  const granted = second.hold(150_000).then(() => {
    isGranted = true;
  });
  await third.hold(65_536);
  expect([isGranted, budget.taken]).toEqual([false, 150_000]);
  first.release();
  await granted;
  expect(budget.taken).toBe(150_000);
  for (const each of [first, second, third]) each.release();
  expect(budget.taken).toBe(0);
});
