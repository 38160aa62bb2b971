import type { Bytes } from './source.js';

const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const pad = 61;

/** How many bytes the base64 of `length` bytes takes. */
export const base64Length = (length: number): number => Math.ceil(length / 3) * 4;

/** Writes the base64 of `bytes` into `target` from `at` on, as ASCII; no string of it ever exists. */
export const writeBase64 = (bytes: Uint8Array, target: Uint8Array, at: number): void => {
  const sextet = (group: number, shift: number): number => alphabet[(group >> shift) & 63] ?? pad;
  let to = at;
  for (let from = 0; from < bytes.length; from += 3) {
    const left = bytes.length - from;
    const group = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    target[to] = sextet(group, 18);
    target[to + 1] = sextet(group, 12);
    target[to + 2] = left > 1 ? sextet(group, 6) : pad;
    target[to + 3] = left > 2 ? sextet(group, 0) : pad;
    to += 4;
  }
};

/** Base64 of `bytes`, or of a text's UTF-8. */
export const base64 = (value: Uint8Array | string): string => {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  const target: Bytes = new Uint8Array(base64Length(bytes.length));
  writeBase64(bytes, target, 0);
  return new TextDecoder().decode(target);
};
