/** How many bytes a number of a binary format takes. */
type Width = 2 | 4 | 8;

/** Numbers one after the other, little-endian: `[4, 0x04034b50], [2, 20]`. */
export const littleEndian = (...fields: readonly (readonly [Width, number])[]): Buffer => {
  const buffer = Buffer.alloc(fields.reduce((sum, [width]) => sum + width, 0));
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 8) buffer.writeBigUInt64LE(BigInt(value), at);
    else buffer.writeUIntLE(value, at, width);
    at += width;
  }
  return buffer;
};
