import { constants, type promises } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Name } from '../../engine/ports.js';
import { rounds } from '../../kit/rounds.js';

type FileHandle = promises.FileHandle;

/** A part that is open, for as long as it is in use. */
export interface OpenPart {
  readonly handle: FileHandle;
  /** Is its name known to be durable? */
  named: boolean;
  /** Says that bytes were written which no sync has seen. */
  touch(): void;
  /** Syncs its bytes, sharing the sync with whoever else wants one. */
  flush(): Promise<void>;
}

/** Open files of parts: kept open for the next chunk, as many as allowed, the longest unused closed first. */
export interface Handles {
  /**
   * Lends out the open file of a part. It stays open until `work` has ended. `make` makes a file where there is none;
   * `find` throws ENOENT.
   */
  use<T>(part: Name, how: 'make' | 'find', work: (open: OpenPart) => Promise<T>): Promise<T>;
  /** Lets go of a part's file, as the name will stand for another one or none. */
  drop(part: Name): void;
  close(): Promise<void>;
}

interface Entry {
  readonly opened: Promise<OpenPart>;
  users: number;
  /** Unused since the last look: closed at the next, so that a file which another process removed gives its room back. */
  idle: boolean;
  dirty: boolean;
  dropped: boolean;
}

const idleMs = 30_000;

/** Keeps up to `limit` files open that nobody uses; `pathOf` says where a part is. */
export const openHandles = (limit: number, pathOf: (part: Name) => string): Handles => {
  // In the order of use, the longest unused first.
  const entries = new Map<Name, Entry>();
  const closing = new Map<Name, Promise<void>>();
  /** Syncs that failed. The system may have dropped the bytes, and would call the next sync a success. */
  const failed = new Map<Name, Error>();

  const begin = (part: Name, how: 'make' | 'find'): Entry => {
    const make = how === 'make' ? constants.O_CREAT : 0;
    const openPart = async (): Promise<OpenPart> => {
      // A last sync of the same file may be running, and only there its failure would be told.
      await closing.get(part);
      const handle = await open(pathOf(part), constants.O_RDWR | make, 0o600);
      const sync = rounds(async () => {
        entry.dirty = false;
        await handle.datasync().catch((cause) => {
          if (!entry.dropped) failed.set(part, new Error(`part ${part} could not be synced to disk`, { cause }));
        });
        const failure = failed.get(part);
        if (failure) throw failure;
      });
      return {
        handle,
        named: false,
        touch: () => {
          entry.dirty = true;
        },
        flush: sync,
      };
    };
    const entry: Entry = { opened: openPart(), users: 0, idle: false, dirty: false, dropped: false };
    return entry;
  };

  const end = (part: Name, entry: Entry) => {
    const ended = (async () => {
      const { handle, flush } = await entry.opened;
      // Its failure is remembered, and told to whoever syncs the part next.
      if (entry.dirty && !entry.dropped) await flush().catch(() => undefined);
      await handle.close();
    })().finally(() => {
      if (closing.get(part) === ended) closing.delete(part);
    });
    closing.set(part, ended);
    ended.catch(() => undefined);
  };

  const close = (part: Name, entry: Entry) => {
    entries.delete(part);
    end(part, entry);
  };

  const closeSpare = () => {
    for (const [part, entry] of entries) {
      if (entries.size <= limit) return;
      if (entry.users === 0) close(part, entry);
    }
  };
  const look = setInterval(() => {
    for (const [part, entry] of entries) {
      if (entry.users > 0) continue;
      if (entry.idle) close(part, entry);
      entry.idle = true;
    }
  }, idleMs).unref();

  /** Finds or opens the file of a part and counts the caller in. */
  const acquire = async (part: Name, how: 'make' | 'find'): Promise<{ entry: Entry; open: OpenPart }> => {
    for (;;) {
      const known = entries.get(part);
      const entry = known ?? begin(part, how);
      entry.users += 1;
      entry.idle = false;
      entries.delete(part);
      entries.set(part, entry);
      if (!known) closeSpare();
      try {
        return { entry, open: await entry.opened };
      } catch (error) {
        entry.users -= 1;
        if (entries.get(part) === entry) entries.delete(part);
        // Another's opening failed; it may have wanted less than we do.
        if (!known) throw error;
      }
    }
  };

  return {
    use: async (part, how, work) => {
      const { entry, open } = await acquire(part, how);
      try {
        return await work(open);
      } finally {
        entry.users -= 1;
        if (entry.users === 0 && entry.dropped) end(part, entry);
        else closeSpare();
      }
    },
    drop: (part) => {
      failed.delete(part);
      const entry = entries.get(part);
      if (!entry) return;
      entry.dropped = true;
      entries.delete(part);
      if (entry.users === 0) end(part, entry);
    },
    close: async () => {
      clearInterval(look);
      for (const [part, entry] of entries) close(part, entry);
      await Promise.allSettled(closing.values());
    },
  };
};
