import type { Json } from '../../../kit/json.js';
import { catalogue } from './catalogue.js';
import { commonOptions } from './common-options.js';
import type { Conversion } from './conversion.js';
import { type Judgement, judgeOptions } from './judge.js';
import type { ConversionSettings } from './options.js';

/** What this installation can convert to. */
export interface Conversions {
  /** All, in the order in which they are told. */
  readonly list: readonly Conversion[];
  /** The first that has this target, in this category if one is said. Case does not matter. */
  find(target: string, category?: string): Conversion | undefined;
  /** Judges a client's options of one of them. */
  validate(conversion: Conversion, options: Readonly<Record<string, Json>>): Judgement;
}

/** Looks what is installed here. What is missing is not in the list. */
export const openConversions = async (settings: ConversionSettings): Promise<Conversions> => {
  const all = catalogue(settings);
  const there = await Promise.all(all.map((each) => each.available()));
  const list = all.filter((_, index) => there[index]);
  return {
    list,
    find: (target, category) =>
      list.find(
        (each) =>
          each.target === target.toLowerCase() && (category === undefined || each.category === category.toLowerCase()),
      ),
    validate: ({ optionsSchema }, options) => judgeOptions({ ...commonOptions, ...optionsSchema }, options),
  };
};
