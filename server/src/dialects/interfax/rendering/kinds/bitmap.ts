import type { Raster } from '../raster.js';

/** Offsets in a Windows bitmap: the file header has 14 bytes, then the header of the picture. */
const at = { pixels: 10, headerSize: 14, width: 18, height: 22, bits: 28, coding: 30, colours: 46, masks: 54 } as const;

const luma = (red: number, green: number, blue: number): number => (red * 299 + green * 587 + blue * 114) / 1000;

/** The grey of every number of the palette, which has four bytes a colour: blue, green, red, nothing. */
const paletteOf = (bytes: Buffer, bits: number): Uint8Array => {
  const count = Math.min(bytes.readUInt32LE(at.colours) || 2 ** bits, 2 ** bits);
  const start = at.headerSize + bytes.readUInt32LE(at.headerSize);
  return Uint8Array.from({ length: 2 ** bits }, (_, i) => {
    if (i >= count) return 0;
    const colour = start + i * 4;
    return luma(bytes.readUInt8(colour + 2), bytes.readUInt8(colour + 1), bytes.readUInt8(colour));
  });
};

/** Takes the bits of a mask out of a pixel, as a number from 0 to 255. */
const channel = (mask: number): ((pixel: number) => number) => {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (pixel) => (((pixel & mask) >>> shift) * 255) / most;
};

type GreyAt = (row: number, x: number) => number;

/** Reads the grey of a pixel by its row's offset in the file and its column. */
const readerOf = (bytes: Buffer, bits: number, coding: number): GreyAt => {
  if (bits === 1 || bits === 4 || bits === 8) {
    const palette = paletteOf(bytes, bits);
    const perByte = 8 / bits;
    return (row, x) => {
      const byte = bytes.readUInt8(row + Math.floor(x / perByte));
      return palette[(byte >> (8 - bits - (x % perByte) * bits)) & (2 ** bits - 1)] ?? 0;
    };
  }
  if (bits === 24) {
    return (row, x) => {
      const pixel = row + x * 3;
      return luma(bytes.readUInt8(pixel + 2), bytes.readUInt8(pixel + 1), bytes.readUInt8(pixel));
    };
  }
  if (bits !== 16 && bits !== 32) throw new Error(`a bitmap of ${bits} bits a pixel`);
  const plain = bits === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0x00ff00, 0x0000ff];
  const masks = plain.map((mask, i) => (coding === 3 ? bytes.readUInt32LE(at.masks + i * 4) : mask));
  const [red, green, blue] = masks.map((mask) => channel(mask | 0));
  if (!red || !green || !blue) throw new Error('a bitmap has three masks');
  return (row, x) => {
    const pixel = bits === 16 ? bytes.readUInt16LE(row + x * 2) : bytes.readInt32LE(row + x * 4);
    return luma(red(pixel), green(pixel), blue(pixel));
  };
};

/**
 * Reads a Windows bitmap (BMP), which libvips does not: 1, 4, 8, 16, 24 or 32 bits a pixel, not run-length coded. Throws on any other, on one that
 * is cut short, and on one of more than `mostPixels`.
 */
export const readBitmap = (bytes: Buffer, mostPixels: number): Raster => {
  const coding = bytes.readUInt32LE(at.coding);
  if (bytes.readUInt32LE(at.headerSize) < 40 || (coding !== 0 && coding !== 3))
    throw new Error(`a bitmap of a kind that is not read (${coding})`);
  const width = bytes.readInt32LE(at.width);
  const signedHeight = bytes.readInt32LE(at.height);
  const height = Math.abs(signedHeight);
  if (width < 1 || height < 1 || width * height > mostPixels) throw new Error('a bitmap of an impossible size');
  const bits = bytes.readUInt16LE(at.bits);
  const greyAt = readerOf(bytes, bits, coding);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const start = bytes.readUInt32LE(at.pixels);
  if (start + rowBytes * height > bytes.length) throw new Error('a bitmap that ends too early');
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    // Rows run from the bottom up, unless the height is negative.
    const row = start + rowBytes * (signedHeight > 0 ? height - 1 - y : y);
    for (let x = 0; x < width; x += 1) data[y * width + x] = greyAt(row, x);
  }
  return { width, height, data };
};
