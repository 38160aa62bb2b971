import type { Ledger } from '../engine/ports.js';
import type { Engine } from '../engine/verbs.js';
import type { Route } from '../http/exchange.js';
import type { Clock } from '../kit/clock.js';
import type { Ids } from '../kit/ids.js';
import type { Log } from '../kit/log.js';
import type { OptionTable, OptionValues } from '../kit/options.js';
import type { Accounts } from '../services/accounts/accounts.js';
import type { Catalog } from '../services/catalog/catalog.js';
import type { Sweep } from '../services/janitor/janitor.js';
import type { Jobs } from '../services/jobs/jobs.js';
import type { Quota } from '../services/quota/quota.js';
import type { Sample, Showing } from './showing.js';

/** What a dialect is lent: everything it may use, and the only clock and ids it may ask. */
export interface Host {
  readonly engine: Engine;
  /** For reads, and for transactions of its own shelves and the catalog's. */
  readonly ledger: Ledger;
  readonly accounts: Accounts;
  readonly catalog: Catalog;
  readonly quota: Quota;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** The data folder, as an absolute path: what is told of other files and folders counts from there. */
  readonly data: string;
}

/** An address of a dialect, relative to its mount: `/files/`. */
export interface Endpoint {
  readonly path: string;
  readonly what: string;
}

/** One wire protocol: its folder's one export. */
export interface Dialect<Table extends OptionTable = OptionTable> {
  /** As in configuration, logs and URLs: lower case. */
  readonly name: string;
  /** For people: `tus 1.0`. */
  readonly title: string;
  /** One sentence: what a client does with it. */
  readonly doc: string;
  readonly options: Table;
  /** The addresses to show people. */
  endpoints(options: OptionValues<Table>): readonly Endpoint[];
  /** Brings in what serves it: a dialect that is not spoken costs neither time nor memory. */
  load(): Promise<Serving<Table>>;
}

/** What serves a dialect. */
export interface Serving<Table extends OptionTable = OptionTable> {
  routes(host: Host, options: OptionValues<Table>): Route[];
  /** What people may copy to try it. */
  samples?(options: OptionValues<Table>): readonly Sample[];
  /** What is shown of its uploads in the control room. */
  show?(host: Host, options: OptionValues<Table>): Showing;
  /** What is to be tidied up from time to time of what it keeps; nothing when left out. */
  sweeps?(host: Host, options: OptionValues<Table>): readonly Sweep[];
}

/** Keeps a dialect's option types while it is put into the registry. */
export const dialect = <const Table extends OptionTable>(spec: Dialect<Table>): Dialect<Table> => spec;
