import { expect, test } from 'vitest';
import { alarm } from './alarm.js';
import { backoff } from './backoff.js';
import { manualClock } from './clock.js';

test('a sleep ends by time or by ringing, and says which', async () => {
  const clock = manualClock();
  const bell = alarm(clock);
  const slept = bell.sleep(1000);
  clock.advance(1000);
  expect(await slept).toBe(false);
  const woken = bell.sleep(1000);
  bell.ring();
  expect(await woken).toBe(true);
});

test('a ring while nobody sleeps ends the next sleep, and only that', async () => {
  const clock = manualClock();
  const bell = alarm(clock);
  bell.ring();
  bell.ring();
  expect(await bell.sleep(1000)).toBe(true);
  const next = bell.sleep(1000);
  clock.advance(1000);
  expect(await next).toBe(false);
});

test('waits double up to the longest, and are shortened by up to a half', () => {
  const waits = (random: number) => {
    const delay = backoff({ first: 100, longest: 500, random: () => random });
    return [1, 2, 3, 4, 2000].map(delay);
  };
  expect(waits(0)).toEqual([100, 200, 400, 500, 500]);
  expect(waits(1)).toEqual([50, 100, 200, 250, 250]);
});
