import type { Event } from 'longshore/api';
import { expect, test } from 'vitest';
import { eventFits, hasGap, joined, noEventFilter } from './events.js';

const event = (number: number, facts: Partial<Event> = {}): Event => ({
  number,
  kind: 'finished',
  at: number,
  upload: `up${number}`,
  dialect: 'tus',
  owner: 'alice',
  size: 1,
  ...facts,
});

test('an event that was read and told stands once, the newest first', () => {
  const all = joined([event(3), event(2)], [event(5), event(3)]);
  expect(all.map(({ number }) => number)).toEqual([5, 3, 2]);
});

test('where more happened than is kept, what was read before does not reach up to it', () => {
  const happened = [event(9), event(8)];
  expect(hasGap([event(7), event(6)], happened, 3)).toBe(false);
  expect(hasGap([event(5)], happened, 2)).toBe(true);
  expect(hasGap([event(9), event(8), event(7)], happened, 2)).toBe(false);
  // The first page is still on its way.
  expect(hasGap([], happened, 2)).toBe(false);
});

test('the filter narrows by how it ended, by protocol, and by account or upload', () => {
  const lost = event(7, { kind: 'corrupted', owner: 'Bob', dialect: 'interfax' });
  expect(eventFits(lost, noEventFilter)).toBe(true);
  expect(eventFits(lost, { ...noEventFilter, kind: 'finished' })).toBe(false);
  expect(eventFits(lost, { ...noEventFilter, dialect: 'interfax' })).toBe(true);
  expect(eventFits(lost, { ...noEventFilter, text: 'bob' })).toBe(true);
  expect(eventFits(lost, { ...noEventFilter, text: 'UP7' })).toBe(true);
  expect(eventFits(lost, { ...noEventFilter, text: 'alice' })).toBe(false);
});
