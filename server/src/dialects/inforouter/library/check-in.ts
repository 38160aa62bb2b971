import { type FactReader, type Facts, ordered, shelf } from '../../../engine/ports.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import type { Folder, NewVersion } from '../../../services/catalog/catalog.js';
import { problems } from '../problems.js';
import { type Document, type DocumentFacts, metadataOf } from './document.js';
import type { CheckedIn, CheckIn, Library } from './library.js';
import { judgeHolder } from './locks.js';
import { cleanName, type Place, readPlace } from './paths.js';
import { isDocument, type LibraryParts, rootName } from './places.js';
import { firstVersion, nextVersion } from './version-numbers.js';

/** Texts of documents for a search, by the ordered id of the file. */
const textShelf = shelf<string>('inforouter/text');

/** Keeps a document's text for a search, if there is one. */
export const keepText = (facts: Facts, document: number, text: string | undefined): void => {
  if (text !== undefined) textShelf.put(facts, ordered(document), text);
};

/** A document's text for a search, if one was kept. */
export const textOf = (facts: FactReader, document: number): Promise<string | undefined> =>
  textShelf.get(facts, ordered(document));

/** Forgets a document's text. */
export const dropText = (facts: Facts, document: number): void => textShelf.delete(facts, ordered(document));

/** What is kept of a document that begins. */
const blank: DocumentFacts = {
  description: '',
  keywords: '',
  createdAt: null,
  modifiedAt: null,
  checkout: null,
  rule: 'UNPUBLISHED',
  published: 0,
  versions: [],
};

/** Where an upload goes: to a document that is there, or to a new one. */
type Target = Document | { readonly folder: Folder; readonly name: string };

/** The library's verbs that take uploads (specs/inforouter.md §6.2, §6.3). */
export const checkingIn = ({
  catalog,
  clock,
  options,
  places,
}: LibraryParts): Pick<Library, 'judgeCheckIn' | 'checkIn'> => {
  const judgeUpdate = (caller: Caller, document: Document, { mustBeNew, checkout, manualVersion }: CheckIn): void => {
    if (mustBeNew) throw problems.documentExists();
    caller.need('update');
    judgeHolder(document, caller);
    if (options.requireCheckout && !document.facts.checkout && !checkout) throw problems.notCheckedOut();
    if (manualVersion !== undefined && manualVersion <= document.latest.number) throw problems.versionTooLow();
  };

  /** Where the upload goes; refuses all that can be known. */
  const judge = async (facts: FactReader, caller: Caller, place: Place, details: CheckIn): Promise<Target> => {
    caller.need('upload');
    const address = readPlace(place);
    if ('document' in address) {
      const document = await places.needDocument(facts, place);
      judgeUpdate(caller, document, details);
      return document;
    }
    const name = address.names.at(-1);
    const folder = address.names.length > 1 && (await places.folderAt(facts, address.names.slice(0, -1)));
    if (!folder || name === undefined) throw problems.folderNotFound();
    const there = await places.childOf(facts, folder, name);
    if (!there) return { folder, name: cleanName(name) };
    if (!isDocument(there)) throw problems.folderExists();
    judgeUpdate(caller, there, details);
    return there;
  };

  /** Is the place directly in a library that is yet to be made, and may be? */
  const newLibrary = async (facts: FactReader, place: Place): Promise<string | undefined> => {
    const address = readPlace(place);
    const [library, name, ...deeper] = 'names' in address ? address.names : [];
    const may = options.autoCreateLibraries && name !== undefined && deeper.length === 0;
    return may && library !== undefined && !(await places.folderAt(facts, [library])) ? library : undefined;
  };

  /** What is kept of a document after this check-in. */
  const factsAfter = (
    before: DocumentFacts,
    caller: Caller,
    details: CheckIn,
    version: { number: number; ordinal: number },
  ) => {
    const now = clock.now();
    const publishes = details.publish !== 'DontPublish';
    const kept = before.rule === 'LATEST' ? 'SPESIFICVERSION' : before.rule;
    const afterwards = options.checkoutFlagKeepsLock ? { by: caller.account.name, at: now } : null;
    const facts: DocumentFacts = {
      description: details.description ?? before.description,
      keywords: details.keywords ?? before.keywords,
      createdAt: details.creationDate ?? before.createdAt,
      modifiedAt: details.modificationDate ?? null,
      checkout: details.checkout ? afterwards : before.checkout,
      rule: publishes ? 'LATEST' : kept,
      published: publishes ? version.number : before.published,
      versions: [
        ...before.versions,
        { ...version, comment: details.comment ?? '', publishedAt: publishes ? now : null },
      ],
    };
    return metadataOf(facts);
  };

  const checkIn = async (
    facts: Facts,
    caller: Caller,
    place: Place,
    version: NewVersion,
    details: CheckIn = {},
  ): Promise<CheckedIn> => {
    const missing = await newLibrary(facts, place);
    if (missing !== undefined) {
      caller.need('upload');
      await catalog.ensureFolder(facts, (await catalog.root(facts, rootName)).id, [cleanName(missing)]);
    }
    const target = await judge(facts, caller, place, details);
    if ('file' in target) {
      const { file, latest } = target;
      const number = details.manualVersion ?? nextVersion(latest.number);
      const metadata = factsAfter(target.facts, caller, details, { number, ordinal: latest.ordinal + 1 });
      await catalog.addVersion(facts, file.id, version, { metadata });
      keepText(facts, file.id, details.textOnlyContent);
      return { documentId: file.id, versionId: number };
    }
    const number = details.manualVersion ?? firstVersion;
    const file = await catalog.addFile(facts, {
      folder: target.folder.id,
      name: target.name,
      owner: caller.account.name,
      dialect: rootName,
      metadata: factsAfter(blank, caller, details, { number, ordinal: 1 }),
      version,
      onTaken: 'refuse',
    });
    keepText(facts, file.id, details.textOnlyContent);
    return { documentId: file.id, versionId: number };
  };

  return {
    checkIn,
    judgeCheckIn: async (facts, caller, place, details = {}) => {
      if ((await newLibrary(facts, place)) !== undefined) caller.need('upload');
      else await judge(facts, caller, place, details);
    },
  };
};
