/** Anything that is told anew as it changes. */
interface Dated {
  readonly createdAt: number;
}

/** What was read, with what changed since in its place, and what came since; the newest first. */
export const merged = <Item extends Dated>(
  read: readonly Item[],
  changed: ReadonlyMap<string, Item>,
  keyOf: (item: Item) => string,
): readonly Item[] => {
  const all = new Map(read.map((item) => [keyOf(item), item]));
  for (const [key, item] of changed) all.set(key, item);
  return [...all.values()].sort((a, b) => b.createdAt - a.createdAt || (keyOf(a) < keyOf(b) ? -1 : 1));
};
