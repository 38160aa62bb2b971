import { isRefusal } from '../../../engine/refusals.js';
import { flag, long, text } from '../../../wire/soap/index.js';
import { type Context, findDir } from '../context.js';
import { dirOf, fromWire, toWire } from '../ids.js';
import { asking } from '../operation.js';
import { problemOf } from '../problems.js';
import { longArray } from '../types.js';

/** What is answered in place of an id (specs/fourshared.md §10). */
const no = { denied: 0, exists: -1, removed: -2 } as const;

/** The id that `work` gives, or the number that says why not. */
const idOr = async (work: () => Promise<number>): Promise<number> => {
  try {
    return toWire(await work());
  } catch (error) {
    if (isRefusal(error, 'name-taken')) return no.exists;
    if (isRefusal(error)) return no.denied;
    throw error;
  }
};

const create = async (context: Context, dirId: number, name: string): Promise<number> => {
  const { drive, home, caller, write } = context;
  if ((await findDir(context, dirId))?.removed) return no.removed;
  return idOr(async () => {
    caller.need('upload');
    const made = await write(async (facts) =>
      drive.addFolder(facts, home, await drive.liveFolder(facts, home, dirOf(home, dirId)), name),
    );
    return made.id;
  });
};

export const createNewFolder = asking({
  doc: 'Makes a folder: answers its id; 0: denied, -1: there is one of that name, -2: the parent was removed.',
  params: { dirId: long(), folderName: text() },
  result: long(),
  run: ({ dirId, folderName }, context) => create(context, dirId, folderName),
});

export const creatNewFolder = asking({
  doc: 'Makes a folder. The older, misspelt form.',
  params: { dirId: long(), folderName: text() },
  result: flag(),
  run: async ({ dirId, folderName }, context) => (await create(context, dirId, folderName)) > 0,
});

export const renameFolder = asking({
  doc: 'Renames a folder: answers its id; 0: denied, -1: there is one of that name.',
  params: { dirId: long(), name: text() },
  result: long(),
  run: ({ dirId, name }, { drive, home, caller, write }) =>
    idOr(async () => {
      caller.need('update');
      return (await write((facts) => drive.renameFolder(facts, home, fromWire(dirId), name))).id;
    }),
});

export const renameFile = asking({
  doc: 'Renames a file: answers its id; 0: denied, -1: there is one of that name.',
  params: { fileId: long(), name: text() },
  result: long(),
  run: ({ fileId, name }, { drive, home, caller, write }) =>
    idOr(async () => {
      caller.need('update');
      return (await write((facts) => drive.renameFile(facts, home, fromWire(fileId), name))).id;
    }),
});

export const pasteFilesDirs = asking({
  doc: 'Moves or copies files and folders into a folder: answers an empty string, or why nothing was done.',
  params: { dirId: long(), cut: flag({ doc: 'Move, rather than copy.' }), files: longArray, dirs: longArray },
  result: text(),
  run: async ({ dirId, cut, files, dirs }, context) => {
    const { drive, home, caller, write } = context;
    const pasting = { to: dirOf(home, dirId), cut, files: files.map(fromWire), folders: dirs.map(fromWire) };
    try {
      caller.need(cut ? 'update' : 'upload');
      await write((facts) => drive.paste(facts, home, pasting));
      return '';
    } catch (error) {
      if (isRefusal(error)) return problemOf(error).message;
      throw error;
    }
  },
});
