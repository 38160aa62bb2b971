import { describe, expect, test } from 'vitest';
import { canonicalNumber, readRecipients } from './numbers.js';

describe('a number dialled from', () => {
  test.each([
    ['+1-212-9876543', '0012129876543'],
    ['+44 161 999 8888', '00441619998888'],
    [' + 44 (161) 999-8888', '00441619998888'],
    ['011 44 (161) 999 8888', '00441619998888'],
    ['00441619998888', '00441619998888'],
    ['1-408-999 8888', '0014089998888'],
    ['408.999.8888', '0014089998888'],
    ['222 8888', '2228888'],
    ['100', '100'],
    ['44 161 999 8888', '00441619998888'],
  ])('the United States: %s', (text, canonical) => {
    expect(canonicalNumber(text, '1')).toBe(canonical);
  });

  test.each([
    ['+1 (212) 999 8888', '0012129998888'],
    ['001 (212) 999 8888', '0012129998888'],
    ['0161 999 8888', '00441619998888'],
    ['+44 (161) 999 8888', '00441619998888'],
    ['0113 496 0000', '00441134960000'],
    ['2222 8888', '22228888'],
  ])('the United Kingdom: %s', (text, canonical) => {
    expect(canonicalNumber(text, '44')).toBe(canonical);
  });
});

test.each(['', '+', 'fax', '12', '00', '+1234567890123456', '0012345678901234567'])('%j is none', (text) => {
  expect(canonicalNumber(text, '1')).toBeUndefined();
});

test('recipients have the names at their places', () => {
  expect(readRecipients('+441619998888;;2129876543', 'Ann;Ben;Cy;Dot', '1')).toEqual([
    { number: '00441619998888', contact: 'Ann' },
    { number: '0012129876543', contact: 'Cy' },
  ]);
  expect(readRecipients('+441619998888;LIST = all', '', '1')).toBeUndefined();
});
