import { resolve } from 'node:path';
import type { Config } from '../config.js';
import { createEngine } from '../engine/engine.js';
import type { Ledger, Store } from '../engine/ports.js';
import type { Engine } from '../engine/verbs.js';
import { type Clock, systemClock } from '../kit/clock.js';
import { makeFolder } from '../kit/folder.js';
import { type Ids, randomIds } from '../kit/ids.js';
import { type Log, silentLog } from '../kit/log.js';
import { type Presence, processPresence } from '../kit/presence.js';
import * as ledgers from '../ledgers/index.js';
import type { Accounts } from '../services/accounts/accounts.js';
import { openAccounts } from '../services/accounts/open.js';
import type { Catalog } from '../services/catalog/catalog.js';
import { openCatalog } from '../services/catalog/open.js';
import * as stores from '../stores/index.js';

/** What the program is started with, beside its configuration. Tests bring their own. */
export interface Surroundings {
  readonly log?: Log;
  readonly clock?: Clock;
  readonly ids?: Ids;
}

/** What rests in a data folder, opened. */
export interface Data {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly engine: Engine;
  readonly accounts: Accounts;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly presence: Presence;
  readonly log: Log;
  /** Lets go of everything; call it when nothing uses the rest any more. */
  close(): Promise<void>;
}

const openLedger = ({ data, ledger }: Config, log: Log): Promise<Ledger> => {
  switch (ledger.name) {
    case 'memory':
      return ledgers.memory.open();
    case 'sqlite':
      return ledgers.sqlite.open({ ...ledger.sqlite, file: resolve(data, ledger.sqlite.file) }, log);
  }
};

const openStore = ({ data, store }: Config): Promise<Store> => {
  switch (store.name) {
    case 'memory':
      return stores.memory.open(store.memory);
    case 'disk':
      return stores.disk.open({ ...store.disk, dir: resolve(data, store.disk.dir) });
  }
};

/**
 * Opens the data folder of a configuration, making it if it is missing. Several processes may have it open, and a
 * server may run over it meanwhile.
 */
export const openData = async (config: Config, surroundings: Surroundings = {}): Promise<Data> => {
  const { log = silentLog, clock = systemClock, ids = randomIds } = surroundings;
  await makeFolder(config.data);
  const ledger = await openLedger(config, log);
  const store = await openStore(config).catch(async (error: unknown) => {
    await ledger.close();
    throw error;
  });
  const presence = processPresence();
  const engine = createEngine({ store, ledger, clock, ids, presence, log, limits: config.engine });
  const accounts = openAccounts({ ledger, clock, ids, log, options: config.accounts });
  return {
    ledger,
    store,
    engine,
    accounts,
    catalog: openCatalog({ clock }),
    clock,
    ids,
    presence,
    log,
    close: async () => {
      await engine.close();
      await store.close();
      await ledger.close();
    },
  };
};
