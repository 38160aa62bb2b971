import type { FactReader, Facts } from '../../../engine/ports.js';
import { Refusal } from '../../../engine/refusals.js';
import type { Catalog, File, Folder } from '../../../services/catalog/catalog.js';

/** Roots of the catalog: one folder for each account in both. */
const driveRoot = '4shared';
const binRoot = '4shared recycle bin';

/** An account's own folders, by their ids. What lies in neither is not the account's. */
export interface Home {
  readonly account: string;
  /** The root that clients see. */
  readonly drive: number;
  readonly bin: number;
}

/** Where a folder lies. */
export interface Place {
  readonly folder: Folder;
  /** Ids from the account's own folder down to this one. */
  readonly path: readonly [number, ...number[]];
  /** Does it lie in the recycle bin? */
  readonly removed: boolean;
}

/** A file and where it lies. */
export interface FilePlace {
  readonly file: File;
  readonly place: Place;
}

/** Finds folders and files, each with where it lies. */
export interface Places {
  findHome(facts: FactReader, account: string): Promise<Home | undefined>;
  makeHome(facts: Facts, account: string): Promise<Home>;
  /** The folder of this id, whosesoever; also a bin itself. */
  findPlace(facts: FactReader, id: number): Promise<Place | undefined>;
  /** The account's folder of this id; not its bin itself. */
  findFolder(facts: FactReader, home: Home, id: number): Promise<Place | undefined>;
  /** As `findFolder`; refuses `no-such-file`. */
  folder(facts: FactReader, home: Home, id: number): Promise<Place>;
  /** As `folder`, but refuses what is in the recycle bin, too. */
  liveFolder(facts: FactReader, home: Home, id: number): Promise<Place>;
  /** The account's file of this id. */
  findFile(facts: FactReader, home: Home, id: number): Promise<FilePlace | undefined>;
  /** As `findFile`; refuses `no-such-file`. */
  file(facts: FactReader, home: Home, id: number): Promise<FilePlace>;
  /** As `file`, but refuses what is in the recycle bin, too. */
  liveFile(facts: FactReader, home: Home, id: number): Promise<FilePlace>;
}

const noSuch = (id: number): Refusal => new Refusal('no-such-file', { id: String(id) });

/** Makes what finds them. */
export const openPlaces = (catalog: Catalog): Places => {
  const findHome = async (facts: FactReader, account: string): Promise<Home | undefined> => {
    const under = async (name: string) => {
      const root = await catalog.findRoot(facts, name);
      return root && catalog.findFolder(facts, root.id, [account]);
    };
    const [drive, bin] = [await under(driveRoot), await under(binRoot)];
    return drive && bin && { account, drive: drive.id, bin: bin.id };
  };

  const makeHome = async (facts: Facts, account: string): Promise<Home> => {
    const under = async (name: string) =>
      (await catalog.ensureFolder(facts, (await catalog.root(facts, name)).id, [account])).id;
    return { account, drive: await under(driveRoot), bin: await under(binRoot) };
  };

  /** A folder and those it lies in, the root first. */
  const chainOf = async (facts: FactReader, id: number): Promise<Folder[]> => {
    const chain: Folder[] = [];
    for (let at = await catalog.findFolder(facts, id, []); at; at = await catalog.findFolder(facts, at.parent, []))
      chain.unshift(at);
    return chain;
  };

  const findPlace = async (facts: FactReader, id: number): Promise<Place | undefined> => {
    const [root, top, ...below] = await chainOf(facts, id);
    if (!top || (root?.name !== driveRoot && root?.name !== binRoot)) return undefined;
    const path = [top.id, ...below.map((each) => each.id)] as const;
    return { folder: below.at(-1) ?? top, path, removed: root.name === binRoot };
  };

  const isOf = (home: Home, { path: [top] }: Place): boolean => top === home.drive || top === home.bin;

  const findFolder = async (facts: FactReader, home: Home, id: number): Promise<Place | undefined> => {
    const place = id === home.bin ? undefined : await findPlace(facts, id);
    return place && isOf(home, place) ? place : undefined;
  };

  const folder = async (facts: FactReader, home: Home, id: number): Promise<Place> => {
    const place = await findFolder(facts, home, id);
    if (!place) throw noSuch(id);
    return place;
  };

  const findFile = async (facts: FactReader, home: Home, id: number): Promise<FilePlace | undefined> => {
    const file = await catalog.findFile(facts, id);
    const place = file && (await findPlace(facts, file.folder));
    return place && isOf(home, place) ? { file, place } : undefined;
  };

  const file = async (facts: FactReader, home: Home, id: number): Promise<FilePlace> => {
    const found = await findFile(facts, home, id);
    if (!found) throw noSuch(id);
    return found;
  };

  return {
    findHome,
    makeHome,
    findPlace,
    findFolder,
    folder,
    liveFolder: async (facts, home, id) => {
      const place = await folder(facts, home, id);
      if (place.removed) throw noSuch(id);
      return place;
    },
    findFile,
    file,
    liveFile: async (facts, home, id) => {
      const found = await file(facts, home, id);
      if (found.place.removed) throw noSuch(id);
      return found;
    },
  };
};
