import type { Declared } from '../../engine/digests.js';
import type { FactReader, Facts } from '../../engine/ports.js';
import type { Json } from '../../kit/json.js';

/** A folder: a name under a parent. The roots' parent is 0, which is no folder. */
export interface Folder {
  readonly id: number;
  readonly parent: number;
  readonly name: string;
  readonly createdAt: number;
  /** What the dialect keeps with it; nothing until it keeps something. */
  readonly metadata?: Json;
}

/** A folder before the catalog has dated it. */
export type NewFolder = Pick<Folder, 'parent' | 'name' | 'metadata'>;

/** What may be changed about a folder. */
export type FolderChange = Partial<NewFolder>;

/** The bytes of a file at one time. */
export interface Version {
  /** Counts from 1. */
  readonly number: number;
  readonly object: string;
  readonly size: number;
  /** Hex, lower case. CRC32 is always there. */
  readonly digests: Declared;
  readonly createdAt: number;
  readonly by: string;
  readonly upload: string;
}

/** A file in a folder, with its versions. Ids are rising whole numbers from one counter for all files and folders. */
export interface File {
  readonly id: number;
  readonly folder: number;
  readonly name: string;
  /** `image/png`; from the client's word or the name. */
  readonly type: string;
  readonly owner: string;
  /** Which dialect brought it. */
  readonly dialect: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly versions: readonly [Version, ...Version[]];
  /** What the dialect keeps with it. */
  readonly metadata: Json;
}

/** A version before the catalog has numbered and dated it. */
export type NewVersion = Omit<Version, 'number' | 'createdAt'>;

/** What may be changed about a file. */
export interface FileChange {
  readonly name?: string;
  readonly folder?: number;
  readonly type?: string;
  readonly metadata?: Json;
  /** Another file has the new name in the (new) folder: refuse `name-taken` (the default), or keep both. */
  readonly onTaken?: 'refuse' | 'twin';
}

export interface NewFile {
  /** The id that was reserved for it; one is made where none is said. */
  readonly id?: number;
  readonly folder: number;
  readonly name: string;
  readonly type?: string;
  readonly owner: string;
  readonly dialect: string;
  readonly metadata?: Json;
  readonly version: NewVersion;
  /** Another file of that name in the folder: refuse `name-taken`, add a version to it, keep both under one name, or number the name. */
  readonly onTaken: 'refuse' | 'version' | 'twin' | 'rename';
}

/**
 * Finished files in folders. Every dialect sees a part of this one tree, below a root of its own. Writes take the
 * transaction they are part of, so that a finish and its file are one step.
 *
 * Names keep their spelling and are compared without regard to case. A file and a folder may have the same name.
 * `malformed` names are: empty, `.`/`..`, over 255 bytes as UTF-8, or with control characters, `/` or half of a
 * surrogate pair. A folder or file that is not there is refused with `no-such-file`, unless said otherwise.
 */
export interface Catalog {
  /** The root folder of a dialect or account, made if missing: `root(facts, 'brightsign')`. Refuses `malformed` names. */
  root(facts: Facts, name: string): Promise<Folder>;
  /** The folder at the end of `names` below `from`, made as far as it is missing. Refuses `malformed` names. */
  ensureFolder(facts: Facts, from: number, names: readonly string[]): Promise<Folder>;
  /** Adds one folder. Refuses `malformed` names and depths, and `name-taken`. */
  addFolder(facts: Facts, folder: NewFolder): Promise<Folder>;
  /**
   * Renames a folder, moves it with everything in it, or changes what is known of it. Refuses `malformed` names and depths,
   * roots, and a folder that would lie in itself; and `name-taken`.
   */
  amendFolder(facts: Facts, id: number, change: FolderChange): Promise<Folder>;
  findRoot(facts: FactReader, name: string): Promise<Folder | undefined>;
  findFolder(facts: FactReader, from: number, names: readonly string[]): Promise<Folder | undefined>;
  /** The folder of this id. */
  folder(facts: FactReader, id: number): Promise<Folder>;
  /** Folder names from the root down, the dialect's own root not included. */
  pathOf(facts: FactReader, folder: number): Promise<string[]>;
  /** All folders in a folder, by name. */
  folders(facts: FactReader, parent: number): Promise<Folder[]>;
  /** Removes a folder. Refuses `malformed` while there is something in it. */
  removeFolder(facts: Facts, id: number): Promise<void>;
  /** Removes a folder with everything in it, and says which objects nobody refers to any more. */
  removeTree(facts: Facts, id: number): Promise<string[]>;
  /** An id that nothing else will have, for a file that is yet to come and has to be spoken of before. */
  reserveId(facts: Facts): Promise<number>;
  /** Adds a file. Refuses `malformed` names and ids that are taken or were never given out, and `name-taken` where `onTaken` says so. */
  addFile(facts: Facts, file: NewFile): Promise<File>;
  /** Adds a version to a file, which keeps its id. Refuses as `amendFile` does. */
  addVersion(facts: Facts, id: number, version: NewVersion, change?: FileChange): Promise<File>;
  /** Renames or moves a file, or changes what is known of it. Refuses `malformed` names and `name-taken`. */
  amendFile(facts: Facts, id: number, change: FileChange): Promise<File>;
  file(facts: FactReader, id: number): Promise<File>;
  findFile(facts: FactReader, id: number): Promise<File | undefined>;
  /** The files of this name, the oldest first: one, unless there are twins. */
  findByName(facts: FactReader, folder: number, name: string): Promise<File[]>;
  /** Files with a version of this digest, by id. Kept for SHA-1 and SHA-256. */
  findByDigest(facts: FactReader, algorithm: 'sha1' | 'sha256', hex: string): Promise<File[]>;
  /**
   * Files in a folder, by name. `after` is a name: only files behind all of that name. At most `limit` (1000 unless
   * told), but a list never ends between twins, so that the last one's name leads on to the rest.
   */
  files(facts: FactReader, folder: number, query?: { after?: string; limit?: number }): Promise<File[]>;
  /** All files, the newest first; `before` is an id. At most `limit` (1000 unless told). */
  recent(facts: FactReader, query?: { before?: number; limit?: number; owner?: string }): Promise<File[]>;
  /** Removes a file and says which objects nobody refers to any more. */
  removeFile(facts: Facts, id: number): Promise<string[]>;
  /**
   * Removes one version of a file, and says which objects nobody refers to any more. The others keep their numbers. Refuses
   * `no-such-file` for a number that is not there, `malformed` for the only version.
   */
  removeVersion(facts: Facts, id: number, number: number): Promise<{ file: File; unused: string[] }>;
  /**
   * Objects that nobody refers to any more and whose bytes may still be there, at most `limit` (100 unless told). Every
   * removal puts its own here, in the same transaction; `freeUnused` takes them away together with the bytes.
   */
  unused(facts: FactReader, limit?: number): Promise<string[]>;
  /** The object's bytes are gone: it is remembered no more. */
  freed(facts: Facts, object: string): void;
}
