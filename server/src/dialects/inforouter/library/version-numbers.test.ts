import { expect, test } from 'vitest';
import { firstVersion, manualVersion, nextVersion, readMajorOrPacked, readVersionNumber } from './version-numbers.js';

const no = expect.objectContaining({ errorCode: 4000 });

test('versions count up; a full part rolls into the next', () => {
  expect(firstVersion).toBe(1_000_000);
  expect(nextVersion(1_000_000)).toBe(1_000_001);
  expect(nextVersion(1_000_999)).toBe(1_001_000);
  expect(nextVersion(1_999_999)).toBe(2_000_000);
  expect(() => nextVersion(2_400_999_999)).toThrow(no);
});

test.each([
  [{}, undefined],
  [{ major: 1 }, 1_000_000],
  [{ major: 2, minor: 0, revision: 0 }, 2_000_000],
  [{ major: 1, minor: 1 }, 1_001_000],
  [{ major: 2400, minor: 999, revision: 999 }, 2_400_999_999],
])('the parts %j make %s', (parts, number) => {
  expect(manualVersion(parts)).toBe(number);
});

test.each([
  { major: 0 },
  { major: 2401 },
  { major: -1 },
  { major: 1.5 },
  { minor: 1 },
  { major: 1, minor: 1000 },
  { major: 1, minor: -1 },
  { major: 1, revision: 1000 },
])('the parts %j are refused', (parts) => {
  expect(() => manualVersion(parts)).toThrow(no);
});

test('numbers from 1 to 999999 are refused, unless they may be majors', () => {
  for (const number of [0, 1_000_000, 2_147_483_647]) expect(readVersionNumber(number)).toBe(number);
  for (const number of [1, 999_999, -1, Number.NaN])
    expect(() => readVersionNumber(number)).toThrow(
      /^Invalid argument exception\. Version numbers cannot be less than 1000000/,
    );
  expect(readMajorOrPacked(3)).toBe(3_000_000);
  expect(readMajorOrPacked(1_001_000)).toBe(1_001_000);
  expect(readMajorOrPacked(0)).toBe(0);
  expect(() => readMajorOrPacked(-1)).toThrow(no);
});
