import type { Chosen } from './gather.js';
import type { Item } from './item.js';

const keyOf = ({ size, lastModified }: { size: number; lastModified: number }, name: string): string =>
  JSON.stringify([name, size, lastModified]);

/** Finds, among uploads that want their file, the one that a chosen file belongs to. Each is found once. */
export interface Finder {
  find(chosen: Chosen): Item | undefined;
}

/** The same file is one of the same name, size and date; where several are, the one at the same path, else the first. */
export const openFinder = (wanted: readonly Item[]): Finder => {
  const byKey = new Map<string, Item[]>();
  for (const item of wanted) {
    const key = keyOf(item, item.path.slice(item.path.lastIndexOf('/') + 1));
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [item]);
    else same.push(item);
  }
  return {
    find: ({ file, path }) => {
      const same = byKey.get(keyOf(file, file.name)) ?? [];
      const at = Math.max(
        0,
        same.findIndex((item) => item.path === path),
      );
      return same.splice(at, 1)[0];
    },
  };
};
