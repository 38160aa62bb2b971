import { open } from 'node:fs/promises';
import { makeFolder } from '../../kit/folder.js';
import { rounds } from '../../kit/rounds.js';

/** A folder whose names can be made durable. */
export interface Folder {
  readonly path: string;
  /** On return, every name that was made, changed or removed before the call is durable. Shared by all who call. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a folder, making it if need be. Once a sync has failed, every later one fails. */
export const openFolder = async (path: string): Promise<Folder> => {
  await makeFolder(path);
  const handle = await open(path);
  let failed: Error | undefined;
  return {
    path,
    sync: rounds(async () => {
      if (failed) throw failed;
      try {
        await handle.sync();
      } catch (cause) {
        failed = new Error(`the folder ${path} could not be synced to disk`, { cause });
        throw failed;
      }
    }),
    close: () => handle.close(),
  };
};
