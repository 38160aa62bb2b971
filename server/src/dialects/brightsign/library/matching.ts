import type { FactReader } from '../../../engine/ports.js';
import type { Catalog, File } from '../../../services/catalog/catalog.js';
import { newest } from '../../../services/catalog/versions.js';
import { findPage } from './pages.js';
import { isInLibrary, virtualPathOf } from './places.js';

/** What is looked for: bytes of this hash under this name. */
export interface Wanted {
  /** Bare hex, lower case. */
  readonly sha1: string;
  /** Bytes; null: not known. */
  readonly size: number | null;
  readonly fileName: string;
}

/** A file that the server has already, and the virtual path that it is told by. */
export interface Match {
  readonly file: File;
  readonly virtualPath: string;
}

const hasSame = (file: File, { sha1, size }: Wanted): boolean => {
  const latest = newest(file);
  return latest.digests.sha1 === sha1 && (size === null || latest.size === size);
};

/** Contents of the library with this SHA-1, size and name, in any folder (specs/brightsign.md §A10, negotiation). */
export const matchingContents = async (catalog: Catalog, facts: FactReader, wanted: Wanted): Promise<Match[]> => {
  const found: Match[] = [];
  for (const file of await catalog.findByDigest(facts, 'sha1', wanted.sha1))
    if (isInLibrary(file) && file.name === wanted.fileName && hasSame(file, wanted))
      found.push({ file, virtualPath: await virtualPathOf(catalog, facts, file.folder) });
  return found;
};

/** The asset of a page that lies at this relative path with this SHA-1, size and name. */
export const matchingAsset = async (
  catalog: Catalog,
  facts: FactReader,
  pageId: number,
  wanted: Wanted & { readonly relativePath: string },
): Promise<File | undefined> => {
  const page = await findPage(catalog, facts, pageId);
  const asset = page?.facts.page.assets.find(
    ({ relativePath, fileName }) => relativePath === wanted.relativePath && fileName === wanted.fileName,
  );
  const file = asset && (await catalog.findFile(facts, asset.id));
  return file && hasSame(file, wanted) ? file : undefined;
};
