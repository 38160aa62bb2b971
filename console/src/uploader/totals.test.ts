import { expect, test } from 'vitest';
import { item } from './testing/item.js';
import { shareOf, speedometer, totalsOf } from './totals.js';

test('bytes are those of what is done or still to come; the rest is counted', () => {
  const totals = totalsOf([
    item({ phase: 'done', confirmed: 100 }),
    item({ phase: 'running', confirmed: 40 }),
    item({ phase: 'paused', confirmed: 10 }),
    item({ phase: 'lost', confirmed: 5 }),
    item({ phase: 'refused', size: 1e9 }),
    item({ phase: 'failed', confirmed: 70 }),
    item({ phase: 'cancelled' }),
  ]);
  expect(totals).toEqual({
    files: 7,
    phases: { done: 1, running: 1, paused: 1, lost: 1, refused: 1, failed: 1, cancelled: 1 },
    bytes: 400,
    confirmed: 155,
    moving: 1,
    left: 3,
  });
  expect(shareOf(totals)).toBe(155 / 400);
});

test('empty files are done when they are over, and not before', () => {
  expect(shareOf(totalsOf([item({ size: 0, phase: 'running' })]))).toBe(0);
  expect(shareOf(totalsOf([item({ size: 0, phase: 'done' })]))).toBe(1);
});

test('speed is that of the last seconds, and none when nothing came for as long', () => {
  const meter = speedometer(8000);
  expect(meter.at(0)).toBe(0);
  meter.add(1000, 0);
  // A second is the least that is divided by.
  expect(meter.at(10)).toBe(1000);
  for (let at = 1000; at <= 10_000; at += 1000) meter.add(1000, at);
  // From 2 s to 10 s, both included: nine samples in eight seconds.
  expect(meter.at(10_000)).toBe(1125);
  expect(meter.at(18_500)).toBe(0);
});
