/**
 * One option of a room: where its help text, default and parser live. A room exports a table of them; `config`
 * gathers the tables, and flags, environment, configuration file and docs all follow from the same rows.
 */
export interface Option<T> {
  /** One sentence, with the unit. */
  readonly help: string;
  readonly default: T;
  /** Turns text (flag, environment) or a JSON/YAML value into a `T`; throws an `Error` that says what is wanted. */
  readonly parse: (value: unknown) => T;
  /** What the help shows for the value: `BYTES`, `DIR`. */
  readonly placeholder?: string;
  /** Never printed: `--print-config` shows `(set)`. */
  readonly secret?: boolean;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** The values of a table, typed: `{ port: number; … }`. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer T> ? T : never;
};

/** The defaults of a table. */
export const defaultsOf = <Table extends OptionTable>(table: Table): OptionValues<Table> =>
  Object.freeze(
    Object.fromEntries(Object.entries(table).map(([name, option]) => [name, option.default])),
  ) as OptionValues<Table>;

type Rest<T> = { help: string; default: T } & Partial<Pick<Option<T>, 'placeholder' | 'secret'>>;

/** An option that is text. */
export const textOption = <T extends string | null>(rest: Rest<T>): Option<T | string> => ({
  ...rest,
  parse: (value) => {
    if (typeof value !== 'string') throw new Error('wants a text');
    return value;
  },
});

/** An option that is a whole number, at least `min`. */
export const numberOption = (rest: Rest<number> & { min?: number }): Option<number> => ({
  ...rest,
  parse: (value) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < (rest.min ?? 0))
      throw new Error(`wants a whole number, at least ${rest.min ?? 0}`);
    return number;
  },
});

const units: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** An option that is a number of bytes: `1048576`, `64k`, `5GiB`. */
export const bytesOption = (rest: Rest<number>): Option<number> => ({
  placeholder: 'BYTES',
  ...rest,
  parse: (value) => {
    const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(String(value).trim());
    const factor = units[match?.[2]?.toLowerCase() ?? ''];
    if (!match || factor === undefined) throw new Error('wants bytes, such as 1048576, 64k or 5GiB');
    return Math.round(Number(match[1]) * factor);
  },
});

/** An option that is yes or no. */
export const flagOption = (rest: Rest<boolean>): Option<boolean> => ({
  ...rest,
  parse: (value) => {
    if (typeof value === 'boolean') return value;
    if (/^(true|yes|on|1)$/i.test(String(value))) return true;
    if (/^(false|no|off|0)$/i.test(String(value))) return false;
    throw new Error('wants true or false');
  },
});

/** An option that is one of a few words. */
export const choiceOption = <const T extends string>(rest: Rest<T> & { choices: readonly T[] }): Option<T> => ({
  ...rest,
  parse: (value) => {
    const found = rest.choices.find((choice) => choice === value);
    if (found === undefined) throw new Error(`wants one of ${rest.choices.join(', ')}`);
    return found;
  },
});

/** An option that is a list of texts: a JSON/YAML list, or text parted by commas. */
export const listOption = (rest: Rest<readonly string[]>): Option<readonly string[]> => ({
  ...rest,
  parse: (value) => {
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
    if (typeof value === 'string')
      return value
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '');
    throw new Error('wants a list of texts');
  },
});
