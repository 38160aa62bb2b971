import type { Json } from '../../../kit/json.js';
import type { File, Folder } from '../../../services/catalog/catalog.js';

/** Where an item in the recycle bin was. */
export interface Removed {
  /** The folder it was in. */
  readonly from: number;
  /** Its name: a folder is called after its id in the bin, since there may be many of one name. */
  readonly name: string;
}

/** What is kept with a folder, as its metadata. */
export interface FolderFacts {
  readonly removed: Removed | null;
  readonly description: string;
}

/** What is kept with a file, as its metadata. */
export interface FileFacts {
  /** What its links have in them; nobody can guess it. */
  readonly code: string;
  readonly removed: Removed | null;
  /** The texts that a client set: three, or none. */
  readonly description: readonly string[];
}

/** What is kept with this file. */
export const factsOfFile = ({ metadata }: File): FileFacts => metadata as unknown as FileFacts;

/** What is kept with this folder. */
export const factsOfFolder = ({ metadata }: Folder): FolderFacts =>
  (metadata as unknown as FolderFacts | undefined) ?? { removed: null, description: '' };

/** For the catalog. */
export const metadataOf = (facts: FileFacts | FolderFacts): Json => ({ ...facts }) as unknown as Json;
