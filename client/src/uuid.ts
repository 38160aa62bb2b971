import { hex } from './source.js';

/** A random UUID (RFC 9562, version 4), in lower case. Browsers have `crypto.randomUUID` on https pages and localhost only. */
export const uuid = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = 0x40 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const digits = hex(bytes);
  return [8, 12, 16, 20, 32].map((end, n, ends) => digits.slice(ends[n - 1] ?? 0, end)).join('-');
};
