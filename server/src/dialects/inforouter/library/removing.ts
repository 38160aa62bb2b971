import type { Facts } from '../../../engine/ports.js';
import type { Folder } from '../../../services/catalog/catalog.js';
import { problems } from '../problems.js';
import { dropText } from './check-in.js';
import { type Document, type DocumentFacts, metadataOf, versionOf } from './document.js';
import type { Library } from './library.js';
import { judgeHolder } from './locks.js';
import type { LibraryParts } from './places.js';

/** What is kept of a document whose version of this number is gone: where it was the published one, another is, or none. */
const factsWithout = ({ facts }: Document, number: number): DocumentFacts => {
  const versions = facts.versions.filter((each) => each.number !== number);
  if (facts.published !== number) return { ...facts, versions };
  const newest = versions.at(-1);
  return facts.rule === 'LATEST' && newest
    ? { ...facts, versions, published: newest.number }
    : { ...facts, versions, rule: 'UNPUBLISHED', published: 0 };
};

/** The library's verbs that remove. */
export const removing = ({
  catalog,
  places,
}: LibraryParts): Pick<Library, 'deleteDocument' | 'deleteVersion' | 'deleteFolder'> => {
  const dropTexts = async (facts: Facts, folder: Folder): Promise<void> => {
    for (const { file } of await places.documentsIn(facts, folder)) dropText(facts, file.id);
    for (const each of await places.foldersIn(facts, folder)) await dropTexts(facts, each);
  };

  return {
    // A document that somebody has checked out may be deleted (specs/inforouter.md §6.3).
    deleteDocument: async (facts, caller, path) => {
      caller.need('delete');
      const { file } = await places.needDocument(facts, path);
      dropText(facts, file.id);
      return catalog.removeFile(facts, file.id);
    },
    deleteVersion: async (facts, caller, path, number) => {
      caller.need('delete');
      if (number === 0) throw problems.invalidVersionNumber();
      const document = await places.needDocument(facts, path);
      judgeHolder(document, caller);
      const version = versionOf(document, number);
      if (document.versions.length === 1) throw problems.onlyVersion();
      const { unused } = await catalog.removeVersion(facts, document.file.id, version.ordinal);
      const metadata = metadataOf(factsWithout(document, number));
      await catalog.amendFile(facts, document.file.id, { metadata });
      return unused;
    },
    deleteFolder: async (facts, caller, path) => {
      caller.need('delete');
      const folder = await places.needFolder(facts, path);
      if (await places.isLibrary(facts, folder)) throw problems.libraryStays();
      await dropTexts(facts, folder);
      return catalog.removeTree(facts, folder.id);
    },
  };
};
