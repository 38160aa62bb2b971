import type { Facts } from '../../../engine/ports.js';
import type { FileVerbs } from './files.js';
import { type FolderVerbs, needBelowRoot } from './folders.js';
import { note } from './history.js';
import type { DriveParts } from './parts.js';
import type { Home } from './places.js';

/** What is to be moved, or copied, and where to. Ids are the catalog's. */
export interface Pasting {
  readonly to: number;
  /** Moved, rather than copied. */
  readonly cut: boolean;
  readonly files: readonly number[];
  readonly folders: readonly number[];
}

/**
 * Moves or copies files and folders, all or none. Refuses `no-such-file`, also for what is in the recycle bin; `name-taken`; and
 * `malformed` for the root and for a folder that would lie in itself.
 */
export type Paste = (facts: Facts, home: Home, pasting: Pasting) => Promise<void>;

/** Makes it. */
export const openPaste = (
  { catalog, places, clock }: DriveParts,
  { copyFile }: FileVerbs,
  { copyFolder }: FolderVerbs,
): Paste => {
  return async (facts, home, pasting) => {
    const { cut } = pasting;
    const to = await places.liveFolder(facts, home, pasting.to);
    const noted = { what: cut ? 'moved' : 'copied', at: clock.now() } as const;
    for (const id of pasting.files) {
      const { file } = await places.liveFile(facts, home, id);
      const pasted = cut
        ? await catalog.amendFile(facts, id, { folder: to.folder.id })
        : await copyFile(facts, home, file, to, 'refuse');
      await note(facts, home, to, { ...noted, file: pasted.id, sourceFile: id, sourceDir: file.folder });
    }
    for (const id of pasting.folders) {
      needBelowRoot(home, id);
      const from = await places.liveFolder(facts, home, id);
      const pasted = cut
        ? await catalog.amendFolder(facts, id, { parent: to.folder.id })
        : await copyFolder(facts, home, from, to);
      await note(facts, home, to, { ...noted, dir: pasted.id, sourceDir: id });
    }
  };
};
