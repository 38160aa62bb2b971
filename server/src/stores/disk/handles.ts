import { closeSync, constants, fdatasync, fstatSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Name } from '../../engine/ports.js';
import { rounds } from '../../kit/rounds.js';

const syncData = promisify(fdatasync);

// To open, to look at and to close a file of a local disk is work in memory. Handing that to another thread takes longer
// than doing it, several times over; only what moves bytes to or from the disk is worth it.

/** Has the file still a name? */
const isLinked = (fd: number): boolean => fstatSync(fd).nlink > 0;

/** A part that is open, for as long as it is in use. */
export interface OpenPart {
  /** The file's descriptor. */
  readonly fd: number;
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
  dirty: boolean;
  dropped: boolean;
  /** When it was last used, in ms of this process. */
  usedAt: number;
}

/** How long, in ms, a file stays open unused: one that another process removed gives its room back only then. */
const idleMs = 30_000;

/** Keeps up to `limit` files open while nobody uses them; `pathOf` says where a part is. */
export const openHandles = (limit: number, pathOf: (part: Name) => string): Handles => {
  const entries = new Map<Name, Entry>();
  /** Those of them that nobody uses, the longest unused first. */
  const spare = new Map<Name, Entry>();
  const closing = new Map<Name, Promise<void>>();
  /** Syncs that failed. The system may have dropped the bytes, and would call the next sync a success. */
  const failed = new Map<Name, Error>();

  const begin = (part: Name, how: 'make' | 'find'): Entry => {
    const flags = constants.O_RDWR | (how === 'make' ? constants.O_CREAT : 0);
    const openPart = async (): Promise<OpenPart> => {
      // A last sync of the same file may be running, and its failure would be told there alone.
      await closing.get(part);
      const fd = openSync(pathOf(part), flags, 0o600);
      const flush = rounds(async () => {
        const known = failed.get(part);
        if (known) throw known;
        entry.dirty = false;
        try {
          await syncData(fd);
        } catch (cause) {
          const failure = new Error(`part ${part} could not be synced to disk`, { cause });
          if (!entry.dropped) failed.set(part, failure);
          throw failure;
        }
      });
      const touch = () => {
        entry.dirty = true;
      };
      return { fd, named: false, touch, flush };
    };
    const entry: Entry = { opened: openPart(), users: 0, dirty: false, dropped: false, usedAt: 0 };
    entries.set(part, entry);
    return entry;
  };

  const close = (part: Name, entry: Entry) => {
    const forget = (from: Map<Name, unknown>, value: unknown) => {
      if (from.get(part) === value) from.delete(part);
    };
    forget(entries, entry);
    forget(spare, entry);
    const ended = (async () => {
      const { fd, flush } = await entry.opened;
      // Its failure is remembered, and told to whoever syncs the part next.
      if (entry.dirty && !entry.dropped) await flush().catch(() => undefined);
      closeSync(fd);
    })().finally(() => forget(closing, ended));
    closing.set(part, ended);
    ended.catch(() => undefined);
  };

  const closeSpare = () => {
    for (const [part, entry] of spare) {
      if (entries.size <= limit) return;
      close(part, entry);
    }
  };
  const closeIdle = setInterval(() => {
    for (const [part, entry] of spare) if (entry.usedAt < performance.now() - idleMs) close(part, entry);
  }, idleMs).unref();

  const drop = (part: Name) => {
    const entry = entries.get(part);
    if (!entry) return;
    entry.dropped = true;
    entries.delete(part);
    if (entry.users === 0) close(part, entry);
  };

  /** Finds or opens the file of a part and counts the caller in. */
  const acquire = async (part: Name, how: 'make' | 'find'): Promise<{ entry: Entry; open: OpenPart }> => {
    for (;;) {
      const known = entries.get(part);
      const entry = known ?? begin(part, how);
      entry.users += 1;
      spare.delete(part);
      if (!known) closeSpare();
      try {
        const opened = await entry.opened;
        if (!known || isLinked(opened.fd)) return { entry, open: opened };
        // Another process has removed the file; what is written to it would be lost.
        if (entries.get(part) === entry) drop(part);
        release(part, entry);
      } catch (error) {
        if (entries.get(part) === entry) entries.delete(part);
        // Another's opening failed; it may have wanted less than we do.
        if (!known) throw error;
      }
    }
  };

  const release = (part: Name, entry: Entry) => {
    entry.users -= 1;
    if (entry.users > 0) return;
    if (entry.dropped) {
      close(part, entry);
      return;
    }
    entry.usedAt = performance.now();
    spare.set(part, entry);
    closeSpare();
  };

  return {
    use: async (part, how, work) => {
      const { entry, open } = await acquire(part, how);
      try {
        return await work(open);
      } finally {
        release(part, entry);
      }
    },
    drop: (part) => {
      failed.delete(part);
      drop(part);
    },
    close: async () => {
      clearInterval(closeIdle);
      for (const [part, entry] of entries) close(part, entry);
      await Promise.allSettled(closing.values());
    },
  };
};
