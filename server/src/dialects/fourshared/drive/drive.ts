import type { FactReader } from '../../../engine/ports.js';
import type { Clock } from '../../../kit/clock.js';
import type { Ids } from '../../../kit/ids.js';
import type { Catalog } from '../../../services/catalog/catalog.js';
import { type BinVerbs, openBin } from './bin.js';
import { type FileVerbs, openFiles } from './files.js';
import { type FolderVerbs, openFolders } from './folders.js';
import { fileByCode } from './links.js';
import { openPaste, type Paste } from './paste.js';
import { type FilePlace, openPlaces, type Places } from './places.js';

export type { FilePlace, Home, Place } from './places.js';

/**
 * The accounts' drives: folders and files of the catalog. Everything here takes the transaction that it is part of, and ids as
 * the catalog has them; `ids.ts` turns those of clients into them.
 */
export interface Drive extends Places, FileVerbs, FolderVerbs, BinVerbs {
  readonly paste: Paste;
  /** The file with this code in its links, of whatever account; nothing where it is in a recycle bin. */
  fileByCode(facts: FactReader, code: string): Promise<FilePlace | undefined>;
}

/** Opens the drives that rest in the catalog. */
export const openDrive = ({ catalog, clock, ids }: { catalog: Catalog; clock: Clock; ids: Ids }): Drive => {
  const places = openPlaces(catalog);
  const parts = { catalog, places, clock, ids };
  const files = openFiles(parts);
  const folders = openFolders(parts, files);
  return {
    ...places,
    ...files,
    ...folders,
    ...openBin(parts, files, folders),
    paste: openPaste(parts, files, folders),
    fileByCode: (facts, code) => fileByCode(parts, facts, code),
  };
};
