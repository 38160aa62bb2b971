/** Writes that are not in the database yet; null for a key that is to go away. */
export interface Overlay {
  /** The value's text; null for a key that is gone, undefined for one that was not written. */
  get(key: string): string | null | undefined;
  set(key: string, value: string | null): void;
  /** Written keys from `from` on and before `below`, in no order. */
  within(from: string, below: string): [string, string | null][];
  entries(): Iterable<[string, string | null]>;
  clear(): void;
}

/** The first part of a key, with its slash: lists hardly ever go beyond one of these. */
const shelfOf = (key: string): string => key.slice(0, key.indexOf('/') + 1);

/** Makes an empty overlay. */
export const overlay = (): Overlay => {
  const shelves = new Map<string, Map<string, string | null>>();
  return {
    get: (key) => shelves.get(shelfOf(key))?.get(key),
    set: (key, value) => {
      const name = shelfOf(key);
      const shelf = shelves.get(name);
      if (shelf) shelf.set(key, value);
      else shelves.set(name, new Map([[key, value]]));
    },
    within: (from, below) => {
      const one = shelfOf(from);
      const looked = one !== '' && below.startsWith(one) ? [shelves.get(one) ?? new Map()] : [...shelves.values()];
      return looked.flatMap((shelf: Map<string, string | null>) =>
        [...shelf].filter(([key]) => key >= from && key < below),
      );
    },
    *entries() {
      for (const shelf of shelves.values()) yield* shelf;
    },
    clear: () => shelves.clear(),
  };
};
