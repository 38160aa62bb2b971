import { expect, test } from 'vitest';
import { totals, withStep } from './throughput.js';

const known = { stepMs: 1000, at: 10_000, bytes: { tus: [1, 2, 3], interfax: [0, 0, 9] } };

test('the running step grows', () => {
  expect(withStep(known, { at: 10_000, stepMs: 1000, bytes: { tus: 7, interfax: 9 } })).toEqual({
    ...known,
    bytes: { tus: [1, 2, 7], interfax: [0, 0, 9] },
  });
});

test('a new step pushes the oldest out; steps that nobody told of were empty', () => {
  expect(withStep(known, { at: 12_000, stepMs: 1000, bytes: { tus: 5 } })).toEqual({
    stepMs: 1000,
    at: 12_000,
    bytes: { tus: [3, 0, 5], interfax: [9, 0, 0] },
  });
});

test('a dialect that begins to receive has received nothing before', () => {
  expect(withStep(known, { at: 11_000, stepMs: 1000, bytes: { s3: 4 } }).bytes.s3).toEqual([0, 0, 4]);
});

test('a step that is over is put right; one of long ago is nobody’s business any more', () => {
  expect(withStep(known, { at: 9_000, stepMs: 1000, bytes: { tus: 8, interfax: 1 } })).toEqual({
    ...known,
    bytes: { tus: [1, 8, 3], interfax: [0, 1, 9] },
  });
  expect(withStep(known, { at: 7_000, stepMs: 1000, bytes: { tus: 99 } })).toBe(known);
});

test('a long sleep leaves nothing of the past', () => {
  expect(withStep(known, { at: 9_999_000, stepMs: 1000, bytes: { tus: 6 } }).bytes.tus).toEqual([0, 0, 6]);
});

test('totals are sums over dialects', () => {
  expect(totals(known)).toEqual([1, 2, 12]);
});
