import { type Entry, type Group, type Item, isGroup } from './item.js';

/** A line of the list. */
export type Row =
  | { readonly kind: 'item'; readonly item: Item; readonly inGroup: boolean }
  | { readonly kind: 'group'; readonly group: Group; readonly open: boolean };

/** The lines that are shown: of groups that are not open, the group alone. What was chosen last comes first. */
export const rowsOf = (entries: readonly Entry[], open: ReadonlySet<string>): Row[] =>
  entries.toReversed().flatMap((entry): Row[] => {
    if (!isGroup(entry)) return [{ kind: 'item', item: entry, inGroup: false }];
    const isOpen = open.has(entry.id);
    const head: Row = { kind: 'group', group: entry, open: isOpen };
    if (!isOpen) return [head];
    return [head, ...entry.items.map((item): Row => ({ kind: 'item', item, inGroup: true }))];
  });

export const keyOf = (row: Row): string => (row.kind === 'item' ? row.item.id : row.group.id);

/** Which of `count` lines of `height` px are within a window of `view` px that begins `top` px below the first one's top. */
export const inView = (
  count: number,
  { height, top, view }: { readonly height: number; readonly top: number; readonly view: number },
): { readonly from: number; readonly to: number } => {
  // Some more on both sides: the Tab key and screen readers go on to what is just out of sight.
  const spare = 8;
  const from = Math.max(0, Math.min(count, Math.floor(top / height) - spare));
  const to = Math.max(from, Math.min(count, Math.ceil((top + view) / height) + spare));
  return { from, to };
};
