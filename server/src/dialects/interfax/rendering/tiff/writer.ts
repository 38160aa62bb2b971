import type { FileHandle } from 'node:fs/promises';
import type { Grid } from '../sheet.js';

/** Writes the pages of a fax, one after the other, as one TIFF file. */
export interface FaxWriter {
  /** Adds a page whose pixels are coded in CCITT group 4, with 0 for white. */
  add(page: Grid, coded: Uint8Array): Promise<void>;
  /** Makes the file durable. It is closed by whoever opened it. */
  end(): Promise<void>;
}

const short = 3;
const long = 4;
const rational = 5;

/** Tags of a page, in rising order: tag, type, and its one value. Longer values are offsets, behind the tags. */
type Row = readonly [tag: number, type: number, count: number, value: number];

const entriesBytes = 12;

/** The directory of a page: it lies at `offset`, its pixels at `strip`. Its last 4 bytes say where the next one lies. */
const directory = (page: Grid, number: number, total: number, strip: number, length: number, offset: number) => {
  const count = 18;
  const densities = offset + 2 + count * entriesBytes + 4;
  const rows: Row[] = [
    [254, long, 1, 2], // one page of several
    [256, long, 1, page.width],
    [257, long, 1, page.height],
    [258, short, 1, 1], // bits of a sample
    [259, short, 1, 4], // CCITT T.6
    [262, short, 1, 0], // 0 is white
    [266, short, 1, 1], // the highest bit is the leftmost
    [273, long, 1, strip],
    [274, short, 1, 1], // the first row is the top one
    [277, short, 1, 1], // samples of a pixel
    [278, long, 1, page.height], // all rows in one strip, as fax software wants them
    [279, long, 1, length],
    [282, rational, 1, densities],
    [283, rational, 1, densities + 8],
    [284, short, 1, 1],
    [293, long, 1, 0],
    [296, short, 1, 2], // pixels an inch
    [297, short, 2, number | (total << 16)],
  ];
  const bytes = Buffer.alloc(2 + count * entriesBytes + 4 + 16);
  bytes.writeUInt16LE(count, 0);
  rows.forEach(([tag, type, values, value], i) => {
    const at = 2 + i * entriesBytes;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(values, at + 4);
    bytes.writeUInt32LE(value >>> 0, at + 8);
  });
  [page.xDensity, 1, page.yDensity, 1].forEach((value, i) => bytes.writeUInt32LE(value, densities - offset + i * 4));
  return { bytes, next: offset + 2 + count * entriesBytes };
};

/** Begins a fax of `total` pages in an empty file. */
export const writeFax = async (file: FileHandle, total: number): Promise<FaxWriter> => {
  let position = 8;
  let number = 0;
  /** Where the offset of the next directory is to be written. */
  let pointer = 4;
  await file.write(Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]), 0, 8, 0);
  return {
    add: async (page, coded) => {
      const strip = position;
      // Directories begin at even offsets.
      const offset = strip + coded.length + (coded.length % 2);
      const { bytes, next } = directory(page, number, total, strip, coded.length, offset);
      await file.write(coded, 0, coded.length, strip);
      await file.write(bytes, 0, bytes.length, offset);
      const link = Buffer.alloc(4);
      link.writeUInt32LE(offset);
      await file.write(link, 0, 4, pointer);
      pointer = next;
      position = offset + bytes.length;
      number += 1;
    },
    end: () => file.sync(),
  };
};
