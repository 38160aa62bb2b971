/** Tables for eight bytes at a time: `tables[n]` is for the byte with `n` bytes behind it. */
const tables: readonly Uint32Array[] = (() => {
  const first = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    first[byte] = crc;
  }
  const all = [first];
  for (let n = 1; n < 8; n += 1) {
    const before = all[n - 1] ?? first;
    all.push(before.map((crc) => (crc >>> 8) ^ (first[crc & 0xff] ?? 0)));
  }
  return all;
})();

/** The CRC-32 (as zip and gzip use it) of `bytes`, going on from the CRC-32 of what stood before them. */
export const crc32 = (bytes: Uint8Array, before = 0): number => {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as readonly [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = ~before;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const low = crc ^ view.getUint32(at, true);
    const high = view.getUint32(at + 4, true);
    crc =
      (t7[low & 0xff] ?? 0) ^
      (t6[(low >>> 8) & 0xff] ?? 0) ^
      (t5[(low >>> 16) & 0xff] ?? 0) ^
      (t4[low >>> 24] ?? 0) ^
      (t3[high & 0xff] ?? 0) ^
      (t2[(high >>> 8) & 0xff] ?? 0) ^
      (t1[(high >>> 16) & 0xff] ?? 0) ^
      (t0[high >>> 24] ?? 0);
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ (t0[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return ~crc >>> 0;
};
