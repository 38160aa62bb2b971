import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { UploadError } from './errors.js';
import type { Bytes, Source } from './source.js';

export * from './index.js';

const piece = 256 * 1024;

const readAt = async (file: FileHandle, start: number, end: number): Promise<Bytes> => {
  const target = new Uint8Array(Math.max(0, end - start));
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await file.read(target, filled, target.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return target.subarray(0, filled);
};

/**
 * The file at `path`, read as it is sent and never held whole. Rejects with the system's own error where it cannot be
 * opened; an upload of it is refused (`changed`) where the file changes under it.
 */
export const fromPath = async (path: string): Promise<Source> => {
  const file = await open(path, 'r');
  const opened = await file.stat();
  if (!opened.isFile()) {
    await file.close();
    throw new UploadError('refused', `${path} is not a file.`);
  }
  const { size, mtimeMs } = opened;

  const changed = (): UploadError => new UploadError('changed', `${path} has changed since the upload began.`);
  const read = async (start: number, end: number): Promise<Bytes> => {
    const bytes = await readAt(file, start, Math.min(end, size));
    if (bytes.length < Math.min(end, size) - start) throw changed();
    return bytes;
  };

  return {
    name: basename(path),
    type: null,
    lastModified: Math.trunc(mtimeMs),
    size,
    bytes: read,
    body: (start, end) => {
      let at = start;
      return new ReadableStream<Bytes>(
        {
          pull: async (out) => {
            if (at < end) out.enqueue(await read(at, Math.min(at + piece, end)));
            at += piece;
            if (at >= end) out.close();
          },
        },
        { highWaterMark: 1 },
      );
    },
    release: () => undefined,
    unchanged: async () => {
      const now = await file.stat();
      if (now.size !== size || now.mtimeMs !== mtimeMs) throw changed();
    },
    sha1: async () => {
      const hash = createHash('sha1');
      for (let at = 0; at < size; at += piece) hash.update(await read(at, Math.min(at + piece, size)));
      return hash.digest('hex');
    },
    close: () => file.close(),
  };
};
