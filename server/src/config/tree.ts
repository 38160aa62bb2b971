import type { Option } from '../kit/options.js';

/** Options in sections: what a configuration consists of. */
export interface Tree {
  readonly [name: string]: Option<unknown> | Tree;
}

/** The values of a tree, typed, in the same sections. */
export type Values<T> = T extends Option<infer V> ? V : { readonly [Name in keyof T]: Values<T[Name]> };

/** One option and the names it goes by. */
export interface Row {
  /** Its place in the configuration file: `['http', 'publicUrl']`. */
  readonly path: readonly string[];
  /** The same as one word: `http.publicUrl`. */
  readonly name: string;
  /** Command-line flags, without dashes, the usual one first: `http-public-url`. */
  readonly flags: readonly string[];
  /** Environment variables, the usual one first: `LONGSHORE_HTTP_PUBLIC_URL`. */
  readonly variables: readonly string[];
  readonly option: Option<unknown>;
}

/** Names short enough to be typed by hand. */
const shortNames: Readonly<Record<string, string>> = { 'http.host': 'host', 'http.port': 'port' };

/** Is this node of a tree an option, rather than a section? */
export const isOption = (node: Option<unknown> | Tree): node is Option<unknown> => typeof node.parse === 'function';

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const toRow = (path: readonly string[], option: Option<unknown>): Row => {
  const name = path.join('.');
  // `store.name` says which store: as a flag it is plainly `--store`.
  const spoken = path.length > 1 && path.at(-1) === 'name' ? path.slice(0, -1) : path;
  const short = shortNames[name];
  const flags = [...(short === undefined ? [] : [short]), spoken.map(dashed).join('-')];
  const variables = flags.map((flag) => `LONGSHORE_${flag.replaceAll('-', '_').toUpperCase()}`);
  return { path, name, flags, variables, option };
};

/** All options of a tree, in its order. */
export const rowsOf = (tree: Tree, path: readonly string[] = []): Row[] =>
  Object.entries(tree).flatMap(([name, node]) =>
    isOption(node) ? [toRow([...path, name], node)] : rowsOf(node, [...path, name]),
  );

/** The values of a tree, frozen, each as `value` says. */
export const fill = <T extends Tree>(tree: T, value: (name: string) => unknown, path = ''): Values<T> =>
  Object.freeze(
    Object.fromEntries(
      Object.entries(tree).map(([name, node]) => {
        const full = path === '' ? name : `${path}.${name}`;
        return [name, isOption(node) ? value(full) : fill(node, value, full)];
      }),
    ),
  ) as Values<T>;
