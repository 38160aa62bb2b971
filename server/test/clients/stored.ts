import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** SHA-1 of bytes, as lower-case hex. */
export const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

async function sha1OfFile(path: string): Promise<string> {
  const hash = createHash('sha1');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * How many files below a data folder hold exactly these bytes, read from the disk itself. Asked of a server that has no
 * way of its own to hand a file back.
 */
export async function countStored(dataDir: string, bytes: Uint8Array): Promise<number> {
  const wanted = sha1(bytes);
  let count = 0;
  for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await stat(path)).size === bytes.length && (await sha1OfFile(path)) === wanted) count += 1;
  }
  return count;
}
