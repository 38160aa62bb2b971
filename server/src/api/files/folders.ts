import type { FactReader } from '../../engine/ports.js';
import { Refusal } from '../../engine/refusals.js';
import type { Catalog } from '../../services/catalog/catalog.js';
import type { Folder } from '../shapes/index.js';
import { toFile } from './shape.js';

type FolderName = Folder['folders'][number];

/** The folders from the root down to this one, and itself; none for 0. Refuses `no-such-file`. */
export const pathTo = async (catalog: Catalog, facts: FactReader, id: number): Promise<FolderName[]> => {
  const path: FolderName[] = [];
  for (let at = id; at !== 0; ) {
    const { name, parent } = await catalog.folder(facts, at);
    path.unshift({ id: at, name });
    at = parent;
  }
  return path;
};

/** What is in a folder: folders, on the first page, and files by name. Refuses `no-such-file`. */
export const listFolder = async (
  catalog: Catalog,
  facts: FactReader,
  { id, after, limit }: { id: string; after: string | undefined; limit: number },
): Promise<Folder> => {
  if (!/^\d{1,15}$/.test(id)) throw new Refusal('no-such-file', { id });
  const folder = Number(id);
  const path = await pathTo(catalog, facts, folder);
  const folders = after === undefined ? await catalog.folders(facts, folder) : [];
  const files = await catalog.files(facts, folder, { limit, ...(after !== undefined && { after }) });
  return {
    id: folder,
    path,
    folders: folders.map(({ id, name }) => ({ id, name })),
    files: files.map(toFile),
    next: files.length < limit ? null : (files.at(-1)?.name ?? null),
  };
};
