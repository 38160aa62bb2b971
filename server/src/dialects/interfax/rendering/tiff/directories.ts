/** Gives `length` bytes from `offset` on, or as many as there are. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

/** What is read of one page of a TIFF file. */
export interface Directory {
  readonly width: number;
  readonly height: number;
  /** Pixels an inch, or null where the file does not say. */
  readonly xDensity: number | null;
  readonly yDensity: number | null;
  /** Where its bytes lie in the file, strip by strip. */
  readonly strips: readonly { readonly offset: number; readonly length: number }[];
}

const tags = { width: 256, height: 257, offsets: 273, lengths: 279, xDensity: 282, yDensity: 283, unit: 296 } as const;

/** Bytes of one value, by the number of its type; types that nobody needs here are left out. */
const typeSizes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 5: 8 };

/** More values than this one tag may have; what is longer is read up to here. */
const mostValues = 65_536;

const centimetresAnInch = 2.54;

interface Reading {
  readonly readAt: ReadAt;
  readonly littleEndian: boolean;
}

const bytesAt = async ({ readAt }: Reading, offset: number, length: number): Promise<DataView> => {
  const bytes = await readAt(offset, length);
  if (bytes.length < length) throw new Error('a TIFF directory lies beyond the end of its file');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
};

const valuesIn = (view: DataView, type: number, count: number, littleEndian: boolean): number[] => {
  const size = typeSizes[type] ?? 0;
  return Array.from({ length: count }, (_, i) => {
    const at = i * size;
    if (type === 1) return view.getUint8(at);
    if (type === 3) return view.getUint16(at, littleEndian);
    if (type === 4) return view.getUint32(at, littleEndian);
    return view.getUint32(at, littleEndian) / view.getUint32(at + 4, littleEndian);
  });
};

const readDirectory = async (reading: Reading, offset: number): Promise<{ directory: Directory; next: number }> => {
  const { littleEndian } = reading;
  const entries = (await bytesAt(reading, offset, 2)).getUint16(0, littleEndian);
  const table = await bytesAt(reading, offset + 2, entries * 12 + 4);
  const values = new Map<number, number[]>();
  for (let at = 0; at < entries * 12; at += 12) {
    const type = table.getUint16(at + 2, littleEndian);
    const count = Math.min(table.getUint32(at + 4, littleEndian), mostValues);
    const length = (typeSizes[type] ?? 0) * count;
    if (length === 0 || !Object.values<number>(tags).includes(table.getUint16(at, littleEndian))) continue;
    const view =
      length <= 4
        ? new DataView(table.buffer, table.byteOffset + at + 8, 4)
        : await bytesAt(reading, table.getUint32(at + 8, littleEndian), length);
    values.set(table.getUint16(at, littleEndian), valuesIn(view, type, count, littleEndian));
  }
  const first = (tag: number): number | undefined => values.get(tag)?.[0];
  const unit = first(tags.unit) ?? 2;
  const density = (tag: number): number | null => {
    const value = first(tag);
    if (value === undefined || !Number.isFinite(value) || value <= 0 || unit === 1) return null;
    return unit === 3 ? value * centimetresAnInch : value;
  };
  const lengths = values.get(tags.lengths) ?? [];
  const directory: Directory = {
    width: first(tags.width) ?? 0,
    height: first(tags.height) ?? 0,
    xDensity: density(tags.xDensity),
    yDensity: density(tags.yDensity),
    strips: (values.get(tags.offsets) ?? []).map((start, i) => ({ offset: start, length: lengths[i] ?? 0 })),
  };
  return { directory, next: table.getUint32(entries * 12, littleEndian) };
};

/**
 * The pages of a TIFF file, in order, at most `limit` of them. Throws on what is no TIFF. A file whose directories run in a
 * circle ends where it comes back.
 */
export const readDirectories = async (readAt: ReadAt, limit: number): Promise<Directory[]> => {
  const head = Buffer.from(await readAt(0, 8));
  const littleEndian = head.toString('latin1', 0, 4) === 'II*\0';
  if (head.length < 8 || !(littleEndian || head.toString('latin1', 0, 4) === 'MM\0*')) throw new Error('no TIFF');
  const reading = { readAt, littleEndian };
  const found: Directory[] = [];
  const seen = new Set<number>();
  let offset = littleEndian ? head.readUInt32LE(4) : head.readUInt32BE(4);
  while (offset !== 0 && found.length < limit && !seen.has(offset)) {
    seen.add(offset);
    const { directory, next } = await readDirectory(reading, offset);
    found.push(directory);
    offset = next;
  }
  return found;
};
