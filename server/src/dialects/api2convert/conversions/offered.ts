import type { Conversion } from './conversion.js';

/** The conversions that this installation can do. */
export interface Conversions {
  /** All of them, in the catalogue's order. */
  all(): Promise<readonly Conversion[]>;
  /** The one for a target; without a category the first (specs/api2convert.md §6). Letter case does not matter. */
  find(target: string, category?: string): Promise<Conversion | undefined>;
}

/** Of a catalogue, what is available. Asked once, when it is first wanted. */
export const offered = (catalogue: readonly Conversion[]): Conversions => {
  let asked: Promise<readonly Conversion[]> | undefined;
  const all = (): Promise<readonly Conversion[]> => {
    asked ??= Promise.all(catalogue.map((each) => each.available())).then((there) =>
      catalogue.filter((_, index) => there[index]),
    );
    return asked;
  };
  return {
    all,
    find: async (target, category) =>
      (await all()).find(
        (each) =>
          each.target.toLowerCase() === target.toLowerCase() &&
          (category === undefined || each.category.toLowerCase() === category.toLowerCase()),
      ),
  };
};
