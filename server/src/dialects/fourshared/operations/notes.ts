import { flag, long, text } from '../../../wire/soap/index.js';
import { factsOfFile, factsOfFolder } from '../drive/facts.js';
import { addFavourite, dropFavourite, favourites } from '../drive/favourites.js';
import { dirOf, fromWire } from '../ids.js';
import { fileItem } from '../items.js';
import { asking } from '../operation.js';
import { type AccountItem, accountItemArray, stringArray } from '../types.js';

export const getFileDescription = asking({
  doc: 'The texts that setFileDescription set.',
  params: { fileId: long() },
  result: stringArray,
  run: async ({ fileId }, { drive, home, read }) => {
    const { file } = await read((facts) => drive.file(facts, home, fromWire(fileId)));
    return factsOfFile(file).description;
  },
});

export const setFileDescription = asking({
  doc: 'Sets three texts about a file: answers an empty string.',
  params: { fileId: long(), description: text(), second: text(), third: text(), fourth: flag(), fifth: flag() },
  result: text(),
  run: async ({ fileId, description, second, third }, { drive, home, caller, write }) => {
    caller.need('update');
    const texts = [description, second, third];
    await write((facts) => drive.describeFile(facts, home, fromWire(fileId), texts));
    return '';
  },
});

export const getDirDescription = asking({
  doc: 'The text that setDirDescription set.',
  params: { dirId: long() },
  result: text(),
  run: async ({ dirId }, { drive, home, read }) => {
    const { folder } = await read((facts) => drive.folder(facts, home, dirOf(home, dirId)));
    return factsOfFolder(folder).description;
  },
});

export const setDirDescription = asking({
  doc: 'Sets a text about a folder: answers an empty string.',
  params: { dirId: long(), description: text(), second: flag(), third: flag() },
  result: text(),
  run: async ({ dirId, description }, { drive, home, caller, write }) => {
    caller.need('update');
    await write((facts) => drive.describeFolder(facts, home, dirOf(home, dirId), description));
    return '';
  },
});

export const getFavorites = asking({
  doc: 'Files that were made favourites, by id.',
  params: {},
  result: accountItemArray,
  run: async (_args, { drive, home, base, read }) =>
    read(async (facts) => {
      const found: AccountItem[] = [];
      for (const id of await favourites(facts, home)) {
        const file = await drive.findFile(facts, home, id);
        if (file && !file.place.removed) found.push(fileItem(file.file, { removed: false, base }));
      }
      return found;
    }),
});

export const addToFavorites = asking({
  doc: 'Makes a file a favourite: answers its id; 0: there is no such file.',
  params: { fileId: long() },
  result: long(),
  run: async ({ fileId }, { drive, home, write }) =>
    write(async (facts) => {
      const found = await drive.findFile(facts, home, fromWire(fileId));
      if (!found || found.place.removed) return 0;
      addFavourite(facts, home, found.file.id);
      return fileId;
    }),
});

export const removeFromFavorites = asking({
  doc: 'Makes a file a favourite no more: answers its id; 0: it was none.',
  params: { fileId: long() },
  result: long(),
  run: async ({ fileId }, { home, write }) =>
    write(async (facts) => {
      if (!(await favourites(facts, home)).includes(fromWire(fileId))) return 0;
      dropFavourite(facts, home, fromWire(fileId));
      return fileId;
    }),
});
