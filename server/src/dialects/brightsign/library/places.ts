import type { FactReader, Facts } from '../../../engine/ports.js';
import { Refusal } from '../../../engine/refusals.js';
import type { Catalog, File, Folder } from '../../../services/catalog/catalog.js';
import { dialectName } from '../address.js';
import { contentFacts } from '../facts.js';
import { foldersOf } from '../parameters.js';

/** The root of what people see. */
const libraryRoot = 'brightsign';
/** The root of what is there for the sake of something else: assets without a folder of their own, thumbnails. */
const partsRoot = 'brightsign-parts';

/** The virtual path of a folder, a slash at both ends. */
export const virtualPathOf = async (catalog: Catalog, facts: FactReader, folder: number): Promise<string> => {
  const names = await catalog.pathOf(facts, folder);
  return names.length === 0 ? '\\' : `\\${names.join('\\')}\\`;
};

/** The folder of a virtual path, made as far as it is missing. */
export const ensurePath = async (catalog: Catalog, facts: Facts, virtualPath: string): Promise<number> => {
  const root = await catalog.root(facts, libraryRoot);
  return (await catalog.ensureFolder(facts, root.id, foldersOf(virtualPath))).id;
};

/** The folder of a virtual path, if it is there. */
export const findPath = async (
  catalog: Catalog,
  facts: FactReader,
  virtualPath: string,
): Promise<Folder | undefined> => {
  const root = await catalog.findRoot(facts, libraryRoot);
  return root && catalog.findFolder(facts, root.id, foldersOf(virtualPath));
};

/** Does this folder lie in the library, and is it not its root? */
export const isLibraryFolder = async (catalog: Catalog, facts: FactReader, id: number): Promise<boolean> => {
  const root = await catalog.findRoot(facts, libraryRoot);
  try {
    for (let at = await catalog.folder(facts, id); at.parent !== 0; at = await catalog.folder(facts, at.parent))
      if (at.parent === root?.id) return true;
    return false;
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'no-such-file') return false;
    throw error;
  }
};

/** The folder of parts. */
export const ensureParts = async (catalog: Catalog, facts: Facts): Promise<number> =>
  (await catalog.root(facts, partsRoot)).id;

/** Is this file a content: of ours, and neither a thumbnail nor a page that is not published? */
export const isContent = (file: File | undefined): file is File => {
  const part = file && contentFacts(file.metadata).part;
  return file?.dialect === dialectName && (part === undefined || part === 'asset');
};

/** Does this file lie in the library? */
export const isInLibrary = (file: File): boolean =>
  file.dialect === dialectName && contentFacts(file.metadata).part === undefined;

/** Refuses `no-such-file` unless this is a content. */
export const needContent = async (catalog: Catalog, facts: FactReader, id: number): Promise<File> => {
  const file = await catalog.findFile(facts, id);
  if (!isContent(file)) throw new Refusal('no-such-file', { id: String(id) });
  return file;
};
