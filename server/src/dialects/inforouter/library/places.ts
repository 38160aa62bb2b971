import type { FactReader } from '../../../engine/ports.js';
import { isRefusal } from '../../../engine/refusals.js';
import type { Clock } from '../../../kit/clock.js';
import type { Catalog, File, Folder } from '../../../services/catalog/catalog.js';
import type { InfoRouterOptions } from '../options.js';
import { problems } from '../problems.js';
import { type Document, documentOf } from './document.js';
import { type Place, readPlace, spellings } from './paths.js';

/** The libraries lie below this root of the catalog, and their files say so, too. */
export const rootName = 'inforouter';

/** The options that the library follows. */
export type LibraryOptions = Pick<
  InfoRouterOptions,
  'libraries' | 'autoCreateLibraries' | 'requireCheckout' | 'checkoutFlagKeepsLock'
>;

/** What the verbs of the library work with. */
export interface LibraryParts {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly options: LibraryOptions;
  readonly places: Places;
}

/** Finds folders and documents (see `Library`). */
export interface Places {
  libraries(facts: FactReader): Promise<Folder[]>;
  findFolder(facts: FactReader, place: Place): Promise<Folder | undefined>;
  needFolder(facts: FactReader, place: Place): Promise<Folder>;
  findDocument(facts: FactReader, place: Place): Promise<Document | undefined>;
  needDocument(facts: FactReader, place: Place): Promise<Document>;
  foldersIn(facts: FactReader, folder: Folder): Promise<Folder[]>;
  documentsIn(facts: FactReader, folder: Folder): Promise<Document[]>;
  chainOf(facts: FactReader, folder: number): Promise<Folder[]>;
  /** The folder at the end of these names; no names: the root, in which the libraries are. */
  folderAt(facts: FactReader, names: readonly string[]): Promise<Folder | undefined>;
  /** What has this name in a folder. */
  childOf(facts: FactReader, folder: Folder, name: string): Promise<Document | Folder | undefined>;
  /** The folder of this id, if it is one of the libraries or in one. */
  folderOfId(facts: FactReader, id: number): Promise<Folder | undefined>;
  /** The document here, or else the folder. Refuses `Document not found.` */
  needEither(facts: FactReader, path: string): Promise<Document | Folder>;
  /** Is this folder a library? */
  isLibrary(facts: FactReader, folder: Folder): Promise<boolean>;
}

/** Tells a document from a folder. */
export const isDocument = (item: Document | Folder): item is Document => 'file' in item;

/** Files that are read at once. */
const page = 500;

/** What is not there is nothing; anything else that is thrown goes on. */
const nothingThere = (error: unknown): undefined => {
  if (!isRefusal(error, 'no-such-file')) throw error;
  return undefined;
};

/** Makes what finds folders and documents in the catalog. */
export const placesOf = (catalog: Catalog): Places => {
  const root = (facts: FactReader) => catalog.findRoot(facts, rootName);

  const folderIn = async (facts: FactReader, parent: number, name: string): Promise<Folder | undefined> => {
    for (const spelling of spellings(name)) {
      const found = await catalog.findFolder(facts, parent, [spelling]);
      if (found) return found;
    }
    return undefined;
  };

  const documentIn = async (facts: FactReader, folder: number, name: string): Promise<Document | undefined> => {
    for (const spelling of spellings(name)) {
      const [found] = await catalog.findByName(facts, folder, spelling);
      if (found) return documentOf(found);
    }
    return undefined;
  };

  const folderAt = async (facts: FactReader, names: readonly string[]): Promise<Folder | undefined> => {
    let at = await root(facts);
    for (const name of names) at = at && (await folderIn(facts, at.id, name));
    return at;
  };

  const findFolder = async (facts: FactReader, place: Place): Promise<Folder | undefined> => {
    const address = readPlace(place);
    return 'names' in address && address.names.length > 0 ? folderAt(facts, address.names) : undefined;
  };

  const findDocument = async (facts: FactReader, place: Place): Promise<Document | undefined> => {
    const address = readPlace(place);
    if ('document' in address) {
      const file = await catalog.findFile(facts, address.document);
      return file?.dialect === rootName ? documentOf(file) : undefined;
    }
    const name = address.names.at(-1);
    const folder = await folderAt(facts, address.names.slice(0, -1));
    return folder && name !== undefined ? documentIn(facts, folder.id, name) : undefined;
  };

  /** A folder and those it lies in, the root first. */
  const lineOf = async (facts: FactReader, id: number): Promise<Folder[]> => {
    const folder = await catalog.folder(facts, id);
    return folder.parent === 0 ? [folder] : [...(await lineOf(facts, folder.parent)), folder];
  };

  return {
    folderAt,
    findFolder,
    findDocument,
    libraries: async (facts) => {
      const top = await root(facts);
      return top ? catalog.folders(facts, top.id) : [];
    },
    needFolder: async (facts, place) => {
      const folder = await findFolder(facts, place);
      if (!folder) throw problems.folderNotFound();
      return folder;
    },
    needDocument: async (facts, place) => {
      const document = await findDocument(facts, place);
      if (!document) throw problems.documentNotFound();
      return document;
    },
    foldersIn: (facts, { id }) => catalog.folders(facts, id),
    documentsIn: async (facts, { id }) => {
      const files: File[] = [];
      for (let more = true; more; ) {
        const after = files.at(-1)?.name;
        const found = await catalog.files(facts, id, { limit: page, ...(after !== undefined && { after }) });
        files.push(...found);
        more = found.length >= page;
      }
      return files.map(documentOf);
    },
    chainOf: async (facts, folder) => (await lineOf(facts, folder)).slice(1),
    childOf: async (facts, folder, name) =>
      (await documentIn(facts, folder.id, name)) ?? (await folderIn(facts, folder.id, name)),
    folderOfId: async (facts, id) => {
      const top = await root(facts);
      const folder = await catalog.folder(facts, id).catch(nothingThere);
      const inside = folder && top && folder.id !== top.id && (await lineOf(facts, id))[0]?.id === top.id;
      return inside ? folder : undefined;
    },
    needEither: async (facts, path) => {
      const item = (await findDocument(facts, path)) ?? (await findFolder(facts, path));
      if (!item) throw problems.documentNotFound();
      return item;
    },
    isLibrary: async (facts, folder) => folder.parent === (await root(facts))?.id,
  };
};
