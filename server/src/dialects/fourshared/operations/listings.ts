import type { FactReader } from '../../../engine/ports.js';
import { flag, int, long } from '../../../wire/soap/index.js';
import { type Context, findDir } from '../context.js';
import type { Place } from '../drive/drive.js';
import { dirOf, fromWire } from '../ids.js';
import { fileItem, folderItem, noItem } from '../items.js';
import { asking } from '../operation.js';
import { type AccountItem, accountItem, accountItemArray, longArray } from '../types.js';
import { openUpload } from '../uploads/find.js';

/** Which children of a folder are wanted: of all of them, folders first, each kind by name. */
interface Part {
  readonly start: number;
  readonly count: number;
  readonly only?: 'folders';
}

const all: Part = { start: 0, count: Number.POSITIVE_INFINITY };

const children = async (
  { drive, host, home, base }: Context,
  facts: FactReader,
  { folder, removed }: Place,
  { start, count, only }: Part,
): Promise<AccountItem[]> => {
  const folders = await host.catalog.folders(facts, folder.id);
  const end = start + count;
  const items = folders.slice(start, end).map((each) => folderItem(each, { removed, root: home.drive }));
  if (only === 'folders') return items;
  let at = folders.length;
  for await (const file of drive.filesIn(facts, folder.id)) {
    if (at >= end) break;
    if (at >= start) items.push(fileItem(file, { removed, base }));
    at += 1;
  }
  return items;
};

const list = (context: Context, dirId: number, part: Part = all): Promise<readonly AccountItem[]> =>
  context.read(async (facts) =>
    children(context, facts, await context.drive.folder(facts, context.home, dirOf(context.home, dirId)), part),
  );

const findFile = async (context: Context, facts: FactReader, id: number): Promise<AccountItem | undefined> => {
  const { drive, home, base } = context;
  const found = await drive.findFile(facts, home, fromWire(id));
  return found && fileItem(found.file, { removed: found.place.removed, base });
};

const fileInfo = async (context: Context, id: number): Promise<AccountItem> =>
  (await context.read((facts) => findFile(context, facts, id))) ?? (await openUpload(context, id)) ?? noItem;

const dirInfo = async (context: Context, id: number): Promise<AccountItem> => {
  const place = await findDir(context, id);
  return place ? folderItem(place.folder, { removed: place.removed, root: context.home.drive }) : noItem;
};

export const getRoot = asking({
  doc: 'The root folder of the account.',
  params: {},
  result: accountItem,
  run: (_args, context) => dirInfo(context, -1),
});

export const getItems = asking({
  doc: 'Folders and files in a folder.',
  params: { dirId: long({ doc: '-1: the root.' }) },
  result: accountItemArray,
  run: ({ dirId }, context) => list(context, dirId),
});

export const getItemsPartial = asking({
  doc: 'Some of the folders and files in a folder: folders first, by name.',
  params: { dirId: long(), startIndex: int(), count: int() },
  result: accountItemArray,
  run: ({ dirId, startIndex, count }, context) =>
    list(context, dirId, { start: Math.max(0, startIndex), count: Math.max(0, count) }),
});

export const getItemsCount = asking({
  doc: 'How many folders and files are in a folder.',
  params: { dirId: long() },
  result: long(),
  run: async ({ dirId }, context) => {
    const { host, drive, home, read } = context;
    return read(async (facts) => {
      const { folder } = await drive.folder(facts, home, dirOf(home, dirId));
      let count = (await host.catalog.folders(facts, folder.id)).length;
      for await (const _ of drive.filesIn(facts, folder.id)) count += 1;
      return count;
    });
  },
});

export const getAllFolders = asking({
  doc: 'The folders in the root.',
  params: {},
  result: accountItemArray,
  run: (_args, context) => list(context, -1, { ...all, only: 'folders' }),
});

export const getAllItems = asking({
  doc: 'The folders and files in the root.',
  params: {},
  result: accountItemArray,
  run: (_args, context) => list(context, -1),
});

export const getFileInfo = asking({
  doc: 'What is known of a file. Of one whose upload is open, the size is what is there without a hole.',
  params: { fileId: long() },
  result: accountItem,
  run: ({ fileId }, context) => fileInfo(context, fileId),
});

export const getDirInfo = asking({
  doc: 'What is known of a folder.',
  params: { dirId: long() },
  result: accountItem,
  run: ({ dirId }, context) => dirInfo(context, dirId),
});

export const getItemInfo = asking({
  doc: 'What is known of a folder or a file.',
  params: { id: long(), directory: flag() },
  result: accountItem,
  run: ({ id, directory }, context) => (directory ? dirInfo(context, id) : fileInfo(context, id)),
});

export const getFiles = asking({
  doc: 'What is known of these files, in the order asked; unknown ones are left out.',
  params: { fileIds: longArray },
  result: accountItemArray,
  run: ({ fileIds }, context) =>
    context.read(async (facts) => {
      const found: AccountItem[] = [];
      for (const id of fileIds) {
        const item = await findFile(context, facts, id);
        if (item) found.push(item);
      }
      return found;
    }),
});
