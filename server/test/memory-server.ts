import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dialect, Host } from '../src/dialects/dialect.js';
import { createEngine } from '../src/engine/engine.js';
import { listen } from '../src/http/listener.js';
import { httpOptions } from '../src/http/options.js';
import { type ManualClock, manualClock } from '../src/kit/clock.js';
import { countingIds } from '../src/kit/ids.js';
import { type Log, silentLog } from '../src/kit/log.js';
import { defaultsOf, type OptionTable, type OptionValues } from '../src/kit/options.js';
import { openMemoryLedger } from '../src/ledgers/memory/ledger.js';
import { openAccounts } from '../src/services/accounts/open.js';
import { accountsOptions } from '../src/services/accounts/options.js';
import { openCatalog } from '../src/services/catalog/open.js';
import { openJobs } from '../src/services/jobs/open.js';
import { jobsOptions } from '../src/services/jobs/options.js';
import type { Quota } from '../src/services/quota/quota.js';
import { openMemoryStore } from '../src/stores/memory/store.js';

/** A server over memory, for tests: its clock is moved by hand and its ids count. */
export interface Server {
  /** `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly port: number;
  readonly host: Host;
  readonly clock: ManualClock;
  /** Stops well, as before an update. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** Accounts of every test server; each one's password is `secret`. */
const accountsOfAll = [
  { name: 'alice', role: 'uploader' },
  { name: 'bob', role: 'uploader' },
  { name: 'victor', role: 'viewer' },
  { name: 'root', role: 'admin' },
] as const;

/** The `Authorization` header of one of those accounts. */
export const as = (name: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${name}:secret`).toString('base64')}`,
});

/** What may be set about a test server. */
export interface ServeSpec<Table extends OptionTable> {
  readonly dialect: Dialect<Table>;
  readonly options?: Partial<OptionValues<Table>>;
  /** Whose requests are taken without credentials. */
  readonly anonymous?: string;
  /** Bytes that the store has room for; 0: no limit. */
  readonly room?: number;
  /** Path before the dialect's own. */
  readonly prefix?: string;
  /** What hears the server's words; nobody unless told. */
  readonly log?: Log;
}

/** What the account says, and no other limit. */
const quota: Quota = {
  limit: (account) => account.quota,
  used: async () => 0,
  free: async (account) => account.quota,
  largestFile: () => null,
};

/** Serves one dialect on a free port of 127.0.0.1. */
export const serve = async <Table extends OptionTable>(spec: ServeSpec<Table>): Promise<Server> => {
  const { dialect, options = {}, anonymous = null, room = 0, prefix = '', log = silentLog } = spec;
  const clock = manualClock();
  const ids = countingIds();
  const ledger = await openMemoryLedger();
  const store = await openMemoryStore({ limit: room }, clock);
  const engine = createEngine({ store, ledger, clock, ids, log, presence: { self: 1, isGone: () => false } });
  const accounts = openAccounts({
    ledger,
    clock,
    ids,
    log,
    options: { ...defaultsOf(accountsOptions), passwordCost: 10, anonymous },
  });
  for (const account of accountsOfAll) await accounts.add({ ...account, password: 'secret' });
  // Nobody does them until a test starts them.
  const jobs = openJobs({ ledger, clock, ids: countingIds('job'), log, options: defaultsOf(jobsOptions) });
  const host: Host = {
    engine,
    ledger,
    accounts,
    catalog: openCatalog({ clock }),
    quota,
    jobs,
    clock,
    ids,
    log,
    data: await mkdtemp(join(tmpdir(), 'longshore-')),
  };
  const listener = await listen({
    mounts: [{ routes: (await dialect.load()).routes(host, { ...defaultsOf(dialect.options), ...options }), prefix }],
    options: { ...defaultsOf(httpOptions), port: 0, idleTimeoutMs: 5_000, lingerMs: 100 },
    log,
  });
  return {
    url: listener.addresses[0] ?? '',
    port: Number(new URL(listener.address).port),
    host,
    clock,
    drain: () => listener.drain(),
    close: async () => {
      await listener.close();
      await jobs.stop();
      await engine.close();
      await store.close();
      await ledger.close();
      await rm(host.data, { recursive: true, force: true });
    },
  };
};
