import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { md5 } from './md5.js';

const of = (...pieces: readonly (string | Uint8Array)[]): string => {
  const sum = md5();
  for (const piece of pieces) sum.update(Buffer.from(piece));
  return sum.hex();
};

test('the test suite of RFC 1321', () => {
  expect(of('')).toBe('d41d8cd98f00b204e9800998ecf8427e');
  expect(of('a')).toBe('0cc175b9c0f1b6a831c399e269772661');
  expect(of('message digest')).toBe('f96b697d7cb7938d525a2f31aaf161d0');
  expect(of('1234567890'.repeat(8))).toBe('57edf4a22be3c955ac49da2e2107b67a');
});

test('bytes of any length, in pieces of any length', () => {
  for (let length = 0; length < 300; length += 1) {
    const bytes = randomBytes(length);
    const a = Math.floor(length / 3);
    const pieces = [bytes.subarray(0, a), bytes.subarray(a, 2 * a), bytes.subarray(2 * a)];
    expect(of(...pieces)).toBe(createHash('md5').update(bytes).digest('hex'));
  }
});
