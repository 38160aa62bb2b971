import { flag, int, nillable, operationsWith, text } from '../../../wire/soap/index.js';
import type { Context } from '../context.js';
import { createFolder, deleteEntries, deletePages, foldersIn, isContentUsed, moveEntries } from '../library/changes.js';
import { listContents } from '../library/listing.js';
import { findPage } from '../library/pages.js';
import { findPath, isContent } from '../library/places.js';
import { malformed, readVirtualPath } from '../parameters.js';
import { FileUploadFault } from '../types.js';
import { contentOf, folderOf, type Telling, webPageOf } from './messages.js';
import { content, contentFolder, folders, ids, pagedContents, user, webPage } from './types.js';

const operation = operationsWith<Context>();

/** Contents of a part of a listing: where none is asked for, and the most. */
const usualPage = 100;
const largestPage = 1_000;

/** Tells entries of the catalog, as they are in one read. */
const tell = <T>({ host, call }: Context, work: (telling: Telling) => Promise<T>): Promise<T> => {
  const { catalog, ledger } = host;
  return ledger.read((facts) => work({ catalog, facts, origin: call.exchange.origin }));
};

const pathOf = (path: string): string => readVirtualPath(path === '' ? '\\' : path);

/** Who calls: clients try their credentials with it (specs/brightsign.md §A3). */
export const Authenticate = operation({
  doc: 'Answers who calls.',
  params: {},
  result: user,
  fault: FileUploadFault,
  run: async (_none, { caller: { account } }) => ({
    CreationDate: new Date(account.createdAt),
    Login: account.name,
    RoleName: account.role,
  }),
});

/** The folders in a folder (§A12). */
export const GetContentFolders = operation({
  doc: 'Answers the folders in a folder of the library, by name; none where it is not there.',
  params: { virtualPath: text() },
  result: folders,
  fault: FileUploadFault,
  run: async ({ virtualPath }, context) => {
    context.caller.need('view');
    const found = await foldersIn(context.host, pathOf(virtualPath));
    return tell(context, (telling) => Promise.all(found.map((each) => folderOf(telling, each))));
  },
});

/** The contents of a folder, part by part. */
export const GetFolderContent = operation({
  doc: 'Answers images, videos and audio files in a folder, by name: those behind the marker.',
  params: { virtualPath: text(), marker: nillable(text()), pageSize: int() },
  result: pagedContents,
  fault: FileUploadFault,
  run: async ({ virtualPath, marker, pageSize }, context) => {
    context.caller.need('view');
    if (pageSize < 0) throw malformed('The page size must not be negative.');
    const limit = Math.min(pageSize || usualPage, largestPage);
    const path = pathOf(virtualPath);
    return tell(context, async (telling) => {
      const { catalog, facts } = telling;
      const folder = await findPath(catalog, facts, path);
      const { files, next, total } = folder
        ? await listContents(catalog, facts, folder.id, { marker: marker || undefined, limit })
        : { files: [], next: undefined, total: 0 };
      return {
        IsTruncated: next !== undefined,
        Items: await Promise.all(files.map((file) => contentOf(telling, file))),
        ...(next !== undefined && { NextMarker: next }),
        PageSize: limit,
        SortExpression: '[FileName] ASC',
        TotalItemCount: total,
      };
    });
  },
});

/** One content; nil for an unknown id. */
export const GetContent = operation({
  doc: 'Answers a content; nil for an unknown id.',
  params: { contentId: int() },
  result: nillable(content),
  fault: FileUploadFault,
  run: async ({ contentId }, context) => {
    context.caller.need('view');
    return tell(context, async (telling) => {
      const file = await telling.catalog.findFile(telling.facts, contentId);
      return isContent(file) ? contentOf(telling, file) : undefined;
    });
  },
});

/** Deletes contents and folders. */
export const DeleteContent = operation({
  doc: 'Deletes contents, and folders with all that is in them. False, and nothing is deleted, if one is not there or is in use.',
  params: { contentIds: ids },
  result: flag(),
  fault: FileUploadFault,
  run: async ({ contentIds }, { host, caller }) => {
    caller.need('delete');
    return deleteEntries(host, contentIds);
  },
});

/** Moves contents and folders. */
export const MoveContent = operation({
  doc: 'Moves contents and folders to a path, which is made if it is missing. False, and nothing is moved, if one is not there.',
  params: { contentIds: ids, newVirtualPath: text() },
  result: flag(),
  fault: FileUploadFault,
  run: async ({ contentIds, newVirtualPath }, { host, caller }) => {
    caller.need('update');
    return moveEntries(host, contentIds, pathOf(newVirtualPath));
  },
});

/** Makes a folder. */
export const CreateContentFolder = operation({
  doc: 'Makes a folder of this name in the folder of this virtual path.',
  params: { entity: contentFolder },
  result: contentFolder,
  fault: FileUploadFault,
  run: async ({ entity: { Name = '', VirtualPath = '' } }, context) => {
    context.caller.need('upload');
    const folder = await createFolder(context.host, Name, pathOf(VirtualPath));
    return tell(context, (telling) => folderOf(telling, folder));
  },
});

/** Is a content in use? */
export const CheckContentUsage = operation({
  doc: 'Answers whether a content is an asset of a web page.',
  params: { contentId: int() },
  result: flag(),
  fault: FileUploadFault,
  run: async ({ contentId }, { host, caller }) => {
    caller.need('view');
    return isContentUsed(host, contentId);
  },
});

/** One web page; nil for an unknown id. */
export const GetWebPage = operation({
  doc: 'Answers a web page, with its assets if they are asked for; nil for an unknown id.',
  params: { webPageId: int(), loadAssets: flag() },
  result: nillable(webPage),
  fault: FileUploadFault,
  run: async ({ webPageId, loadAssets }, context) => {
    context.caller.need('view');
    return tell(context, async (telling) => {
      const page = await findPage(telling.catalog, telling.facts, webPageId);
      return page && webPageOf(telling, page, loadAssets);
    });
  },
});

/** Deletes web pages. */
export const DeleteWebPages = operation({
  doc: 'Deletes web pages; their assets go a day later. False, and nothing is deleted, if one is not there.',
  params: { webPageIds: ids },
  result: flag(),
  fault: FileUploadFault,
  run: async ({ webPageIds }, { host, caller }) => {
    caller.need('delete');
    return deletePages(host, webPageIds);
  },
});
