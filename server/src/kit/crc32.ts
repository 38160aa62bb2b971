import { crc32 } from 'node:zlib';

/** The CRC-32 (ISO 3309, as zip and gzip use it) of `bytes`, going on from the CRC-32 of what stood before them. */
export const crc32Of = (bytes: Uint8Array, before = 0): number => crc32(bytes, before);

/** Multiplies two polynomials over GF(2), modulo the CRC-32 polynomial, bits reflected. */
const multiply = (a: number, b: number): number => {
  let product = 0;
  let factor = b;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if (a & bit) {
      product ^= factor;
      if ((a & (bit - 1)) === 0) break;
    }
    factor = factor & 1 ? (factor >>> 1) ^ 0xedb88320 : factor >>> 1;
  }
  return product >>> 0;
};

/** x^(2^n) for n = 0..31; from there on the powers repeat. */
const powers: number[] = [];
for (let n = 0, power = 0x40000000; n < 32; n += 1) {
  powers.push(power);
  power = multiply(power, power);
}

/** x^(8 · bytes) modulo the polynomial: what a CRC is multiplied by when `bytes` zeros follow. */
const shift = (bytes: number): number => {
  let result = 0x80000000;
  let count = BigInt(bytes) * 8n;
  for (let n = 0; count > 0n; n = (n + 1) % 32, count >>= 1n) {
    if (count & 1n) result = multiply(powers[n] ?? 0, result);
  }
  return result;
};

/** The CRC-32 of two stretches of bytes, one after the other, from the CRC-32 of each. `length`: bytes in the second. */
export const crc32Combine = (first: number, second: number, length: number): number =>
  (multiply(shift(length), first) ^ second) >>> 0;
