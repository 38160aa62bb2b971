import type { Json } from '../../kit/json.js';
import type { Declared } from '../../engine/digests.js';
import type { FactReader, Facts } from '../../engine/ports.js';

/** A folder: a name under a parent. `''` is the id of the root. */
export interface Folder {
  readonly id: number;
  readonly parent: number;
  readonly name: string;
  readonly createdAt: number;
}

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

export interface NewFile {
  readonly folder: number;
  readonly name: string;
  readonly type?: string;
  readonly owner: string;
  readonly dialect: string;
  readonly metadata?: Json;
  readonly version: Omit<Version, 'number' | 'createdAt'>;
  /** Another file of that name in the folder: refuse `name-taken`, add a version to it, keep both under one name, or number the name. */
  readonly onTaken: 'refuse' | 'version' | 'twin' | 'rename';
}

/**
 * Finished files in folders. Every dialect sees a part of this one tree, below a root of its own. Writes take the
 * transaction they are part of, so that a finish and its file are one step.
 */
export interface Catalog {
  /** The root folder of a dialect or account, made if missing: `root(facts, 'brightsign')`. */
  root(facts: Facts, name: string): Promise<Folder>;
  /** The folder at the end of `names` below `from`, made as far as it is missing. Refuses `malformed` names. */
  ensureFolder(facts: Facts, from: number, names: readonly string[]): Promise<Folder>;
  findRoot(facts: FactReader, name: string): Promise<Folder | undefined>;
  findFolder(facts: FactReader, from: number, names: readonly string[]): Promise<Folder | undefined>;
  /** Folder names from the root down, the dialect's own root not included. */
  pathOf(facts: FactReader, folder: number): Promise<string[]>;
  folders(facts: FactReader, parent: number): Promise<Folder[]>;
  /** Adds a file. Refuses `malformed` names (empty, `.`/`..`, over 255 bytes, control characters, `/` or NUL). */
  addFile(facts: Facts, file: NewFile): Promise<File>;
  /** Adds a version to a file, which keeps its id. Refuses `no-such-file`. */
  addVersion(facts: Facts, id: number, version: Omit<Version, 'number' | 'createdAt'>, change?: { name?: string; folder?: number; type?: string; metadata?: Json }): Promise<File>;
  file(facts: FactReader, id: number): Promise<File>;
  findFile(facts: FactReader, id: number): Promise<File | undefined>;
  findByName(facts: FactReader, folder: number, name: string): Promise<File[]>;
  /** Files with a version of this digest. Kept for SHA-1 and SHA-256. */
  findByDigest(facts: FactReader, algorithm: 'sha1' | 'sha256', hex: string): Promise<File[]>;
  files(facts: FactReader, folder: number, query?: { after?: string; limit?: number }): Promise<File[]>;
  /** All files, newest first; `before` is an id. */
  recent(facts: FactReader, query?: { before?: number; limit?: number; owner?: string }): Promise<File[]>;
  /** Removes a file and says which objects nobody refers to any more. */
  removeFile(facts: Facts, id: number): Promise<string[]>;
}
