import { expect, test } from 'vitest';
import { withChanges } from './stream.js';

interface Item {
  readonly id: string;
  readonly n: number;
}
const keyOf = ({ id }: Item): string => id;

test('what changes is put in place of what was', () => {
  const before = withChanges<Item>(new Map(), [{ id: 'a', n: 1 }], keyOf);
  const after = withChanges(
    before,
    [
      { id: 'a', n: 2 },
      { id: 'b', n: 3 },
    ],
    keyOf,
  );
  expect([...after.values()]).toEqual([
    { id: 'a', n: 2 },
    { id: 'b', n: 3 },
  ]);
  expect([...before.values()]).toEqual([{ id: 'a', n: 1 }]);
});

test('a page that is open for days does not grow for days', () => {
  let known: ReadonlyMap<string, Item> = new Map();
  for (let n = 0; n < 1200; n += 1) known = withChanges(known, [{ id: `t${n % 700}`, n }], keyOf);
  expect(known.size).toBe(500);
  expect(known.get('t499')?.n).toBe(1199);
});
