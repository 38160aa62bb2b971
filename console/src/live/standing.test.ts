import { expect, test } from 'vitest';
import { figuresOf, secondsLeft, shareOf, standingOf } from './standing.js';
import { madeUpload } from './testing/upload.js';

const now = 1_000_000;

test('an upload is stuck when nothing came for a minute, and not before', () => {
  const upload = madeUpload({ bytesPerSecond: 0, touchedAt: now });
  expect(standingOf(upload, now + 59_999)).toBe('waiting');
  expect(standingOf(upload, now + 60_000)).toBe('stuck');
});

test('what is being finished or has ended is not stuck, however long it takes', () => {
  const later = now + 3_600_000;
  expect(standingOf(madeUpload({ state: 'sealed' }), later)).toBe('finishing');
  expect(standingOf(madeUpload({ state: 'finished' }), later)).toBe('finished');
  expect(standingOf(madeUpload({ state: 'corrupt' }), later)).toBe('corrupt');
});

test('an empty file is all there; of a file without a size nobody knows', () => {
  expect(shareOf(madeUpload({ size: 0, received: 0 }))).toBe(1);
  expect(shareOf(madeUpload({ size: null }))).toBeNull();
  expect(shareOf(madeUpload())).toBe(0.5);
});

test('time left is the rest by the speed, where there is both', () => {
  expect(secondsLeft(madeUpload())).toBe(5);
  expect(secondsLeft(madeUpload({ bytesPerSecond: 0 }))).toBeNull();
  expect(secondsLeft(madeUpload({ size: null }))).toBeNull();
  expect(secondsLeft(madeUpload({ state: 'sealed' }))).toBeNull();
});

test('figures count what lives', () => {
  const uploads = [
    madeUpload(),
    madeUpload({ touchedAt: now - 61_000, bytesPerSecond: 0 }),
    madeUpload({ state: 'sealed', bytesPerSecond: 0 }),
    madeUpload({ state: 'finished', bytesPerSecond: 900 }),
  ];
  expect(figuresOf(uploads, now)).toEqual({ live: 3, stuck: 1, bytesPerSecond: 100 });
});
