import type { FactReader } from '../../../engine/ports.js';
import type { Catalog, File } from '../../../services/catalog/catalog.js';
import { kindOfFile } from '../facts.js';

/** Kinds that listings show (specs/brightsign.md §A12). */
const listed: ReadonlySet<string> = new Set(['Image', 'Video', 'Audio']);

const isListed = (file: File): boolean => listed.has(kindOfFile(file));

/** A part of a folder's contents, by name. */
export interface ContentPage {
  readonly files: readonly File[];
  /** What the next part is asked for by; nothing behind the last. */
  readonly next: string | undefined;
  /** How many contents the folder has. */
  readonly total: number;
}

/** Files that are read at once. */
const batch = 500;

/**
 * The contents of a folder behind `marker`, a name: at most `limit`, but never ending between contents of one name. All of
 * the folder is walked, as listings tell how much there is.
 */
export const listContents = async (
  catalog: Catalog,
  facts: FactReader,
  folder: number,
  { marker, limit }: { marker: string | undefined; limit: number },
): Promise<ContentPage> => {
  const files: File[] = [];
  let total = 0;
  let isTruncated = false;
  let isBehind = marker === undefined;
  for (let after: string | undefined; ; ) {
    const page = await catalog.files(facts, folder, { limit: batch, ...(after !== undefined && { after }) });
    for (const file of page) {
      if (!isListed(file)) continue;
      total += 1;
      if (!isBehind) {
        isBehind = file.name === marker;
        continue;
      }
      const isTwin = file.name === (files.at(-1)?.name ?? marker);
      if (files.length === 0 && isTwin) continue;
      if (files.length < limit || (isTwin && !isTruncated)) files.push(file);
      else isTruncated = true;
    }
    after = page.at(-1)?.name;
    if (after === undefined) break;
  }
  return { files, next: isTruncated ? files.at(-1)?.name : undefined, total };
};
