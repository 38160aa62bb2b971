import { stringify } from 'yaml';
import { isOption, type Tree } from './tree.js';

const plain = (tree: Tree, values: object): object =>
  Object.fromEntries(
    Object.entries(tree).map(([name, node]) => {
      const value: unknown = Object.getOwnPropertyDescriptor(values, name)?.value;
      if (!isOption(node)) return [name, plain(node, value as object)];
      return [name, node.secret && value !== null ? '(set)' : value];
    }),
  );

/** A configuration as YAML, as a configuration file would hold it, but with secrets as `(set)`. */
export const printed = (tree: Tree, values: object): string =>
  stringify(plain(tree, values), { aliasDuplicateObjects: false });
