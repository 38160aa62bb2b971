/** A random name. Browsers have `crypto.randomUUID` on https pages and localhost only. */
export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
