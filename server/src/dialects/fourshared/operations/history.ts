import { long } from '../../../wire/soap/index.js';
import type { Context } from '../context.js';
import { type HistoryEntry, type HistoryQuery, happenings, history, lastEntry } from '../drive/history.js';
import { dirOf, toWire } from '../ids.js';
import { asking, open } from '../operation.js';
import { dirHistoryDTOArray, dirHistoryDTOArrayArray, type HistoryItem, longArray, stringArray } from '../types.js';

const itemOf = ({ number, entry }: { number: number; entry: HistoryEntry }): HistoryItem => {
  const { dir, file, sourceDir, sourceFile, path } = entry;
  return {
    compId: '',
    date: new Date(entry.at),
    ...(dir !== undefined && { dirId: toWire(dir) }),
    ...(file !== undefined && { fileId: toWire(file) }),
    id: number,
    operation: happenings.indexOf(entry.what),
    parentDirId: toWire(path.at(-1) ?? 0),
    ...(sourceDir !== undefined && { sourceDirId: toWire(sourceDir) }),
    ...(sourceFile !== undefined && { sourceFileId: toWire(sourceFile) }),
  };
};

const list = async (
  { read, home }: Context,
  query: Pick<HistoryQuery, 'direct' | 'after'> & { dirId: number },
): Promise<HistoryItem[]> => {
  const { dirId, ...rest } = query;
  const found = await read((facts) => history(facts, home, { ...rest, dir: dirOf(home, dirId) }));
  return found.map(itemOf);
};

/** One list for each folder, from behind the entry that stands at the same place in the other array. */
const readEach = async (context: Context, dirs: readonly number[], after: readonly number[], direct: boolean) => {
  const lists: HistoryItem[][] = [];
  for (const [n, dirId] of dirs.entries()) lists.push(await list(context, { dirId, after: after[n] ?? 0, direct }));
  return lists;
};

export const getHistory = asking({
  doc: 'What happened in a folder and those in it, the oldest first.',
  params: { dirId: long() },
  result: dirHistoryDTOArray,
  run: ({ dirId }, context) => list(context, { dirId }),
});

export const getHistoryFromId = asking({
  doc: 'What happened in a folder and those in it behind an entry.',
  params: { dirId: long(), historyId: long() },
  result: dirHistoryDTOArray,
  run: ({ dirId, historyId }, context) => list(context, { dirId, after: historyId }),
});

export const getHistoriesFromId = asking({
  doc: 'What happened in each of these folders, and those in them, behind its entry.',
  params: { dirIds: longArray, historyIds: longArray },
  result: dirHistoryDTOArrayArray,
  run: ({ dirIds, historyIds }, context) => readEach(context, dirIds, historyIds, false),
});

export const getNotRecursiveHistories = asking({
  doc: 'What happened in each of these folders alone, behind its entry.',
  params: { dirIds: longArray, historyIds: longArray },
  result: dirHistoryDTOArrayArray,
  run: ({ dirIds, historyIds }, context) => readEach(context, dirIds, historyIds, true),
});

export const getHistoryLastId = asking({
  doc: 'The id of the last thing that happened; 0: nothing did.',
  params: { dirId: long() },
  result: long(),
  run: (_args, { home, read }) => read((facts) => lastEntry(facts, home)),
});

export const getOperationDescriptions = open({
  doc: 'What the numbers of operations in a history mean, from 0 on.',
  params: {},
  result: stringArray,
  run: async () => happenings,
});
