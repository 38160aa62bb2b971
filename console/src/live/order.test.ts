import { expect, test } from 'vitest';
import { arranged, fits, kept, noFilter, type SortKey } from './order.js';
import { madeUpload } from './testing/upload.js';

const now = 1_000_000;
const uploads = [
  madeUpload({ id: 'a', name: 'file 10', createdAt: 1, bytesPerSecond: 5, size: null }),
  madeUpload({ id: 'b', name: 'file 9', createdAt: 2, bytesPerSecond: 0, touchedAt: now - 70_000 }),
  madeUpload({ id: 'c', name: null, createdAt: 3, bytesPerSecond: 50, received: 900, owner: 'Bob' }),
  madeUpload({ id: 'd', name: 'File 1', createdAt: 3, bytesPerSecond: 50, size: 9000, dialect: 'interfax' }),
];
const by = (sort: SortKey) => arranged(uploads, { filter: noFilter, sort, now }).join('');

test.each<[SortKey, string]>([
  ['newest', 'cdba'],
  ['oldest', 'abcd'],
  ['attention', 'bcda'],
  ['speed', 'cdab'],
  // Of what has no size or no speed nobody knows how long it takes.
  ['left', 'cdba'],
  ['progress', 'cbda'],
  ['size', 'dcba'],
  // Numbers in names count as numbers; what has no name comes last.
  ['name', 'dbac'],
  ['owner', 'dbac'],
])('by %s: %s', (sort, order) => {
  expect(by(sort)).toBe(order);
});

test('the same uploads stand in the same order, in whatever order they were told', () => {
  const again = arranged([...uploads].reverse(), { filter: noFilter, sort: 'speed', now });
  expect(again.join('')).toBe(by('speed'));
});

test('the filter finds in name, account, address and id, and narrows by protocol and account', () => {
  const found = (filter: object): string =>
    uploads
      .filter((upload) => fits(upload, { ...noFilter, ...filter }, now))
      .map(({ id }) => id)
      .join('');
  expect(found({ text: ' FILE 1' })).toBe('ad');
  expect(found({ text: 'bob' })).toBe('c');
  expect(found({ text: '192.0.2' })).toBe('abcd');
  expect(found({ dialect: 'interfax' })).toBe('d');
  expect(found({ owner: 'alice', text: 'c' })).toBe('abd');
  expect(found({ stuckOnly: true })).toBe('b');
});

test('while the list is held, what is there keeps its place, and what is new comes last', () => {
  expect(kept(['b', 'a', 'x'], ['a', 'b', 'c', 'd'], (id) => id !== 'x')).toEqual(['b', 'a', 'c', 'd']);
});
