import type { Facts } from '../../../engine/ports.js';
import type { File, Folder } from '../../../services/catalog/catalog.js';
import { freeUnused } from '../../../services/catalog/unused.js';
import type { Host } from '../../dialect.js';
import { readFileName } from '../parameters.js';
import { findPage } from './pages.js';
import { ensurePath, findPath, isContent, isInLibrary, isLibraryFolder } from './places.js';
import { holdsUsed, isUsed, removeContent, removeFolder } from './removal.js';

/** What an id of the library names. */
type Entry = { readonly file: File } | { readonly folder: Folder };

const findEntry = async ({ catalog }: Host, facts: Facts, id: number): Promise<Entry | undefined> => {
  const file = await catalog.findFile(facts, id);
  if (isContent(file)) return { file };
  return !file && (await isLibraryFolder(catalog, facts, id)) ? { folder: await catalog.folder(facts, id) } : undefined;
};

const removeEntry = async (host: Host, facts: Facts, entry: Entry): Promise<string[] | undefined> => {
  if ('folder' in entry)
    return (await holdsUsed(host, facts, entry.folder)) ? undefined : removeFolder(host, facts, entry.folder);
  return (await isUsed(facts, entry.file.id)) ? undefined : removeContent(host, facts, entry.file.id);
};

/** What stops a change of several entries, all of which are changed or none. */
class NotAll extends Error {}

const allOrNone = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotAll) return undefined;
    throw error;
  }
};

/** Deletes contents, pages and folders with all that is in them; all of them, or, if one is not there or is an asset of a page, none. Says whether it did. */
export const deleteEntries = async (host: Host, ids: readonly number[]): Promise<boolean> => {
  const unused = await allOrNone(() =>
    host.ledger.transact(async (facts) => {
      const all: string[] = [];
      for (const id of new Set(ids)) {
        const entry = await findEntry(host, facts, id);
        const freed = entry && (await removeEntry(host, facts, entry));
        if (!freed) throw new NotAll();
        all.push(...freed);
      }
      return all;
    }),
  );
  if (unused) await freeUnused(host, unused);
  return unused !== undefined;
};

/** Deletes web pages, all of them, or, if one of the ids names none, none; their assets are orphans then. Says whether it did. */
export const deletePages = async (host: Host, ids: readonly number[]): Promise<boolean> => {
  const pages = await host.ledger.read((facts) => Promise.all(ids.map((id) => findPage(host.catalog, facts, id))));
  return pages.every((page) => page !== undefined) && deleteEntries(host, ids);
};

/** Moves contents and folders to a path, which is made as far as it is missing; all, or, if one is not there, none. Says whether it did. */
export const moveEntries = async (host: Host, ids: readonly number[], virtualPath: string): Promise<boolean> => {
  const { catalog, ledger } = host;
  const moved = await allOrNone(() =>
    ledger.transact(async (facts) => {
      const folder = await ensurePath(catalog, facts, virtualPath);
      for (const id of new Set(ids)) {
        const entry = await findEntry(host, facts, id);
        if (!entry || ('file' in entry && !isInLibrary(entry.file))) throw new NotAll();
        if ('file' in entry) await catalog.amendFile(facts, id, { folder, onTaken: 'twin' });
        else await catalog.amendFolder(facts, id, { parent: folder });
      }
      return true;
    }),
  );
  return moved === true;
};

/** Makes a folder in another one, which is made if it is missing. Refuses `malformed` and `name-taken`. */
export const createFolder = ({ catalog, ledger }: Host, name: string, virtualPath: string): Promise<Folder> =>
  ledger.transact(async (facts) => {
    readFileName(name);
    return catalog.addFolder(facts, { parent: await ensurePath(catalog, facts, virtualPath), name });
  });

/** The folders in a folder, by name; none where it is not there. */
export const foldersIn = ({ catalog, ledger }: Host, virtualPath: string): Promise<readonly Folder[]> =>
  ledger.read(async (facts) => {
    const folder = await findPath(catalog, facts, virtualPath);
    return folder ? catalog.folders(facts, folder.id) : [];
  });

/** Is a content an asset of a page? An unknown one is not. */
export const isContentUsed = ({ ledger }: Host, id: number): Promise<boolean> =>
  ledger.read((facts) => isUsed(facts, id));
