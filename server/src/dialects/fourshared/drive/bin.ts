import type { FactReader, Facts } from '../../../engine/ports.js';
import type { File, Folder } from '../../../services/catalog/catalog.js';
import { numbered } from '../../../services/catalog/names.js';
import { factsOfFile, factsOfFolder, metadataOf } from './facts.js';
import type { FileVerbs } from './files.js';
import { type FolderVerbs, needBelowRoot } from './folders.js';
import { note } from './history.js';
import type { DriveParts } from './parts.js';
import type { Home, Place } from './places.js';

/** Items that one step of emptying takes away. */
const batch = 100;

/**
 * What is done with the recycle bin, and by deleting. Ids are the catalog's; what is not of the account's drive, or where it should
 * go already, is left alone. Lists of objects are those that nobody refers to any more.
 */
export interface BinVerbs {
  removeFile(facts: Facts, home: Home, id: number): Promise<void>;
  /** Refuses `malformed` for the root. */
  removeFolder(facts: Facts, home: Home, id: number): Promise<void>;
  /** Deletes for good, whether it lies in the bin or not. */
  deleteFile(facts: Facts, home: Home, id: number): Promise<string[]>;
  /** Refuses `malformed` for the root. */
  deleteFolder(facts: Facts, home: Home, id: number): Promise<string[]>;
  /** Puts a file or a folder back where it was, or into the root where that is gone. */
  restore(facts: Facts, home: Home, id: number): Promise<void>;
  /** What was removed: not what lies in removed folders. */
  removed(facts: FactReader, home: Home): Promise<{ folders: Folder[]; files: File[] }>;
  /** Deletes some of what is in the bin for good, and says how many items; 0: it is empty. */
  emptySome(facts: Facts, home: Home): Promise<{ items: number; unused: string[] }>;
}

/** Makes the verbs about the bin. */
export const openBin = (parts: DriveParts, files: FileVerbs, folders: FolderVerbs): BinVerbs => {
  const { catalog, places, clock } = parts;
  const parentOf = (home: Home, { path }: Place): Pick<Place, 'path'> => ({ path: [home.drive, ...path.slice(1, -1)] });

  /** Where an item is put back. */
  const origin = async (facts: FactReader, home: Home, from: number): Promise<Place> => {
    const place = await places.findFolder(facts, home, from);
    return place && !place.removed ? place : places.folder(facts, home, home.drive);
  };

  const freeName = async (facts: FactReader, parent: number, name: string): Promise<string> => {
    let free = name;
    for (let number = 2; await catalog.findFolder(facts, parent, [free]); number += 1) free = numbered(name, number);
    return free;
  };

  const restoreFile = async (facts: Facts, home: Home, file: File): Promise<void> => {
    const known = factsOfFile(file);
    const to = await origin(facts, home, known.removed?.from ?? file.folder);
    const metadata = metadataOf({ ...known, removed: null });
    await catalog.amendFile(facts, file.id, { folder: to.folder.id, metadata, onTaken: 'twin' });
    await note(facts, home, to, { what: 'restored', at: clock.now(), file: file.id });
  };

  const restoreFolder = async (facts: Facts, home: Home, folder: Folder): Promise<void> => {
    const known = factsOfFolder(folder);
    const to = await origin(facts, home, known.removed?.from ?? folder.parent);
    const name = await freeName(facts, to.folder.id, known.removed?.name ?? folder.name);
    const metadata = metadataOf({ ...known, removed: null });
    await catalog.amendFolder(facts, folder.id, { parent: to.folder.id, name, metadata });
    await note(facts, home, to, { what: 'restored', at: clock.now(), dir: folder.id });
  };

  return {
    removeFile: async (facts, home, id) => {
      const found = await places.findFile(facts, home, id);
      if (!found || found.place.removed) return;
      const { file, place } = found;
      const metadata = metadataOf({ ...factsOfFile(file), removed: { from: file.folder, name: file.name } });
      await catalog.amendFile(facts, id, { folder: home.bin, metadata, onTaken: 'twin' });
      await note(facts, home, place, { what: 'removed', at: clock.now(), file: id });
    },
    removeFolder: async (facts, home, id) => {
      const place = await places.findFolder(facts, home, id);
      if (!place || place.removed) return;
      needBelowRoot(home, id);
      const { folder } = place;
      const metadata = metadataOf({ ...factsOfFolder(folder), removed: { from: folder.parent, name: folder.name } });
      await catalog.amendFolder(facts, id, { parent: home.bin, name: String(id), metadata });
      await note(facts, home, parentOf(home, place), { what: 'removed', at: clock.now(), dir: id });
    },
    deleteFile: async (facts, home, id) => {
      const found = await places.findFile(facts, home, id);
      if (!found) return [];
      if (!found.place.removed) await note(facts, home, found.place, { what: 'deleted', at: clock.now(), file: id });
      return files.eraseFile(facts, home, found.file);
    },
    deleteFolder: async (facts, home, id) => {
      const place = await places.findFolder(facts, home, id);
      if (!place) return [];
      needBelowRoot(home, id);
      if (!place.removed) await note(facts, home, parentOf(home, place), { what: 'deleted', at: clock.now(), dir: id });
      return folders.eraseFolder(facts, home, id);
    },
    restore: async (facts, home, id) => {
      const found = await places.findFile(facts, home, id);
      if (found?.place.removed) await restoreFile(facts, home, found.file);
      const place = await places.findFolder(facts, home, id);
      if (place?.removed) await restoreFolder(facts, home, place.folder);
    },
    removed: async (facts, home) => {
      const found: File[] = [];
      for await (const file of folders.filesIn(facts, home.bin)) found.push(file);
      return { folders: await catalog.folders(facts, home.bin), files: found };
    },
    emptySome: async (facts, home) => {
      const unused: string[] = [];
      const some = await catalog.files(facts, home.bin, { limit: batch });
      for (const file of some) unused.push(...(await files.eraseFile(facts, home, file)));
      if (some.length > 0) return { items: some.length, unused };
      const [folder] = await catalog.folders(facts, home.bin);
      if (folder) unused.push(...(await folders.eraseFolder(facts, home, folder.id)));
      return { items: folder ? 1 : 0, unused };
    },
  };
};
