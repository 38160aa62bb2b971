import { askPermission, fileAt, permission, type Root } from './handles.js';
import type { Item } from './item.js';
import type { Journal } from './journal.js';

/** How files of uploads that this page did not choose itself are come by. */
export interface Files {
  /** A root that items refer to from now on. */
  know(root: Root): void;
  /** The item's file; `asking`: the browser wants leave first; `lost`: it has to be chosen again. */
  find(item: Item): Promise<File | 'asking' | 'lost'>;
  /** How `find` would end, without reading anything. */
  outlook(item: Item): Promise<'found' | 'asking' | 'lost'>;
  /** Asks for leave to read all that `items` need. While the browser sees that the person just did something. */
  ask(items: readonly Item[]): Promise<void>;
}

export const openFiles = (journal: Pick<Journal, 'copyOf'>): Files => {
  const roots = new Map<string, Root>();
  const rootOf = ({ root }: Item): Root | undefined => (root === null ? undefined : roots.get(root));

  const outlook: Files['outlook'] = async (item) => {
    if (item.file !== null || item.copied) return 'found';
    const root = rootOf(item);
    if (root === undefined) return 'lost';
    const state = await permission(root);
    return { granted: 'found', prompt: 'asking', denied: 'lost' }[state] as 'found' | 'asking' | 'lost';
  };

  return {
    know: (root) => void roots.set(root.id, root),
    outlook,
    find: async (item) => {
      if (item.file !== null) return item.file;
      if (item.copied) return (await journal.copyOf(item.id)) ?? 'lost';
      const standing = await outlook(item);
      const root = rootOf(item);
      if (standing !== 'found' || root === undefined) return standing === 'asking' ? standing : 'lost';
      // It was moved, renamed or deleted.
      return fileAt(root, item.path).catch(() => 'lost' as const);
    },
    ask: async (items) => {
      // One answer of the person often stands for all: they are asked one after the other, and who has leave is not.
      for (const root of new Set(items.map(rootOf)))
        if (root !== undefined) await askPermission(root).catch(() => 'prompt');
    },
  };
};
