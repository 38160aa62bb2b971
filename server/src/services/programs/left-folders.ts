import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../kit/clock.js';
import type { Sweep } from '../janitor/janitor.js';

/** No program works in a folder for so many ms without a change in it. */
const longest = 24 * 60 * 60 * 1000;

/**
 * Removes folders that programs worked in and that nobody removed, because their server died: those in `folder` whose names
 * begin with `prefix`. `name`: of the sweep, for the log.
 */
export const leftFolders = (
  clock: Pick<Clock, 'now'>,
  { name, folder, prefix = '' }: { readonly name: string; readonly folder: string; readonly prefix?: string },
): Sweep => ({
  name,
  run: async () => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isDirectory() || !entry.name.startsWith(prefix)) continue;
      const path = join(folder, entry.name);
      const found = await stat(path).catch(() => undefined);
      if (found && found.mtimeMs < clock.now() - longest) await rm(path, { recursive: true, force: true });
    }
  },
});
