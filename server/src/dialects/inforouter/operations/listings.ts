import type { FactReader } from '../../../engine/ports.js';
import type { Folder } from '../../../services/catalog/catalog.js';
import type { XmlOutElement } from '../../../wire/soap/index.js';
import { success } from '../answers.js';
import type { Context } from '../context.js';
import type { Document } from '../library/document.js';
import { readPath } from '../library/paths.js';
import { ticketed } from '../operation.js';
import { type DocumentExtras, documentElement, shortDocument } from '../shapes/document.js';
import { type Chain, type FolderExtras, folderElement, shortFolder, slashPath } from '../shapes/folder.js';
import { documentPath, folderPath, wanted } from './parameters.js';

/** Which things in a folder are to be listed. */
interface Kinds {
  readonly folders?: boolean;
  readonly documents?: boolean;
}

/** A folder with what is in it. The chain of the root, in which the libraries are, is empty. */
interface Listing {
  readonly chain: Chain;
  readonly folders: readonly Folder[];
  readonly documents: readonly Document[];
}

const listingAt = async ({ library }: Context, facts: FactReader, path: string, kinds: Kinds): Promise<Listing> => {
  const address = readPath(path);
  // The vendor has other operations for libraries; this lets clients that walk down from the top begin.
  if (/[/\\]/.test(path) && 'names' in address && address.names.length === 0)
    return { chain: [], folders: kinds.folders ? await library.libraries(facts) : [], documents: [] };
  const folder = await library.needFolder(facts, path);
  return {
    chain: await library.chainOf(facts, folder.id),
    folders: kinds.folders ? await library.foldersIn(facts, folder) : [],
    documents: kinds.documents ? await library.documentsIn(facts, folder) : [],
  };
};

/** What is in a folder, with everything that is known of it. */
const fullList = async (
  context: Context,
  path: string,
  kinds: Kinds,
  extras: FolderExtras & DocumentExtras,
): Promise<XmlOutElement> => {
  const { host, options } = context;
  const { chain, folders, documents } = await host.ledger.read((facts) => listingAt(context, facts, path, kinds));
  return success(
    { error: '' },
    ...folders.map((folder) => folderElement(folder, [...chain, folder], options.listDates, extras)),
    ...documents.map((document) => documentElement(document, chain, options.listDates, extras)),
  );
};

/** What is in a folder, in short. */
const shortList = async (context: Context, path: string, kinds: Kinds): Promise<XmlOutElement> => {
  const { host, options } = context;
  const { chain, folders, documents } = await host.ledger.read((facts) => listingAt(context, facts, path, kinds));
  const folder = chain.at(-1);
  return success(
    {
      error: '',
      folderid: folder?.id ?? 0,
      parentid: chain.at(-2)?.id ?? 0,
      name: folder?.name ?? '',
      path: slashPath(chain),
      folderfilter: '',
      documentfilter: '',
      itemcount: folders.length + documents.length,
    },
    ...folders.map(shortFolder),
    ...documents.map((document) => shortDocument(document, options.listDates)),
  );
};

const folderParameters = {
  Path: folderPath,
  WithRules: wanted,
  withPropertySets: wanted,
  withSecurity: wanted,
  withOwner: wanted,
};

const documentParameters = {
  withPropertySets: wanted,
  withSecurity: wanted,
  withOwner: wanted,
  withVersions: wanted,
};

interface Flags {
  readonly WithRules?: boolean;
  readonly withPropertySets: boolean;
  readonly withSecurity: boolean;
  readonly withOwner: boolean;
  readonly withVersions?: boolean;
}

const extrasOf = (flags: Flags): FolderExtras & DocumentExtras => ({
  rules: flags.WithRules ?? false,
  propertySets: flags.withPropertySets,
  security: flags.withSecurity,
  owner: flags.withOwner,
  versions: flags.withVersions ?? false,
});

export const GetFolder = ticketed({
  doc: 'Shows a folder.',
  params: folderParameters,
  run: async ({ Path, ...flags }, { host, library, options }) => {
    const { folder, chain } = await host.ledger.read(async (facts) => {
      const folder = await library.needFolder(facts, Path);
      return { folder, chain: await library.chainOf(facts, folder.id) };
    });
    return success({ error: '' }, folderElement(folder, chain, options.listDates, extrasOf(flags)));
  },
});

export const GetFolders = ticketed({
  doc: 'Shows the folders in a folder.',
  params: folderParameters,
  run: ({ Path, ...flags }, context) => fullList(context, Path, { folders: true }, extrasOf(flags)),
});

export const GetFolders1 = ticketed({
  doc: 'Shows the folders in a folder, in short.',
  params: { Path: folderPath },
  run: ({ Path }, context) => shortList(context, Path, { folders: true }),
});

export const GetDocument = ticketed({
  doc: 'Shows a document.',
  params: { Path: documentPath, ...documentParameters },
  run: async ({ Path, ...flags }, { host, library, options }) => {
    const { document, chain } = await host.ledger.read(async (facts) => {
      const document = await library.needDocument(facts, Path);
      return { document, chain: await library.chainOf(facts, document.file.folder) };
    });
    return success({ error: '' }, documentElement(document, chain, options.listDates, extrasOf(flags)));
  },
});

export const GetDocuments = ticketed({
  doc: 'Shows the documents in a folder.',
  params: { Path: folderPath, ...documentParameters },
  run: ({ Path, ...flags }, context) => fullList(context, Path, { documents: true }, extrasOf(flags)),
});

export const GetDocuments1 = ticketed({
  doc: 'Shows the documents in a folder, in short.',
  params: { Path: folderPath },
  run: ({ Path }, context) => shortList(context, Path, { documents: true }),
});

export const GetFoldersAndDocuments = ticketed({
  doc: 'Shows what is in a folder: the folders, then the documents.',
  params: {
    Path: folderPath,
    withrules: wanted,
    withpropertysets: wanted,
    withsecurity: wanted,
    withOwner: wanted,
    withVersions: wanted,
  },
  run: ({ Path, withrules, withpropertysets, withsecurity, withOwner, withVersions }, context) =>
    fullList(
      context,
      Path,
      { folders: true, documents: true },
      {
        rules: withrules,
        propertySets: withpropertysets,
        security: withsecurity,
        owner: withOwner,
        versions: withVersions,
      },
    ),
});

export const GetFoldersAndDocuments1 = ticketed({
  doc: 'Shows what is in a folder, in short.',
  params: { Path: folderPath },
  run: ({ Path }, context) => shortList(context, Path, { folders: true, documents: true }),
});
