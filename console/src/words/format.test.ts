import { expect, test } from 'vitest';
import { bytes, count, duration, load, percent, shortMoment, speed } from './format.js';

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [102_340, '99.9 KiB'],
  [102_400, '100 KiB'],
  // Just under a MiB is not 1,024 KiB.
  [1_048_575, '1.0 MiB'],
  [5 * 2 ** 30, '5.0 GiB'],
  [3 * 2 ** 40, '3.0 TiB'],
  [2 ** 53, '8.0 PiB'],
])('%i bytes are %s', (value, text) => {
  expect(bytes(value)).toBe(text);
});

test('speeds are bytes and per second', () => {
  expect(speed(3_670_016)).toBe('3.5 MiB/s');
  expect(speed(0.4)).toBe('0 B/s');
});

test('100% is said when nothing is missing, and not before', () => {
  expect([0, 0.004, 0.42, 0.9999, 1].map(percent)).toEqual(['0%', '0%', '42%', '99%', '100%']);
});

test('load may be more than one processor', () => {
  expect([0.073, 1.5].map(load)).toEqual(['7%', '150%']);
});

test.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [60, '1 min'],
  [3599, '1 h'],
  [12_000, '3 h 20 min'],
  [2 * 86_400, '2 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test('a moment is as short as it stays clear', () => {
  const now = new Date(2026, 10, 21, 20, 0).getTime();
  expect(shortMoment(new Date(2026, 10, 21, 9, 5).getTime(), now)).toBe('09:05');
  expect(shortMoment(new Date(2026, 2, 3, 9, 5).getTime(), now)).toBe('3 Mar 09:05');
  expect(shortMoment(new Date(2025, 2, 3, 9, 5).getTime(), now)).toBe('3 Mar 2025');
});

test('counts have their thousands apart', () => {
  expect(count(1_234_567)).toBe('1,234,567');
});
