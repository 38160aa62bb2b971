import { type FactReader, type Facts, ordered, shelf } from '../../engine/ports.js';
import { Refusal } from '../../engine/refusals.js';
import type { File, Folder } from './catalog.js';

/** Ids are ordered numbers. */
export const folderShelf = shelf<Folder>('catalog/folder');
/** Ids are ordered numbers, so the shelf's order is the files' age. */
export const fileShelf = shelf<File>('catalog/file');
/** `<parent>/<name key>`: the folder's id. */
export const folderNameShelf = shelf<number>('catalog/folder-name');
/** `<folder>/<name key>/<file>`: the file's id. */
export const fileNameShelf = shelf<number>('catalog/file-name');
/** `<owner>/<file>`: the file's id. */
export const ownerShelf = shelf<number>('catalog/owner');
/** `<algorithm>/<hex>/<file>`: the file's id. */
export const digestShelf = shelf<number>('catalog/digest');
/** How many versions refer to an object. */
export const objectShelf = shelf<number>('catalog/object');
/** Objects that nobody refers to any more, until their bytes are gone. */
export const unusedShelf = shelf<null>('catalog/unused');
const counterShelf = shelf<number>('catalog/counter');

/** The next id of a folder or file, from 1 on. */
export const nextId = async (facts: Facts): Promise<number> => {
  const next = ((await counterShelf.get(facts, 'id')) ?? 0) + 1;
  counterShelf.put(facts, 'id', next);
  return next;
};

/** An id as a part of a key. Nothing is kept under what is no id. */
export const idKey = (id: number): string => (Number.isSafeInteger(id) && id > 0 ? ordered(id) : 'none');

/** The folder of this id; refuses `no-such-file`. */
export const needFolder = async (facts: FactReader, id: number): Promise<Folder> => {
  const folder = await folderShelf.get(facts, idKey(id));
  if (!folder) throw new Refusal('no-such-file', { id: String(id) });
  return folder;
};

/** Refuses `malformed` for an id that was never given out, or that is something's already. */
export const needReserved = async (facts: FactReader, id: number): Promise<void> => {
  const last = (await counterShelf.get(facts, 'id')) ?? 0;
  const taken = (await fileShelf.get(facts, idKey(id))) ?? (await folderShelf.get(facts, idKey(id)));
  if (!Number.isSafeInteger(id) || id < 1 || id > last || taken)
    throw new Refusal('malformed', { reason: 'The id is not reserved.' });
};

/** The file of this id; refuses `no-such-file`. */
export const needFile = async (facts: FactReader, id: number): Promise<File> => {
  const file = await fileShelf.get(facts, idKey(id));
  if (!file) throw new Refusal('no-such-file', { id: String(id) });
  return file;
};

/** The files that an index names, in its order. */
export const filesOf = async (facts: FactReader, entries: readonly { value: number }[]): Promise<File[]> => {
  const found: File[] = [];
  for (const { value } of entries) found.push(await needFile(facts, value));
  return found;
};
