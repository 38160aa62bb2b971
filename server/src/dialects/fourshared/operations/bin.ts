import type { Facts } from '../../../engine/ports.js';
import { freeUnused } from '../../../services/catalog/unused.js';
import { int, long } from '../../../wire/soap/index.js';
import type { Context } from '../context.js';
import { fromWire } from '../ids.js';
import { fileItem, folderItem } from '../items.js';
import { asking } from '../operation.js';
import { accountItemArray, longArray } from '../types.js';

/** Does what ends with objects that nobody refers to any more, and frees those. */
const erase = async (
  { host, caller, write }: Context,
  work: (facts: Facts) => Promise<readonly string[]>,
): Promise<void> => {
  caller.need('delete');
  await freeUnused(host, await write(work));
};

export const deleteFile = asking({
  doc: 'Puts a file into the recycle bin.',
  params: { fileId: long() },
  run: async ({ fileId }, { drive, home, caller, write }) => {
    caller.need('delete');
    await write((facts) => drive.removeFile(facts, home, fromWire(fileId)));
  },
});

export const deleteFileFinal = asking({
  doc: 'Deletes a file for good.',
  params: { fileId: long() },
  run: ({ fileId }, context) =>
    erase(context, (facts) => context.drive.deleteFile(facts, context.home, fromWire(fileId))),
});

export const deleteFolder = asking({
  doc: 'Puts a folder into the recycle bin, with everything in it.',
  params: { dirId: long() },
  run: async ({ dirId }, { drive, home, caller, write }) => {
    caller.need('delete');
    await write((facts) => drive.removeFolder(facts, home, fromWire(dirId)));
  },
});

export const deleteFolderFinal = asking({
  doc: 'Deletes a folder for good, with everything in it.',
  params: { dirId: long() },
  run: ({ dirId }, context) =>
    erase(context, (facts) => context.drive.deleteFolder(facts, context.home, fromWire(dirId))),
});

export const getRecycleBinItems = asking({
  doc: 'What is in the recycle bin.',
  params: {},
  result: accountItemArray,
  run: async (_args, { drive, home, base, read }) => {
    const { folders, files } = await read((facts) => drive.removed(facts, home));
    return [
      ...folders.map((each) => folderItem(each, { removed: true, root: home.drive })),
      ...files.map((each) => fileItem(each, { removed: true, base })),
    ];
  },
});

const restore = async ({ drive, home, caller, write }: Context, ids: readonly number[]): Promise<void> => {
  caller.need('delete');
  await write(async (facts) => {
    for (const id of ids) await drive.restore(facts, home, fromWire(id));
  });
};

export const restoreFile = asking({
  doc: 'Puts a file or a folder back where it was; into the root, where that is gone.',
  params: { id: long() },
  run: ({ id }, context) => restore(context, [id]),
});

export const restoreFiles = asking({
  doc: 'Puts files and folders back where they were, all or none.',
  params: { ids: longArray },
  run: ({ ids }, context) => restore(context, ids),
});

export const emptyRecycleBin = asking({
  doc: 'Deletes for good what is in the recycle bin: answers how many items that were.',
  params: {},
  result: int(),
  run: async (_args, { host, drive, home, caller, write }) => {
    caller.need('delete');
    let items = 0;
    for (;;) {
      const some = await write((facts) => drive.emptySome(facts, home));
      if (some.items === 0) return items;
      await freeUnused(host, some.unused);
      items += some.items;
    }
  },
});
