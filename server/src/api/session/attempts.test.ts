import { expect, test } from 'vitest';
import { manualClock } from '../../kit/clock.js';
import { ApiProblem } from '../problems.js';
import { attempts } from './attempts.js';

const tooMany = (begin: () => void): boolean => {
  try {
    begin();
    return false;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    expect(error.trouble).toMatchObject({ status: 429, kind: 'too-many-attempts' });
    return true;
  }
};

const world = (most?: number) => {
  const clock = manualClock();
  const each = attempts(clock, most);
  const isRefused = (address: string) => tooMany(() => each.begin(address));
  const exhaust = (address: string) => {
    for (let count = 0; count < 20; count += 1) expect(isRefused(address)).toBe(false);
  };
  return { clock, each, isRefused, exhaust };
};

test('twenty are free in a quarter of an hour; what was right is given back', () => {
  const { clock, each, isRefused, exhaust } = world();
  exhaust('192.0.2.1');
  expect(isRefused('192.0.2.1')).toBe(true);
  each.forgive('192.0.2.1');
  expect(isRefused('192.0.2.1')).toBe(false);
  expect(isRefused('192.0.2.1')).toBe(true);
  clock.advance(15 * 60_000);
  exhaust('192.0.2.1');
  expect(isRefused('192.0.2.1')).toBe(true);
});

test.each([
  ['2001:db8::1', '2001:0DB8:0:0:ffff::'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
  ['::1', '::2'],
  ['fe80::1%eth0', 'fe80::2'],
])('%s and %s are of one network', (one, other) => {
  const { isRefused, exhaust } = world();
  exhaust(one);
  expect(isRefused(other)).toBe(true);
});

test.each([
  ['2001:db8::1', '2001:db8:0:1::1'],
  ['2001:db8:1:2::', '2001:db8:1:3::'],
  ['192.0.2.1', '192.0.2.2'],
])('%s and %s are not', (one, other) => {
  const { isRefused, exhaust } = world();
  exhaust(one);
  expect(isRefused(other)).toBe(false);
});

test('no more addresses are kept in mind than there may be', () => {
  const { isRefused, exhaust } = world(2);
  exhaust('192.0.2.1');
  exhaust('192.0.2.2');
  expect(isRefused('192.0.2.1')).toBe(true);
  exhaust('192.0.2.3');
  expect(isRefused('192.0.2.2')).toBe(true);
  expect(isRefused('192.0.2.1')).toBe(false);
});
