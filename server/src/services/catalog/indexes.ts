import type { Facts } from '../../engine/ports.js';
import type { File, Version } from './catalog.js';
import { nameKey } from './names.js';
import { digestShelf, fileNameShelf, fileShelf, idKey, objectShelf, ownerShelf, unusedShelf } from './records.js';

/** Digests that files can be found by. */
const indexed = ['sha1', 'sha256'] as const;

/** The key of the files of one name in a folder, up to the file's id. Where `name` is no name, nothing is there. */
export const nameWithin = (folder: number, name: string): string => `${idKey(folder)}/${nameKey(name) ?? '%'}/`;

/** The key of one owner's files, up to the file's id. */
export const ownerWithin = (owner: string): string => `${encodeURIComponent(owner)}/`;

const digestKeys = ({ id, versions }: File): string[] =>
  versions.flatMap(({ digests }) =>
    indexed.flatMap((algorithm) => {
      const hex = digests[algorithm];
      return hex === undefined ? [] : [`${algorithm}/${hex}/${idKey(id)}`];
    }),
  );

/** Writes a file and everything it can be found by. */
export const putFile = (facts: Facts, file: File): void => {
  const key = idKey(file.id);
  fileShelf.put(facts, key, file);
  fileNameShelf.put(facts, nameWithin(file.folder, file.name) + key, file.id);
  ownerShelf.put(facts, ownerWithin(file.owner) + key, file.id);
  for (const each of digestKeys(file)) digestShelf.put(facts, each, file.id);
};

/** Takes a file and everything it can be found by away. */
export const dropFile = (facts: Facts, file: File): void => {
  const key = idKey(file.id);
  fileShelf.delete(facts, key);
  fileNameShelf.delete(facts, nameWithin(file.folder, file.name) + key);
  ownerShelf.delete(facts, ownerWithin(file.owner) + key);
  for (const each of digestKeys(file)) digestShelf.delete(facts, each);
};

/** Notes that one more version refers to its object. */
export const refer = async (facts: Facts, { object }: Pick<Version, 'object'>): Promise<void> => {
  const known = await objectShelf.get(facts, object);
  objectShelf.put(facts, object, (known ?? 0) + 1);
  // Nearly always a new object, for which there is nothing to take away.
  if (known === undefined && (await unusedShelf.get(facts, object)) !== undefined) unusedShelf.delete(facts, object);
};

/** Notes that a version refers to its object no more; says whether nobody does now, and remembers that. */
const unrefer = async (facts: Facts, { object }: Pick<Version, 'object'>): Promise<boolean> => {
  const left = ((await objectShelf.get(facts, object)) ?? 1) - 1;
  if (left > 0) {
    objectShelf.put(facts, object, left);
    return false;
  }
  objectShelf.delete(facts, object);
  unusedShelf.put(facts, object, null);
  return true;
};

/** Notes that these versions refer to their objects no more; gives the objects that nobody refers to now. */
export const unreferAll = async (facts: Facts, versions: readonly Version[]): Promise<string[]> => {
  const unused: string[] = [];
  for (const version of versions) if (await unrefer(facts, version)) unused.push(version.object);
  return unused;
};
