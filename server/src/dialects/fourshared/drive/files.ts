import type { Facts } from '../../../engine/ports.js';
import type { File, NewVersion } from '../../../services/catalog/catalog.js';
import { needName } from '../../../services/catalog/names.js';
import { newest } from '../../../services/catalog/versions.js';
import { dialectName } from '../address.js';
import { factsOfFile, metadataOf } from './facts.js';
import { dropFavourite } from './favourites.js';
import { type Happening, note } from './history.js';
import { dropCode, putCode } from './links.js';
import type { DriveParts } from './parts.js';
import type { Home, Place } from './places.js';

/** A file that is complete. */
export interface NewDriveFile {
  /** The id that was reserved for it; one is made where none is said. */
  readonly id?: number;
  /** Its folder; where that is gone, or in the recycle bin, the file goes to the drive's root. */
  readonly dir: number;
  readonly name: string;
  readonly version: NewVersion;
}

/** What is done with files. Ids are the catalog's; one that is not of the account's drive is refused with `no-such-file`. */
export interface FileVerbs {
  /** Refuses `malformed` for what is no name of a file or folder. */
  needName(name: string): void;
  /** An id for a file that is yet to come. */
  reserveId(facts: Facts): Promise<number>;
  /** Adds a file; another one of the same name stays beside it. Refuses `malformed`. */
  addFile(facts: Facts, home: Home, file: NewDriveFile): Promise<File>;
  /** Gives a file a new content, and a new name where one is said. The old content stays until `settleFile`. */
  replaceFile(facts: Facts, home: Home, id: number, change: { name?: string; version: NewVersion }): Promise<File>;
  /** Drops all contents but the newest, and says which objects nobody refers to any more. No such file is no error. */
  settleFile(facts: Facts, home: Home, id: number): Promise<string[]>;
  /**
   * Takes the newest content back, and the file where that is all it has; says which objects nobody refers to any more. Its id can
   * be used again. No such file is no error.
   */
  takeBack(facts: Facts, home: Home, id: number): Promise<string[]>;
  /** Refuses `malformed`, `name-taken`. */
  renameFile(facts: Facts, home: Home, id: number, name: string): Promise<File>;
  describeFile(facts: Facts, home: Home, id: number, description: readonly string[]): Promise<void>;
  /** A copy in a folder, of the newest content. Refuses `name-taken`, unless it may be the `twin` of a file that has its name. */
  copyFile(facts: Facts, home: Home, file: File, to: Place, onTaken: 'refuse' | 'twin'): Promise<File>;
  /** Takes a file away for good, with all that is known of it; says which objects nobody refers to any more. */
  eraseFile(facts: Facts, home: Home, file: File): Promise<string[]>;
}

/** Makes the verbs about files. */
export const openFiles = ({ catalog, places, clock, ids }: DriveParts): FileVerbs => {
  const noteOf = (facts: Facts, home: Home, place: Place, what: Happening, file: number) =>
    note(facts, home, place, { what, at: clock.now(), file });

  const add = async (
    facts: Facts,
    home: Home,
    { dir, ...file }: NewDriveFile,
    onTaken: 'twin' | 'refuse',
  ): Promise<File> => {
    const added = await catalog.addFile(facts, {
      ...file,
      folder: dir,
      owner: home.account,
      dialect: dialectName,
      metadata: metadataOf({ code: ids.next(), removed: null, description: [] }),
      onTaken,
    });
    putCode(facts, added);
    return added;
  };

  const eraseFile = async (facts: Facts, home: Home, file: File): Promise<string[]> => {
    dropCode(facts, file);
    dropFavourite(facts, home, file.id);
    return catalog.removeFile(facts, file.id);
  };

  return {
    needName,
    reserveId: (facts) => catalog.reserveId(facts),
    addFile: async (facts, home, file) => {
      const asked = await places.findFolder(facts, home, file.dir);
      const place = asked && !asked.removed ? asked : await places.folder(facts, home, home.drive);
      const added = await add(facts, home, { ...file, dir: place.folder.id }, 'twin');
      await noteOf(facts, home, place, 'added', added.id);
      return added;
    },
    replaceFile: async (facts, home, id, { name, version }) => {
      const { place } = await places.file(facts, home, id);
      const change = name === undefined ? {} : { name };
      const file = await catalog.addVersion(facts, id, version, { ...change, onTaken: 'twin' });
      await noteOf(facts, home, place, 'changed', id);
      return file;
    },
    settleFile: async (facts, home, id) => {
      const found = await places.findFile(facts, home, id);
      const unused: string[] = [];
      for (const { number } of found?.file.versions.slice(0, -1) ?? [])
        unused.push(...(await catalog.removeVersion(facts, id, number)).unused);
      return unused;
    },
    takeBack: async (facts, home, id) => {
      const found = await places.findFile(facts, home, id);
      if (!found) return [];
      if (found.file.versions.length === 1) return eraseFile(facts, home, found.file);
      return (await catalog.removeVersion(facts, id, newest(found.file).number)).unused;
    },
    renameFile: async (facts, home, id, name) => {
      const { place } = await places.liveFile(facts, home, id);
      const file = await catalog.amendFile(facts, id, { name });
      await noteOf(facts, home, place, 'renamed', id);
      return file;
    },
    describeFile: async (facts, home, id, description) => {
      const { file } = await places.liveFile(facts, home, id);
      await catalog.amendFile(facts, id, { metadata: metadataOf({ ...factsOfFile(file), description }) });
    },
    copyFile: async (facts, home, file, to, onTaken) => {
      const { object, size, digests, upload } = newest(file);
      const version = { object, size, digests, upload, by: home.account };
      return add(facts, home, { dir: to.folder.id, name: file.name, version }, onTaken);
    },
    eraseFile,
  };
};
