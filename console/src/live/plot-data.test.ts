import { expect, test } from 'vitest';
import { spans, stacked, toPlot } from './plot-data.js';

// The last step began at 40 s and is running.
const told = {
  stepMs: 10_000,
  at: 40_000,
  bytes: { tus: [10, 20, 30, 40, 5], s3: [0, 0, 0, 0, 0], interfax: [0, 0, 50, 0, 0] },
};

test('rates of the steps that are over, of the dialects that had something', () => {
  expect(toPlot(told, 100)).toEqual({
    times: [0, 10, 20, 30],
    lines: [
      { dialect: 'interfax', rates: [0, 0, 5, 0] },
      { dialect: 'tus', rates: [1, 2, 3, 4] },
    ],
  });
});

test('many steps are put together, and no byte is counted twice', () => {
  expect(toPlot(told, 2)).toEqual({
    times: [0, 20],
    lines: [
      { dialect: 'interfax', rates: [0, 2.5] },
      { dialect: 'tus', rates: [1.5, 3.5] },
    ],
  });
});

test('nothing told yet is nothing to draw', () => {
  expect(toPlot({ stepMs: 1000, at: 0, bytes: {} }, 10)).toEqual({ times: [], lines: [] });
});

test('lines lie on each other, the sum on top', () => {
  const { lines } = toPlot(told, 100);
  expect(stacked(lines)).toEqual([
    [1, 2, 8, 4],
    [1, 2, 3, 4],
  ]);
});

test('spans of the table hold every byte, the running step with them', () => {
  const found = spans(told, 2);
  expect(found).toEqual([
    { from: 20_000, bytes: { tus: 75, s3: 0, interfax: 50 }, all: 125 },
    { from: 0, bytes: { tus: 30, s3: 0, interfax: 0 }, all: 30 },
  ]);
});
