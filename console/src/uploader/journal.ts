import type { Root } from './handles.js';
import type { Kept } from './item.js';

/** What the uploader keeps over reloads and crashes: uploads that are not over, what leads to their files, and copies of small ones. */
export interface Journal {
  /** Whether anything is kept at all: private windows and old browsers may refuse. */
  readonly lasting: boolean;
  /** Keeps an upload as it is now; null: it is over. */
  keep(id: string, kept: Kept | null): void;
  keepRoot(root: Root): void;
  /** Keeps a copy of a file; says whether there was room. */
  copy(id: string, file: File): Promise<boolean>;
  copyOf(id: string): Promise<File | undefined>;
  /** Hands the uploads of `account` that `from` looked after over to `to`, and gives them back with their roots. */
  adopt(account: string, from: string, to: string): Promise<{ uploads: Kept[]; roots: Root[] }>;
  /** The tabs that look after uploads of `account`. */
  tabs(account: string): Promise<string[]>;
  /** Resolves when all that was said before is kept. */
  settled(): Promise<void>;
}

const stores = ['uploads', 'roots', 'copies'] as const;

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const over = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });

const openDatabase = (): Promise<IDBDatabase> => {
  const request = indexedDB.open('longshore-uploader', 1);
  request.onupgradeneeded = () => {
    for (const name of stores) request.result.createObjectStore(name);
  };
  return done(request);
};

/** Ms for which an upload is kept that nobody comes back to. */
const lifetime = 30 * 24 * 3_600_000;

/** Forgets uploads that nobody came back to, and roots and copies that no upload needs any more. Gives back the uploads that are left. */
const tidy = async (transaction: IDBTransaction): Promise<Kept[]> => {
  const store = transaction.objectStore('uploads');
  const all = await done<Kept[]>(store.getAll());
  // Orders are moments, more or less.
  const isOld = ({ order }: Kept): boolean => order < Date.now() - lifetime;
  for (const { id } of all.filter(isOld)) store.delete(id);
  const uploads = all.filter((kept) => !isOld(kept));
  const needed = {
    roots: new Set<IDBValidKey>(uploads.flatMap(({ root }) => root ?? [])),
    copies: new Set<IDBValidKey>(uploads.flatMap(({ id, copied }) => (copied ? id : []))),
  };
  for (const name of ['roots', 'copies'] as const) {
    const store = transaction.objectStore(name);
    for (const key of await done(store.getAllKeys())) if (!needed[name].has(key)) store.delete(key);
  }
  return uploads;
};

const openKept = (database: IDBDatabase): Journal => {
  const changes = new Map<string, Kept | null>();
  const roots = new Map<string, Root>();
  let writing: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    while (changes.size > 0 || roots.size > 0) {
      const now = { roots: [...roots], changes: [...changes] };
      roots.clear();
      changes.clear();
      try {
        const transaction = database.transaction(stores, 'readwrite');
        for (const [id, { handle }] of now.roots) transaction.objectStore('roots').put(handle, id);
        for (const [id, kept] of now.changes) {
          if (kept !== null) transaction.objectStore('uploads').put(kept, id);
          else for (const name of ['uploads', 'copies']) transaction.objectStore(name).delete(id);
        }
        await over(transaction);
      } catch {
        // A full disk, or data of sites that somebody deletes, cost the chance to go on after a reload, not the upload.
      }
    }
    writing = undefined;
  };
  /** Many changes while one is being written are one more write. */
  const begin = (): void => {
    writing ??= Promise.resolve().then(write);
  };
  const settled = async (): Promise<void> => {
    while (writing !== undefined) await writing;
  };

  return {
    lasting: true,
    settled,
    keep: (id, kept) => {
      changes.set(id, kept);
      begin();
    },
    keepRoot: (root) => {
      roots.set(root.id, root);
      begin();
    },
    copy: async (id, file) => {
      const transaction = database.transaction('copies', 'readwrite');
      transaction.objectStore('copies').put(file, id);
      return over(transaction).then(
        () => true,
        () => false,
      );
    },
    copyOf: (id) => done<File | undefined>(database.transaction('copies').objectStore('copies').get(id)),
    adopt: async (account, from, to) => {
      const transaction = database.transaction(stores, 'readwrite');
      const ended = over(transaction);
      const uploads = (await tidy(transaction))
        .filter((kept) => kept.account === account && kept.tab === from)
        .map((kept) => ({ ...kept, tab: to }));
      const found = new Map<string, Root>();
      for (const kept of uploads) {
        transaction.objectStore('uploads').put(kept, kept.id);
        if (kept.root === null || found.has(kept.root)) continue;
        const handle = await done<FileSystemHandle | undefined>(transaction.objectStore('roots').get(kept.root));
        if (handle !== undefined) found.set(kept.root, { id: kept.root, handle });
      }
      await ended;
      return { uploads: uploads.sort((a, b) => a.order - b.order), roots: [...found.values()] };
    },
    tabs: async (account) => {
      const all = await done<Kept[]>(database.transaction('uploads').objectStore('uploads').getAll());
      return [...new Set(all.flatMap((kept) => (kept.account === account ? kept.tab : [])))];
    },
  };
};

/** Keeps nothing. */
const blank: Journal = {
  lasting: false,
  keep: () => undefined,
  keepRoot: () => undefined,
  copy: async () => false,
  copyOf: async () => undefined,
  adopt: async () => ({ uploads: [], roots: [] }),
  tabs: async () => [],
  settled: async () => undefined,
};

/** Opens the journal of this browser; one that keeps nothing where the browser refuses. */
export const openJournal = async (): Promise<Journal> => {
  try {
    const database = await openDatabase();
    await tidy(database.transaction(stores, 'readwrite')).catch(() => undefined);
    return openKept(database);
  } catch {
    return blank;
  }
};
