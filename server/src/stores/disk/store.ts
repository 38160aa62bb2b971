import { closeSync, ftruncate, openSync, renameSync } from 'node:fs';
import { opendir, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isName, type Name, type Place, type Store } from '../../engine/ports.js';
import { Refusal } from '../../engine/refusals.js';
import { bytesOption, numberOption, type OptionValues, textOption } from '../../kit/options.js';
import { lengthOf, readRange, writeAll } from './bytes.js';
import { openFolder } from './folder.js';
import { openHandles } from './handles.js';

export const diskStoreOptions = {
  dir: textOption({
    help: 'The folder that the bytes rest in; seen from the data folder.',
    default: 'store',
    placeholder: 'DIR',
  }),
  minFreeBytes: bytesOption({ help: 'Bytes of the disk that uploads leave free.', default: 256 * 2 ** 20 }),
  openFiles: numberOption({ help: 'How many files are kept open for the next chunk.', default: 256, min: 1 }),
};

const truncate = promisify(ftruncate);

/** How long, in ms, an answer of the file system about its room is good for … */
const roomAge = 1000;
/** … where it has at least this many bytes. */
const plenty = 2 ** 30;

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** `task`, or `instead` where the file is not there. */
const unlessMissing = async <T, U>(task: Promise<T>, instead: () => U): Promise<T | Awaited<U>> => {
  try {
    return await task;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return await instead();
  }
};

/**
 * A store on a local disk: `parts/NAME` and `objects/NAME` in one folder, one file each. Syncs are shared: those of one
 * part by all who wait for it, those of a folder's names by all parts. Several processes may use one folder. A part
 * whose sync failed stays unsyncable, for nobody can tell which of its bytes reached the disk; remove it.
 */
export const openDiskStore = async ({
  dir,
  minFreeBytes,
  openFiles,
}: OptionValues<typeof diskStoreOptions>): Promise<Store> => {
  const folders = { part: await openFolder(join(dir, 'parts')), object: await openFolder(join(dir, 'objects')) };

  const pathOf = ({ kind, name }: Place): string => {
    if (!isName(name)) throw new Error(`not a name for a store: ${JSON.stringify(name)}`);
    return join(folders[kind].path, name);
  };
  const partPath = (name: Name) => pathOf({ kind: 'part', name });
  const objectPath = (name: Name) => pathOf({ kind: 'object', name });
  const parts = openHandles(openFiles, partPath);

  const sizeOf = async (path: string) => (await unlessMissing(stat(path), () => null))?.size ?? null;

  let known: { readonly at: number; readonly free: number } | undefined;
  const room = async (): Promise<number> => {
    if (known && known.free >= plenty && performance.now() - known.at < roomAge) return known.free;
    const { bavail, bsize } = await statfs(dir);
    known = { at: performance.now(), free: Math.max(0, bavail * bsize - minFreeBytes) };
    return known.free;
  };

  /** How many bytes may be written before the file system is asked about its room again. */
  let allowed = 0;
  let asked = 0;

  /** Sees to it that writes leave the reserve free, which the ledger may need. Refuses `no-room`. */
  const claim = async (bytes: number): Promise<void> => {
    if (bytes > allowed || performance.now() - asked > roomAge) {
      const free = await room();
      if (bytes > free) throw new Refusal('no-room', { needed: bytes, free });
      asked = performance.now();
      // Others write to this disk, too: where there is little room, it is looked at often.
      allowed = Math.max(bytes, Math.floor(free / 8));
    }
    allowed -= bytes;
  };

  /** `task`; that the disk is full becomes the refusal that it is. */
  const withRoom = async <T>(needed: number | null, task: Promise<T>): Promise<T> => {
    try {
      return await task;
    } catch (error) {
      // A sync that failed is told with its cause.
      const code = codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined);
      if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(code))) throw error;
      throw new Refusal('no-room', { needed, free: await room() });
    }
  };

  const publish = (part: Name, object: Name, size: number): Promise<void> =>
    parts.use(part, 'find', async ({ fd, flush }) => {
      const length = lengthOf(fd);
      if (length < size) throw new Error(`part ${part} has ${length} bytes, not ${size}`);
      if (length > size) await truncate(fd, size);
      await flush();
      renameSync(partPath(part), objectPath(object));
      parts.drop(part);
    });

  return {
    name: 'disk',
    room,
    write: async (part, position, buffers) => {
      const length = buffers.reduce((sum, each) => sum + each.length, 0);
      await claim(length);
      const written = parts.use(part, 'make', async (open) => {
        try {
          await writeAll(open.fd, position, buffers);
        } finally {
          open.touch();
        }
      });
      await withRoom(length, written);
    },
    sync: (part) =>
      withRoom(
        null,
        parts.use(part, 'find', async (open) => {
          const naming = open.named ? undefined : folders.part.sync();
          await Promise.all([open.flush(), naming]);
          open.named = true;
        }),
      ),
    read: async function* (place, { start, end }) {
      const fd = openSync(pathOf(place), 'r');
      try {
        yield* readRange(fd, start, end);
      } finally {
        closeSync(fd);
      }
    },
    size: async (place) => sizeOf(pathOf(place)),
    publish: async (part, object, size) => {
      const path = objectPath(object);
      await withRoom(
        null,
        unlessMissing(publish(part, object, size), async () => {
          const length = await sizeOf(path);
          if (length !== size)
            throw new Error(`no part ${part}, and object ${object} has ${length} bytes, not ${size}`);
        }),
      );
      // The old name need not be durably gone: at worst it stands for the same bytes after a loss of power.
      await folders.object.sync();
    },
    withdraw: async (object, part) => {
      const path = partPath(part);
      await unlessMissing(
        (async () => {
          renameSync(objectPath(object), path);
          parts.drop(part);
        })(),
        async () => {
          if ((await sizeOf(path)) === null) throw new Error(`no object ${object} to make part ${part} of`);
        },
      );
      await folders.part.sync();
    },
    remove: async (place) => {
      await unlessMissing(unlink(pathOf(place)), () => undefined);
      if (place.kind === 'part') parts.drop(place.name);
    },
    list: async function* () {
      for (const kind of ['part', 'object'] as const) {
        for await (const { name } of await opendir(folders[kind].path)) {
          // What somebody else put here is not ours to list.
          if (!isName(name)) continue;
          const found = await unlessMissing(stat(pathOf({ kind, name })), () => null);
          if (found) yield { kind, name, size: found.size, modifiedAt: Math.floor(found.mtimeMs) };
        }
      }
    },
    close: async () => {
      await parts.close();
      await Promise.all([folders.part.close(), folders.object.close()]);
    },
  };
};
