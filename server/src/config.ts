import { apiOptions } from './api/options.js';
import { readConfigFile } from './config/file.js';
import { logOptions } from './config/log.js';
import { type MountValues, mountOptions } from './config/mounts.js';
import { printed } from './config/print.js';
import { ConfigError, resolve, type Sources } from './config/sources.js';
import { fill, type Row, rowsOf, type Values } from './config/tree.js';
import * as dialects from './dialects/index.js';
import { engineOptions } from './engine/options.js';
import { httpOptions } from './http/options.js';
import { choiceOption, textOption } from './kit/options.js';
import * as ledgers from './ledgers/index.js';
import { accountsOptions } from './services/accounts/options.js';
import { janitorOptions } from './services/janitor/options.js';
import { jobsOptions } from './services/jobs/options.js';
import { quotaOptions } from './services/quota/options.js';
import * as stores from './stores/index.js';

export { ConfigError } from './config/sources.js';
export type { Row } from './config/tree.js';

type Named = Readonly<Record<string, { readonly options: object }>>;
type TablesOf<Rooms extends Named> = { readonly [Name in keyof Rooms]: Rooms[Name]['options'] };

const tablesOf = <Rooms extends Named>(rooms: Rooms): TablesOf<Rooms> =>
  Object.fromEntries(Object.entries(rooms).map(([name, { options }]) => [name, options])) as TablesOf<Rooms>;

const namesOf = <Rooms extends object>(rooms: Rooms) => Object.keys(rooms) as (keyof Rooms & string)[];

type DialectTables = {
  readonly [Name in keyof typeof dialects]: typeof mountOptions & (typeof dialects)[Name]['options'];
};

const registry: Named = dialects;
const dialectTables = Object.fromEntries(
  Object.entries(registry).map(([name, { options }]) => [name, { ...mountOptions, ...options }]),
) as DialectTables;

/** Every option there is, in its section. */
export const options = {
  data: textOption({
    help: 'Folder in which everything is kept; made if it is missing.',
    default: './data',
    placeholder: 'DIR',
  }),
  http: httpOptions,
  store: {
    name: choiceOption({ help: 'Where bytes rest.', default: 'disk', choices: namesOf(stores) }),
    ...tablesOf(stores),
  },
  ledger: {
    name: choiceOption({ help: 'Where facts rest.', default: 'sqlite', choices: namesOf(ledgers) }),
    ...tablesOf(ledgers),
  },
  engine: engineOptions,
  accounts: accountsOptions,
  api: apiOptions,
  quota: quotaOptions,
  jobs: jobsOptions,
  janitor: janitorOptions,
  log: logOptions,
  dialects: dialectTables,
};

/** Everything that can be set, as it is set: frozen, typed, complete. */
export type Config = Values<typeof options>;

/** Every option with the names it goes by, in order. */
export const optionRows = (): Row[] => rowsOf(options);

/** The configuration that these sources give. Throws `ConfigError`. */
export const configOf = (sources: Sources = {}): Config => {
  const values = resolve(options, sources);
  const config = fill(options, (name) => values.get(name));
  if ((config.http.tlsCert === null) !== (config.http.tlsKey === null))
    throw new ConfigError('http.tlsCert and http.tlsKey go together: give both or neither');
  return config;
};

/** What is set for each dialect, by its name: where it is found, and its own options. */
export const dialectsOf = (config: Config): Readonly<Record<string, MountValues>> => config.dialects;

/** Where a configuration comes from; `file` is a path. */
export interface ConfigSources extends Omit<Sources, 'file'> {
  readonly file?: string | undefined;
}

/** As `configOf`, with the configuration file read. */
export const loadConfig = async ({ file, ...sources }: ConfigSources): Promise<Config> =>
  configOf({ ...sources, file: file === undefined ? undefined : await readConfigFile(file) });

/** A configuration as YAML, with secrets as `(set)`. */
export const printConfig = (config: Config): string => printed(options, config);
