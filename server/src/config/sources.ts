import { isOption, type Row, rowsOf, type Tree } from './tree.js';

/** Where values come from; the first that names an option wins. */
export interface Sources {
  /** By flag, without dashes; `true` for a flag without a value. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** Only its `LONGSHORE_…` variables are looked at, and only in our sections; an empty one says nothing. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What the configuration file holds, and its name for messages. */
  readonly file?: { readonly name: string; readonly content: unknown } | undefined;
}

/** A configuration that cannot be used. The message says which options are wrong, where they were set, and why. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** A value, where it was set, as people would say it. */
interface Said {
  readonly where: string;
  readonly value: unknown;
}

/**
 * Whether a variable is meant for us. Others may begin with our name, too: Kubernetes gives every container
 * `LONGSHORE_SERVICE_HOST` where a service is called longshore.
 */
const isOurs = (tree: Tree, rows: readonly Row[], name: string): boolean =>
  rows.some(({ variables }) => variables.includes(name)) ||
  Object.keys(tree).some((section) => name.startsWith(`LONGSHORE_${section.toUpperCase()}_`));

const isSection = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Goes through a file's sections along with the tree's. */
const readFile = (
  tree: Tree,
  file: { name: string; content: unknown },
  { path = [], said, wrong }: { path?: readonly string[]; said: Map<string, Said>; wrong: string[] },
): void => {
  const place = path.length === 0 ? 'the file' : `"${path.join('.')}"`;
  // An empty file or section, as YAML gives it.
  if (file.content == null) return;
  if (!isSection(file.content)) {
    wrong.push(`${file.name}: ${place} holds options by their names`);
    return;
  }
  for (const [name, value] of Object.entries(file.content)) {
    const node = Object.hasOwn(tree, name) ? tree[name] : undefined;
    const full = [...path, name].join('.');
    if (!node)
      wrong.push(`${file.name}: there is no option "${full}"; ${place} may hold ${Object.keys(tree).join(', ')}`);
    else if (!isOption(node))
      readFile(node, { name: file.name, content: value }, { path: [...path, name], said, wrong });
    else if (value != null) said.set(full, { where: `${file.name}: ${full}`, value });
  }
};

const readNames = (
  rows: readonly Row[],
  given: Readonly<Record<string, unknown>>,
  {
    namesOf,
    show,
    said,
    wrong,
  }: {
    namesOf: (row: Row) => readonly string[];
    show: (name: string) => string;
    said: Map<string, Said>;
    wrong: string[];
  },
): void => {
  const known = new Map(rows.flatMap((row) => namesOf(row).map((name) => [name, row.name] as const)));
  const seen = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    const option = known.get(name);
    if (option === undefined) {
      wrong.push(`${show(name)}: there is no such option`);
      continue;
    }
    const other = seen.get(option);
    if (other !== undefined) wrong.push(`${show(name)} and ${show(other)} are the same option: give one of them`);
    seen.set(option, name);
    said.set(option, { where: show(name), value });
  }
};

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};

/**
 * The value of each option of the tree, by name: flags before environment before file before default. Throws a
 * `ConfigError` with one line for each option that does not exist or has a value it does not take.
 */
export const resolve = (tree: Tree, sources: Sources): Map<string, unknown> => {
  const rows = rowsOf(tree);
  const said = new Map<string, Said>();
  const wrong: string[] = [];
  // From the weakest source to the strongest: what is said later stands.
  if (sources.file) readFile(tree, sources.file, { said, wrong });
  const variables = Object.entries(sources.environment ?? {}).filter(
    ([name, value]) => value && isOurs(tree, rows, name),
  );
  const environment = Object.fromEntries(variables);
  readNames(rows, environment, { namesOf: (row) => row.variables, show: (name) => name, said, wrong });
  readNames(rows, sources.flags ?? {}, { namesOf: (row) => row.flags, show: (name) => `--${name}`, said, wrong });

  const values = new Map<string, unknown>();
  for (const { name, option } of rows) {
    const given = said.get(name);
    try {
      values.set(name, given ? option.parse(given.value) : option.default);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      wrong.push(`${given?.where} ${reason}${option.secret ? '' : `, not ${shown(given?.value)}`}`);
    }
  }
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return values;
};
