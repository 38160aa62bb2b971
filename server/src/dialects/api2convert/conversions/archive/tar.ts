import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { type ArchiveEntry, archived } from './entry.js';

/** The same files always make the same archive. */
const beginning = new Date(0);

/** A tar archive of these files, as a stream: each is read once, when its turn comes. Files of one name get different ones. */
export async function* tarOf(entries: readonly ArchiveEntry[]): AsyncGenerator<Uint8Array, void, undefined> {
  const tar = pack();
  const fill = async (): Promise<void> => {
    for (const { name, size, read } of archived(entries))
      await pipeline(
        Readable.from(read(), { objectMode: false }),
        tar.entry({ name, size, mode: 0o644, mtime: beginning }),
      );
    tar.finalize();
  };
  fill().catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  yield* tar as AsyncIterable<Uint8Array>;
}
