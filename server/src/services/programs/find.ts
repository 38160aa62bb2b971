import { access, constants } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** Where programs are looked for, and all of the search path that programs which are run here get to see. */
export const programFolders: readonly string[] = [
  '/usr/local/bin',
  '/usr/bin',
  '/bin',
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/opt/homebrew/bin',
  '/snap/bin',
];

/** The absolute path of the first of these programs that is installed; a name that is a path is looked for there, an empty one is none. */
export const findProgram = async (...names: readonly string[]): Promise<string | undefined> => {
  for (const name of names) {
    if (name === '') continue;
    for (const path of isAbsolute(name) ? [name] : programFolders.map((folder) => join(folder, name))) {
      const found = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return path;
    }
  }
  return undefined;
};
