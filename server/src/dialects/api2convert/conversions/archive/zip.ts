import { PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { type ArchiveEntry, archived } from './entry.js';

/** Where DOS begins to count: the same files always make the same archive. */
const beginning = new Date(1980, 0, 1);

const nothing = Buffer.alloc(0);

/** From here on a file is described with 64 bits: deflate may make it a little longer than it is. */
const large = 0xf0000000;

/**
 * A zip archive of these files, as a stream: each is read once, when its turn comes. Files and archives may be larger than 4 GiB and
 * more than 65,535 (Zip64). Files of one name get different ones.
 */
export async function* zipOf(entries: readonly ArchiveEntry[]): AsyncGenerator<Uint8Array, void, undefined> {
  const zip = new ZipFile();
  const packed = zip.outputStream.pipe(new PassThrough());
  const fail = (error: Error) => packed.destroy(error);
  zip.on('error', fail);
  for (const { name, size, read } of archived(entries)) {
    const options = { mtime: beginning, mode: 0o100644, compress: size > 0, forceZip64Format: size >= large };
    // Many archives have many empty files, and streams are dear.
    if (size === 0) zip.addBuffer(nothing, name, options);
    else
      zip.addReadStreamLazy(name, options, (take) =>
        take(null, Readable.from(read(), { objectMode: false }).on('error', fail)),
      );
  }
  zip.end();
  yield* packed;
}
