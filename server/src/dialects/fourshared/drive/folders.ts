import type { FactReader, Facts } from '../../../engine/ports.js';
import { Refusal } from '../../../engine/refusals.js';
import type { File, Folder } from '../../../services/catalog/catalog.js';
import { factsOfFolder, metadataOf } from './facts.js';
import type { FileVerbs } from './files.js';
import { note } from './history.js';
import type { DriveParts } from './parts.js';
import type { Home, Place } from './places.js';

/** Files that are read at once. */
const page = 500;

/** What is done with folders. Ids are the catalog's; one that is not of the account's drive is refused with `no-such-file`. */
export interface FolderVerbs {
  /** Refuses `malformed`, `name-taken`. */
  addFolder(facts: Facts, home: Home, parent: Place, name: string): Promise<Folder>;
  /** Refuses `malformed`, also for the root, and `name-taken`. */
  renameFolder(facts: Facts, home: Home, id: number, name: string): Promise<Folder>;
  describeFolder(facts: Facts, home: Home, id: number, description: string): Promise<void>;
  /** A copy of a folder, with everything in it, in another one. Refuses `name-taken`, and `malformed` where it would lie in itself. */
  copyFolder(facts: Facts, home: Home, from: Place, to: Place): Promise<Folder>;
  /** Takes a folder away for good, with everything in it; says which objects nobody refers to any more. */
  eraseFolder(facts: Facts, home: Home, id: number): Promise<string[]>;
  /** All files in a folder, by name, a page at a time. */
  filesIn(facts: FactReader, id: number): AsyncGenerator<File, void, undefined>;
}

/** Refuses `malformed` where the folder is the drive's root. */
export const needBelowRoot = (home: Home, id: number): void => {
  if (id === home.drive) throw new Refusal('malformed', { reason: 'The root folder stays as it is.' });
};

/** Makes the verbs about folders. */
export const openFolders = ({ catalog, places, clock }: DriveParts, files: FileVerbs): FolderVerbs => {
  async function* filesIn(facts: FactReader, id: number): AsyncGenerator<File, void, undefined> {
    for (let after = ''; ; ) {
      const found = await catalog.files(facts, id, { after, limit: page });
      yield* found;
      if (found.length < page) return;
      after = found.at(-1)?.name ?? '';
    }
  }

  const copyInto = async (facts: Facts, home: Home, from: Place, to: Place): Promise<Folder> => {
    const { name, id } = from.folder;
    const { description } = factsOfFolder(from.folder);
    const metadata = metadataOf({ removed: null, description });
    const made = await catalog.addFolder(facts, { parent: to.folder.id, name, metadata });
    const there: Place = { folder: made, path: [...to.path, made.id], removed: false };
    for await (const file of filesIn(facts, id)) await files.copyFile(facts, home, file, there, 'twin');
    for (const folder of await catalog.folders(facts, id))
      await copyInto(facts, home, { ...from, folder, path: [...from.path, folder.id] }, there);
    return made;
  };

  const eraseFolder = async (facts: Facts, home: Home, id: number): Promise<string[]> => {
    const unused: string[] = [];
    for (const { id: child } of await catalog.folders(facts, id))
      unused.push(...(await eraseFolder(facts, home, child)));
    for await (const file of filesIn(facts, id)) unused.push(...(await files.eraseFile(facts, home, file)));
    await catalog.removeFolder(facts, id);
    return unused;
  };

  return {
    filesIn,
    eraseFolder,
    addFolder: async (facts, home, parent, name) => {
      const folder = await catalog.addFolder(facts, { parent: parent.folder.id, name });
      await note(facts, home, parent, { what: 'added', at: clock.now(), dir: folder.id });
      return folder;
    },
    renameFolder: async (facts, home, id, name) => {
      const { path } = await places.liveFolder(facts, home, id);
      needBelowRoot(home, id);
      const folder = await catalog.amendFolder(facts, id, { name });
      await note(
        facts,
        home,
        { path: [home.drive, ...path.slice(1, -1)] },
        { what: 'renamed', at: clock.now(), dir: id },
      );
      return folder;
    },
    describeFolder: async (facts, home, id, description) => {
      const { folder } = await places.liveFolder(facts, home, id);
      needBelowRoot(home, id);
      await catalog.amendFolder(facts, id, { metadata: metadataOf({ ...factsOfFolder(folder), description }) });
    },
    copyFolder: async (facts, home, from, to) => {
      needBelowRoot(home, from.folder.id);
      if (to.path.includes(from.folder.id))
        throw new Refusal('malformed', { reason: 'A folder cannot lie in itself.' });
      return copyInto(facts, home, from, to);
    },
  };
};
