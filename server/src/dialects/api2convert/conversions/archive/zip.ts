import { pipeline } from 'node:stream/promises';
import { createDeflateRaw } from 'node:zlib';
import { crc32Of } from '../../../../kit/crc32.js';
import { type ArchiveEntry, withUniqueNames } from './entry.js';
import { littleEndian } from './numbers.js';

/** What the central directory says of a file (APPNOTE.TXT 6.3, 4.3.12). */
interface Filed {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** In a field of 32 bits: the value is in the Zip64 extra field. */
const elsewhere = 0xffffffff;
/** From here on a file is described with 64 bits: deflate may make it a little longer than it is. */
const large = 0xf0000000;

/** Sizes come behind the bytes; names are UTF-8. */
const flags = 0x0808;
const deflate = 8;
/** 1980-01-01, where DOS begins to count: the same files always make the same archive. */
const date = 0x21;

const versionFor = (size: number) => (size >= large ? 45 : 20);

const localHeader = (name: Buffer, size: number): Buffer => {
  const extra = size >= large ? littleEndian([2, 1], [2, 16], [8, 0], [8, 0]) : Buffer.alloc(0);
  const sizes = size >= large ? elsewhere : 0;
  const fixed = littleEndian(
    [4, 0x04034b50],
    [2, versionFor(size)],
    [2, flags],
    [2, deflate],
    [2, 0],
    [2, date],
    [4, 0],
    [4, sizes],
    [4, sizes],
    [2, name.length],
    [2, extra.length],
  );
  return Buffer.concat([fixed, name, extra]);
};

const descriptor = ({ crc, packed, size }: Filed): Buffer => {
  const width = size >= large ? 8 : 4;
  return littleEndian([4, 0x08074b50], [4, crc], [width, packed], [width, size]);
};

const centralHeader = ({ name, crc, packed, size, offset }: Filed): Buffer => {
  const sizesAreWide = size >= large;
  const offsetIsWide = offset >= elsewhere;
  const wide: [8, number][] = [
    ...(sizesAreWide
      ? ([
          [8, size],
          [8, packed],
        ] satisfies [8, number][])
      : []),
    ...(offsetIsWide ? ([[8, offset]] satisfies [8, number][]) : []),
  ];
  const extra = wide.length > 0 ? littleEndian([2, 1], [2, wide.length * 8], ...wide) : Buffer.alloc(0);
  const fixed = littleEndian(
    [4, 0x02014b50],
    [2, (3 << 8) | 45],
    [2, wide.length > 0 ? 45 : 20],
    [2, flags],
    [2, deflate],
    [2, 0],
    [2, date],
    [4, crc],
    [4, sizesAreWide ? elsewhere : packed],
    [4, sizesAreWide ? elsewhere : size],
    [2, name.length],
    [2, extra.length],
    [2, 0],
    [2, 0],
    [2, 0],
    // A plain file that everybody may read.
    [4, 0o100644 * 2 ** 16],
    [4, offsetIsWide ? elsewhere : offset],
  );
  return Buffer.concat([fixed, name, extra]);
};

const endOfDirectory = (count: number, offset: number, length: number): Buffer => {
  const isWide = count >= 0xffff || offset >= elsewhere || length >= elsewhere;
  const wide = isWide
    ? littleEndian(
        [4, 0x06064b50],
        [8, 44],
        [2, (3 << 8) | 45],
        [2, 45],
        [4, 0],
        [4, 0],
        [8, count],
        [8, count],
        [8, length],
        [8, offset],
        [4, 0x07064b50],
        [4, 0],
        [8, offset + length],
        [4, 1],
      )
    : Buffer.alloc(0);
  const short = Math.min(count, 0xffff);
  const end = littleEndian(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, short],
    [2, short],
    [4, Math.min(length, elsewhere)],
    [4, Math.min(offset, elsewhere)],
    [2, 0],
  );
  return Buffer.concat([wide, end]);
};

const deflated = (source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
  const stream = createDeflateRaw();
  // What goes wrong comes out of `stream` too.
  pipeline(source, stream).catch(() => undefined);
  return stream;
};

/** Nothing, deflated: one empty block. Many archives have many empty files, and streams are dear. */
const emptyDeflated: readonly Uint8Array[] = [Uint8Array.of(3, 0)];

/**
 * A zip archive of these files, as a stream: each is read once, when its turn comes. Files and archives may be larger than 4 GiB and
 * more than 65,535 (Zip64). Files of one name get different ones.
 */
export async function* zipOf(entries: readonly ArchiveEntry[]): AsyncIterable<Uint8Array> {
  const filed: Filed[] = [];
  let offset = 0;
  for (const entry of withUniqueNames(entries)) {
    const name = Buffer.from(entry.name);
    const header = localHeader(name, entry.size);
    yield header;
    let crc = 0;
    let packed = 0;
    const counted = async function* () {
      for await (const bytes of entry.read()) {
        crc = crc32Of(bytes, crc);
        yield bytes;
      }
    };
    for await (const bytes of entry.size === 0 ? emptyDeflated : deflated(counted())) {
      packed += bytes.length;
      yield bytes;
    }
    const file: Filed = { name, crc, packed, size: entry.size, offset };
    const behind = descriptor(file);
    yield behind;
    filed.push(file);
    offset += header.length + packed + behind.length;
  }
  let length = 0;
  for (const file of filed) {
    const header = centralHeader(file);
    length += header.length;
    yield header;
  }
  yield endOfDirectory(filed.length, offset, length);
}
