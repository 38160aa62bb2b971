import { expect, test } from 'vitest';
import type { Group } from './item.js';
import { inView, keyOf, rowsOf } from './rows.js';
import { item } from './testing/item.js';

test('what was chosen last comes first; a group is one line until it is opened', () => {
  const first = item();
  const group: Group = { id: 'g', title: 'Photos', items: [item(), item()] };
  const last = item();
  const entries = [first, group, last];
  expect(rowsOf(entries, new Set()).map(keyOf)).toEqual([last.id, 'g', first.id]);
  const inside = group.items.map(({ id }) => id);
  expect(rowsOf(entries, new Set(['g'])).map(keyOf)).toEqual([last.id, 'g', ...inside, first.id]);
});

test.each([
  [
    { count: 1000, top: 0 },
    { from: 0, to: 18 },
  ],
  [
    { count: 1000, top: 5000 },
    { from: 42, to: 68 },
  ],
  [
    { count: 5, top: 0 },
    { from: 0, to: 5 },
  ],
  [
    { count: 0, top: 0 },
    { from: 0, to: 0 },
  ],
  // The list became shorter than what was scrolled over.
  [
    { count: 10, top: 5000 },
    { from: 10, to: 10 },
  ],
])('lines in view: %j', ({ count, top }, seen) => {
  expect(inView(count, { height: 100, top, view: 1000 })).toEqual(seen);
});
