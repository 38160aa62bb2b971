import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ArchiveEntry } from './archive/entry.js';
import { tarOf } from './archive/tar.js';
import { zipOf } from './archive/zip.js';
import type { Conversion } from './conversion.js';
import { baseName } from './names.js';
import { readingOf } from './reading.js';

const gzipped = (source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
  const gzip = createGzip();
  // What goes wrong comes out of `gzip` too.
  pipeline(source, gzip).catch(() => undefined);
  return gzip;
};

const archive = (
  target: string,
  type: string,
  archiveOf: (entries: readonly ArchiveEntry[]) => AsyncIterable<Uint8Array>,
): Conversion => ({
  category: 'archive',
  target,
  optionsSchema: {},
  takes: 'all',
  available: async () => true,
  // In this process: the bytes are packed as they are, whatever they are.
  convert: async (inputs, _options, work) => {
    const [first] = inputs;
    const base = first && inputs.length === 1 ? baseName(first.name) : 'archive';
    const read = readingOf(inputs, work);
    const entries = inputs.map((input) => ({ name: input.name, size: input.size, read: () => read(input) }));
    await work.emit({ name: `${base}.${target}`, type }, archiveOf(entries));
  },
});

/** All inputs in one file. */
export const archives: readonly Conversion[] = [
  archive('zip', 'application/zip', zipOf),
  archive('tar.gz', 'application/gzip', (entries) => gzipped(tarOf(entries))),
];
