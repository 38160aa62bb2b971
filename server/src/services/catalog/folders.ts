import type { FactReader, Facts } from '../../engine/ports.js';
import { Refusal } from '../../engine/refusals.js';
import type { Clock } from '../../kit/clock.js';
import type { Catalog, Folder, NewFolder } from './catalog.js';
import { nameKey, needName } from './names.js';
import { fileNameShelf, folderNameShelf, folderShelf, idKey, needFolder, nextId } from './records.js';

/** The parent of all roots. */
const top = 0;
/** How many folders may lie in each other. */
const deepest = 100;

/** The key that names children of a folder; the roots' parent is no folder, but has children. */
const parentKey = (id: number): string => (id === top ? 'roots' : idKey(id));

const find = async (facts: FactReader, parent: number, name: string): Promise<Folder | undefined> => {
  const key = nameKey(name);
  if (key === null) return undefined;
  const id = await folderNameShelf.get(facts, `${parentKey(parent)}/${key}`);
  return id === undefined ? undefined : folderShelf.get(facts, idKey(id));
};

/** The key that finds a folder by its name. */
const folderKey = ({ parent, name }: Folder): string => `${parentKey(parent)}/${nameKey(name)}`;

const put = (facts: Facts, folder: Folder): void => {
  folderShelf.put(facts, idKey(folder.id), folder);
  folderNameShelf.put(facts, folderKey(folder), folder.id);
};

const list = async (facts: FactReader, parent: number): Promise<Folder[]> => {
  const entries = await folderNameShelf.list(facts, { within: `${parentKey(parent)}/` });
  const found: Folder[] = [];
  for (const { value } of entries) found.push(await needFolder(facts, value));
  return found;
};

/** A folder and those it lies in, up to and without the root. */
const chain = async (facts: FactReader, id: number): Promise<Folder[]> => {
  const found: Folder[] = [];
  for (let at = await needFolder(facts, id); at.parent !== top; at = await needFolder(facts, at.parent)) found.push(at);
  return found;
};

/** How deep folders lie below this one. */
const heightOf = async (facts: FactReader, id: number): Promise<number> => {
  let height = 0;
  for (const folder of await list(facts, id)) height = Math.max(height, 1 + (await heightOf(facts, folder.id)));
  return height;
};

const needDepth = (depth: number): void => {
  if (depth > deepest) throw new Refusal('malformed', { reason: `Folders lie in each other at most ${deepest} deep.` });
};

const needFree = async (facts: FactReader, parent: number, name: string): Promise<void> => {
  if (await find(facts, parent, name)) throw new Refusal('name-taken', { name });
};

/** Refuses to move a folder to where it would lie in itself, or too deep. */
const judgeMove = async (facts: FactReader, id: number, parent: number): Promise<void> => {
  const above = await chain(facts, parent);
  if (above.some((each) => each.id === id))
    throw new Refusal('malformed', { reason: 'A folder cannot lie in itself.' });
  needDepth(above.length + 1 + (await heightOf(facts, id)));
};

/** The catalog's verbs about folders. */
export type FolderVerbs = Pick<
  Catalog,
  | 'root'
  | 'ensureFolder'
  | 'addFolder'
  | 'amendFolder'
  | 'findRoot'
  | 'findFolder'
  | 'folder'
  | 'pathOf'
  | 'folders'
  | 'removeFolder'
>;

/** Makes the catalog's verbs about folders. */
export const foldersOf = (clock: Clock): FolderVerbs => {
  const add = async (facts: Facts, { parent, name, metadata }: NewFolder): Promise<Folder> => {
    const known = metadata === undefined ? {} : { metadata };
    const folder = { id: await nextId(facts), parent, name, createdAt: clock.now(), ...known };
    put(facts, folder);
    return folder;
  };

  const ensure = async (facts: Facts, parent: number, name: string): Promise<Folder> => {
    needName(name);
    return (await find(facts, parent, name)) ?? (await add(facts, { parent, name }));
  };

  const pathOf = async (facts: FactReader, id: number): Promise<string[]> =>
    (await chain(facts, id)).map(({ name }) => name).reverse();

  return {
    pathOf,
    root: (facts, name) => ensure(facts, top, name),
    findRoot: (facts, name) => find(facts, top, name),
    folder: needFolder,
    ensureFolder: async (facts, from, names) => {
      let at = await needFolder(facts, from);
      needDepth((await chain(facts, from)).length + names.length);
      for (const name of names) at = await ensure(facts, at.id, name);
      return at;
    },
    addFolder: async (facts, folder) => {
      needName(folder.name);
      needDepth((await chain(facts, folder.parent)).length + 1);
      await needFree(facts, folder.parent, folder.name);
      return add(facts, folder);
    },
    amendFolder: async (facts, id, change) => {
      const old = await needFolder(facts, id);
      const folder: Folder = { ...old, ...change };
      if (old.parent === top) throw new Refusal('malformed', { reason: 'A root stays as it is.' });
      needName(folder.name);
      if (folder.parent !== old.parent) await judgeMove(facts, id, folder.parent);
      if (folderKey(folder) !== folderKey(old)) await needFree(facts, folder.parent, folder.name);
      folderNameShelf.delete(facts, folderKey(old));
      put(facts, folder);
      return folder;
    },
    findFolder: async (facts, from, names) => {
      let at = await folderShelf.get(facts, idKey(from));
      for (const name of names) at = at && (await find(facts, at.id, name));
      return at;
    },
    folders: list,
    removeFolder: async (facts, id) => {
      const folder = await needFolder(facts, id);
      const inside = { within: `${idKey(id)}/`, limit: 1 };
      const folders = await folderNameShelf.list(facts, inside);
      const files = await fileNameShelf.list(facts, inside);
      if (folders.length + files.length > 0) throw new Refusal('malformed', { reason: 'The folder is not empty.' });
      folderShelf.delete(facts, idKey(id));
      folderNameShelf.delete(facts, folderKey(folder));
    },
  };
};
