import { expect, test } from 'vitest';
import { merged } from './merge.js';

interface Item {
  readonly id: string;
  readonly state: string;
  readonly createdAt: number;
}

test('what changed since the list was read stands in its place; what is new stands where its age puts it', () => {
  const read: readonly Item[] = [
    { id: 'b', state: 'running', createdAt: 20 },
    { id: 'a', state: 'done', createdAt: 10 },
  ];
  const changed = new Map<string, Item>([
    ['b', { id: 'b', state: 'failed', createdAt: 20 }],
    ['c', { id: 'c', state: 'waiting', createdAt: 30 }],
  ]);
  expect(merged(read, changed, ({ id }) => id).map(({ id, state }) => `${id} ${state}`)).toEqual([
    'c waiting',
    'b failed',
    'a done',
  ]);
});
