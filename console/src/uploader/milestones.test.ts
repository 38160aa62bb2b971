import { expect, test } from 'vitest';
import { openMilestones } from './milestones.js';

test('each quarter is told once, and those that were jumped over are not', () => {
  const { reached } = openMilestones();
  expect([0, 0.1, 0.25, 0.3, 0.49, 0.8, 0.99, 1, 1].map(reached)).toEqual([
    ...[null, null, 25, null, null, 75, null, 100, null],
  ]);
});

test('when more is to be done, quarters ahead are told again and the one that was passed is not', () => {
  const milestones = openMilestones();
  expect(milestones.reached(0.8)).toBe(75);
  milestones.restart(0.3);
  expect(milestones.reached(0.4)).toBeNull();
  expect(milestones.reached(0.5)).toBe(50);
});
