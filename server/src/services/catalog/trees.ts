import type { Facts } from '../../engine/ports.js';
import type { Catalog, File } from './catalog.js';

/** Files that are read at once. */
const page = 200;

/** Removes a folder with everything in it (see `Catalog.removeTree`): what lies deepest goes first. */
export const removeTree = async (
  catalog: Pick<Catalog, 'folders' | 'files' | 'removeFile' | 'removeFolder'>,
  facts: Facts,
  id: number,
): Promise<string[]> => {
  const unused: string[] = [];
  for (const folder of await catalog.folders(facts, id)) unused.push(...(await removeTree(catalog, facts, folder.id)));
  let files: File[];
  do {
    files = await catalog.files(facts, id, { limit: page });
    for (const file of files) unused.push(...(await catalog.removeFile(facts, file.id)));
  } while (files.length > 0);
  await catalog.removeFolder(facts, id);
  return unused;
};
