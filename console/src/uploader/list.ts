import { signal } from '@preact/signals';
import { type Entry, type Group, type Item, isGroup, type Kept, type Phase, toKept } from './item.js';
import type { Journal } from './journal.js';

/** The uploads of this page, and what is kept of them. */
export interface List {
  /** In the order in which they were chosen. */
  readonly entries: readonly Entry[];
  /** Has what is being drawn be drawn anew whenever something in the list has changed; a few times a second at most. */
  follow(): void;
  items(): IterableIterator<Item>;
  add(items: readonly Item[]): void;
  /** Changes an upload, and keeps it as it is then. */
  change(item: Item, change: Partial<Item>): void;
  /** Changes what is not worth keeping. */
  show(item: Item, change: Partial<Pick<Item, 'confirmed' | 'speed' | 'note' | 'phase'>>): void;
  remove(items: Iterable<Item>): void;
  /** Empties the list and keeps what is kept. */
  clear(): void;
  /** Shows at once what was changed: somebody did it and waits. */
  flush(): void;
}

/** Ms between two looks at what changed by itself. */
const pace = 250;

const forgotten: ReadonlySet<Phase> = new Set(['done', 'refused', 'cancelled']);

/** Opens an empty list. */
export const openList = (journal: Pick<Journal, 'keep'>): List => {
  const entries: Entry[] = [];
  const groups = new Map<string, Group>();
  const items = new Map<string, Item>();
  const revision = signal(0);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    revision.value += 1;
  };
  const touch = (): void => {
    timer ??= setTimeout(flush, pace);
  };
  const keep = (item: Item): void => {
    const kept: Kept | null = forgotten.has(item.phase) ? null : toKept(item);
    journal.keep(item.id, kept);
  };
  const groupOf = ({ group }: Item): Group | undefined => {
    if (group === null) return undefined;
    const known = groups.get(group.id);
    if (known !== undefined) return known;
    const made: Group = { ...group, items: [] };
    groups.set(group.id, made);
    entries.push(made);
    return made;
  };

  return {
    entries,
    follow: () => void revision.value,
    flush,
    items: () => items.values(),
    add: (added) => {
      for (const item of added) {
        items.set(item.id, item);
        (groupOf(item)?.items ?? entries).push(item);
        keep(item);
      }
      flush();
    },
    change: (item, change) => {
      Object.assign(item, change);
      if (items.has(item.id)) keep(item);
      touch();
    },
    show: (item, change) => {
      Object.assign(item, change);
      touch();
    },
    remove: (removed) => {
      const gone = new Set(removed);
      for (const item of gone) {
        items.delete(item.id);
        journal.keep(item.id, null);
      }
      const isLeft = (entry: Entry): boolean => {
        if (!isGroup(entry)) return !gone.has(entry);
        entry.items.splice(0, entry.items.length, ...entry.items.filter((item) => !gone.has(item)));
        if (entry.items.length === 0) groups.delete(entry.id);
        return entry.items.length > 0;
      };
      entries.splice(0, entries.length, ...entries.filter(isLeft));
      flush();
    },
    clear: () => {
      entries.length = 0;
      groups.clear();
      items.clear();
      flush();
    },
  };
};
