import { expect, test } from 'vitest';
import { openFinder } from './match.js';
import { item } from './testing/item.js';

const chosen = (path: string, size = 3, lastModified = 1) => ({
  path,
  root: null,
  file: new File(['x'.repeat(size)], path.split('/').at(-1) ?? '', { lastModified }),
});

test('the same file is one of the same name, size and date', () => {
  const wanted = item({ path: 'a.bin', size: 3 });
  for (const other of [chosen('b.bin'), chosen('a.bin', 4), chosen('a.bin', 3, 2)])
    expect(openFinder([wanted]).find(other)).toBeUndefined();
  expect(openFinder([wanted]).find(chosen('a.bin'))).toBe(wanted);
});

test('of several, the one at the same path is found, and each one once', () => {
  const [one, two] = [item({ path: 'x/a.bin', size: 3 }), item({ path: 'y/a.bin', size: 3 })];
  const finder = openFinder([one, two]);
  expect(finder.find(chosen('y/a.bin'))).toBe(two);
  // Chosen by itself, it lies in no folder.
  expect(finder.find(chosen('a.bin'))).toBe(one);
  expect(finder.find(chosen('a.bin'))).toBeUndefined();
});
