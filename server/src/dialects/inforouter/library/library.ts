import type { FactReader, Facts } from '../../../engine/ports.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import type { Folder, NewVersion } from '../../../services/catalog/catalog.js';
import type { Host } from '../../dialect.js';
import { checkingIn } from './check-in.js';
import type { Document } from './document.js';
import { locking } from './locks.js';
import { making } from './making.js';
import { moving } from './moving.js';
import type { Place } from './paths.js';
import { type LibraryOptions, type LibraryParts, placesOf } from './places.js';
import { publishing } from './publishing.js';
import { removing } from './removing.js';

/** What comes with an upload (specs/inforouter.md §5.6); what is left out stays as it is. */
export interface CheckIn {
  readonly comment?: string;
  readonly description?: string;
  /** Parted by commas. */
  readonly keywords?: string;
  /** The document's text, for a search. */
  readonly textOnlyContent?: string;
  /** ms since 1970. */
  readonly creationDate?: number;
  readonly modificationDate?: number;
  /** The packed number that the version is to have; higher than all that are there. */
  readonly manualVersion?: number;
  /** `ServerDefault` and `Publish` publish the new version. */
  readonly publish?: 'ServerDefault' | 'Publish' | 'DontPublish';
  /** Check out if need be; afterwards as the option `checkoutFlagKeepsLock` says. */
  readonly checkout?: boolean;
  /** Refuse where there is a document of this name. */
  readonly mustBeNew?: boolean;
}

/** What an upload became. */
export interface CheckedIn {
  readonly documentId: number;
  /** The packed version number. */
  readonly versionId: number;
}

/** What could not be done to one document of several. */
export interface Failure {
  /** The document's name. */
  readonly item: string;
  readonly error: string;
}

/**
 * The libraries of the server: folders and documents, by the names that clients have for them. Everything is done to the
 * facts of the transaction that is handed in, and refused with a `Problem`; the catalog's own refusals (a name too long, a
 * path too deep) come through. Everybody may read; the others check the caller's permissions.
 */
export interface Library {
  /** Makes the configured libraries that are missing. */
  ensureLibraries(facts: Facts): Promise<void>;
  libraries(facts: FactReader): Promise<Folder[]>;

  findFolder(facts: FactReader, place: Place): Promise<Folder | undefined>;
  /** Refuses `Folder not found.` */
  needFolder(facts: FactReader, place: Place): Promise<Folder>;
  findDocument(facts: FactReader, place: Place): Promise<Document | undefined>;
  /** Refuses `Document not found.`, also where the place is a folder. */
  needDocument(facts: FactReader, place: Place): Promise<Document>;
  /** The folders in a folder, by name. */
  foldersIn(facts: FactReader, folder: Folder): Promise<Folder[]>;
  /** The documents in a folder, by name. */
  documentsIn(facts: FactReader, folder: Folder): Promise<Document[]>;
  /** The folder of this id and those it lies in, the library first. */
  chainOf(facts: FactReader, folder: number): Promise<Folder[]>;

  /** Makes a folder, and those above it that are missing. Refuses what is there already, and whole libraries. */
  createFolder(facts: Facts, caller: Caller, path: string): Promise<Folder>;
  /** Makes a folder in one that is there. */
  createFolderIn(
    facts: Facts,
    caller: Caller,
    place: { folder: string; name: string; description: string },
  ): Promise<Folder>;

  /** Refuses what `checkIn` would refuse, as far as it can be known before the bytes. */
  judgeCheckIn(facts: FactReader, caller: Caller, target: Place, details?: CheckIn): Promise<void>;
  /** Makes an upload a new document, or a new version of the one that is there. For a finish's `record`. */
  checkIn(facts: Facts, caller: Caller, target: Place, version: NewVersion, details?: CheckIn): Promise<CheckedIn>;

  /** Checks a document out, or the documents in a folder as far as possible; says what could not be. */
  lock(facts: Facts, caller: Caller, path: string): Promise<Failure[]>;
  /** Refuses where `lock` would refuse this document. */
  judgeLock(facts: FactReader, caller: Caller, path: string): Promise<void>;
  /** Checks a document in again, or the documents in a folder. `force`: also what others hold; takes an administrator. */
  unlock(facts: Facts, caller: Caller, path: string, force: boolean): Promise<Failure[]>;
  /** Publishes a version (packed number; 0: the latest). */
  publish(facts: Facts, caller: Caller, path: string, version: number): Promise<void>;

  /** Moves a document or folder to the full path `to`. */
  move(facts: Facts, caller: Caller, from: string, to: string): Promise<void>;
  /** Copies a document's latest version, or a folder with everything in it. `to` may be `~F12`: into that folder. */
  copy(facts: Facts, caller: Caller, from: string, to: string): Promise<void>;

  /** These remove, and say which objects nobody refers to any more: hand them to `freeUnused` after the transaction. */
  deleteDocument(facts: Facts, caller: Caller, path: string): Promise<string[]>;
  deleteVersion(facts: Facts, caller: Caller, path: string, version: number): Promise<string[]>;
  deleteFolder(facts: Facts, caller: Caller, path: string): Promise<string[]>;
}

/** Opens the libraries that rest in the host's catalog, below a root of their own. */
export const openLibrary = ({ catalog, clock }: Pick<Host, 'catalog' | 'clock'>, options: LibraryOptions): Library => {
  const parts: LibraryParts = { catalog, clock, options, places: placesOf(catalog) };
  return {
    ...parts.places,
    ...making(parts),
    ...checkingIn(parts),
    ...locking(parts),
    ...publishing(parts),
    ...moving(parts),
    ...removing(parts),
  };
};
