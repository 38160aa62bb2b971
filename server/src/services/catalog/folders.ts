import type { FactReader, Facts } from '../../engine/ports.js';
import { Refusal } from '../../engine/refusals.js';
import type { Clock } from '../../kit/clock.js';
import type { Catalog, Folder } from './catalog.js';
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

/** The catalog's verbs about folders. */
export const foldersOf = (
  clock: Clock,
): Pick<
  Catalog,
  'root' | 'ensureFolder' | 'findRoot' | 'findFolder' | 'folder' | 'pathOf' | 'folders' | 'removeFolder'
> => {
  const ensure = async (facts: Facts, parent: number, name: string): Promise<Folder> => {
    needName(name);
    const found = await find(facts, parent, name);
    if (found) return found;
    const folder = { id: await nextId(facts), parent, name, createdAt: clock.now() };
    folderShelf.put(facts, idKey(folder.id), folder);
    folderNameShelf.put(facts, `${parentKey(parent)}/${nameKey(name)}`, folder.id);
    return folder;
  };

  const pathOf = async (facts: FactReader, id: number): Promise<string[]> => {
    const names: string[] = [];
    for (let at = await needFolder(facts, id); at.parent !== top; at = await needFolder(facts, at.parent))
      names.unshift(at.name);
    return names;
  };

  return {
    pathOf,
    root: (facts, name) => ensure(facts, top, name),
    findRoot: (facts, name) => find(facts, top, name),
    folder: needFolder,
    ensureFolder: async (facts, from, names) => {
      let at = await needFolder(facts, from);
      if ((await pathOf(facts, from)).length + names.length > deepest)
        throw new Refusal('malformed', { reason: `Folders lie in each other at most ${deepest} deep.` });
      for (const name of names) at = await ensure(facts, at.id, name);
      return at;
    },
    findFolder: async (facts, from, names) => {
      let at = await folderShelf.get(facts, idKey(from));
      for (const name of names) at = at && (await find(facts, at.id, name));
      return at;
    },
    folders: async (facts, parent) => {
      const entries = await folderNameShelf.list(facts, { within: `${parentKey(parent)}/` });
      const found: Folder[] = [];
      for (const { value } of entries) found.push(await needFolder(facts, value));
      return found;
    },
    removeFolder: async (facts, id) => {
      const folder = await needFolder(facts, id);
      const inside = { within: `${idKey(id)}/`, limit: 1 };
      const folders = await folderNameShelf.list(facts, inside);
      const files = await fileNameShelf.list(facts, inside);
      if (folders.length + files.length > 0) throw new Refusal('malformed', { reason: 'The folder is not empty.' });
      folderShelf.delete(facts, idKey(id));
      folderNameShelf.delete(facts, `${parentKey(folder.parent)}/${nameKey(folder.name)}`);
    },
  };
};
