/** A map from text to text, ordered by the keys' characters' codes. */
export interface SortedMap {
  get(key: string): string | undefined;
  /** Sets a value, or takes the key out with `undefined`. */
  set(key: string, value: string | undefined): void;
  /** The keys from the first that is not below `from` to the last that is below `to`. */
  between(from: string, to: string): readonly string[];
}

/** Makes an empty map. Inserting moves the keys behind: fine for some hundred thousands of them. */
export const sortedMap = (): SortedMap => {
  const values = new Map<string, string>();
  const keys: string[] = [];

  /** How many keys are below `key`. */
  const rank = (key: string): number => {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    get: (key) => values.get(key),
    set: (key, value) => {
      const known = values.has(key);
      if (value === undefined) {
        if (known) keys.splice(rank(key), 1);
        values.delete(key);
      } else {
        if (!known) keys.splice(rank(key), 0, key);
        values.set(key, value);
      }
    },
    between: (from, to) => keys.slice(rank(from), rank(to)),
  };
};
