import type { FactReader, Facts } from '../../../engine/ports.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import type { Folder } from '../../../services/catalog/catalog.js';
import { Problem, problems } from '../problems.js';
import { keepText, textOf } from './check-in.js';
import { type Document, datesOf, metadataOf } from './document.js';
import { folderFactsOf, folderMetadata } from './folder.js';
import type { Library } from './library.js';
import { judgeHolder } from './locks.js';
import { cleanName, readPath } from './paths.js';
import { isDocument, type LibraryParts, rootName } from './places.js';
import { firstVersion } from './version-numbers.js';

const folderId = /^[\\/]?~F(\d{1,15})$/i;

/** Where something goes: a folder, and its name there. */
interface Destination {
  readonly folder: Folder;
  readonly name: string;
}

const nameOf = (item: Document | Folder): string => (isDocument(item) ? item.file.name : item.name);
/** Files and folders have their ids from one counter. */
const idOf = (item: Document | Folder): number => (isDocument(item) ? item.file.id : item.id);

/** Says of a problem which of two paths it is about. */
const about = async <T>(prefix: 'Source' | 'Destination', found: Promise<T>): Promise<T> =>
  found.catch((error: unknown) => {
    throw error instanceof Problem ? new Problem(error.errorCode, `${prefix}: ${error.message}`) : error;
  });

/** The library's verbs that move and copy. */
export const moving = ({ catalog, clock, places }: LibraryParts): Pick<Library, 'move' | 'copy'> => {
  /** Where a full path leads, with a new name at its end. */
  const destinationAt = async (facts: FactReader, path: string): Promise<Destination> => {
    const address = readPath(path);
    const names = 'names' in address ? address.names : [];
    const name = names.at(-1);
    if (name === undefined || names.length < 2) throw problems.rootLevel();
    const folder = await places.folderAt(facts, names.slice(0, -1));
    if (!folder) throw problems.folderNotFound();
    return { folder, name: cleanName(name) };
  };

  /** Where a copy goes, also by the id of a folder, in which it keeps its name. */
  const copyDestination = async (facts: FactReader, path: string, name: string): Promise<Destination> => {
    const [, id] = folderId.exec(path.trim()) ?? [];
    if (id === undefined) return destinationAt(facts, path);
    const folder = await places.folderOfId(facts, Number(id));
    if (!folder) throw problems.folderNotFound();
    return { folder, name };
  };

  const judgeDestination = async (
    facts: FactReader,
    { folder, name }: Destination,
    moved: Document | Folder | null,
  ): Promise<void> => {
    const there = await places.childOf(facts, folder, name);
    if (!there || (moved && idOf(there) === idOf(moved))) return;
    throw isDocument(there) ? problems.documentExists() : problems.folderExists();
  };

  const judgeInside = async (facts: FactReader, source: Folder, { folder }: Destination): Promise<void> => {
    const chain = await places.chainOf(facts, folder.id);
    if (chain.some(({ id }) => id === source.id)) throw problems.intoItself();
  };

  /** A copy begins anew, with the latest version as its first; both have the same bytes. */
  const copyDocument = async (
    facts: Facts,
    caller: Caller,
    document: Document,
    { folder, name }: Destination,
  ): Promise<void> => {
    const { file, latest, facts: known } = document;
    const { object, size, digests, upload, comment } = latest;
    const owner = caller.account.name;
    const copy = await catalog.addFile(facts, {
      folder: folder.id,
      name,
      type: file.type,
      owner,
      dialect: rootName,
      metadata: metadataOf({
        ...known,
        createdAt: null,
        modifiedAt: datesOf(document).modified,
        checkout: null,
        rule: 'LATEST',
        published: firstVersion,
        versions: [{ ordinal: 1, number: firstVersion, comment, publishedAt: clock.now() }],
      }),
      version: { object, size, digests, by: owner, upload },
      onTaken: 'refuse',
    });
    keepText(facts, copy.id, await textOf(facts, file.id));
  };

  const copyFolder = async (facts: Facts, caller: Caller, source: Folder, to: Destination): Promise<void> => {
    const { description } = folderFactsOf(source);
    const metadata = folderMetadata({ description, owner: caller.account.name });
    const made = await catalog.addFolder(facts, { parent: to.folder.id, name: to.name, metadata });
    for (const document of await places.documentsIn(facts, source))
      await copyDocument(facts, caller, document, { folder: made, name: document.file.name });
    for (const folder of await places.foldersIn(facts, source))
      await copyFolder(facts, caller, folder, { folder: made, name: folder.name });
  };

  return {
    move: async (facts, caller, from, path) => {
      caller.need('upload');
      caller.need('delete');
      const item = await places.needEither(facts, from);
      if (isDocument(item)) judgeHolder(item, caller);
      else if (await places.isLibrary(facts, item)) throw problems.libraryStays();
      const to = await destinationAt(facts, path);
      if (!isDocument(item)) await judgeInside(facts, item, to);
      await judgeDestination(facts, to, item);
      if (isDocument(item)) await catalog.amendFile(facts, item.file.id, { folder: to.folder.id, name: to.name });
      else await catalog.amendFolder(facts, item.id, { parent: to.folder.id, name: to.name });
    },
    copy: async (facts, caller, from, path) => {
      caller.need('upload');
      const item = await about('Source', places.needEither(facts, from));
      const to = await about('Destination', copyDestination(facts, path, nameOf(item)));
      if (!isDocument(item)) await judgeInside(facts, item, to);
      await judgeDestination(facts, to, null);
      if (isDocument(item)) await copyDocument(facts, caller, item, to);
      else await copyFolder(facts, caller, item, to);
    },
  };
};
