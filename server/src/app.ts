import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Api, openApi } from './api/open.js';
import { aboutDialect, endpointsOf, type Spoken } from './app/about.js';
import { type Data, openData, type Surroundings } from './app/data.js';
import { dialectMounts } from './app/mounts.js';
import { pageRoutes } from './app/pages.js';
import { version } from './app/version.js';
import type { Config } from './config.js';
import type { Engine } from './engine/verbs.js';
import { failingOf } from './http/health.js';
import { listen, type Mount } from './http/listener.js';
import type { Accounts } from './services/accounts/accounts.js';
import { unusedSweep } from './services/catalog/sweep.js';
import { orphanSweep } from './services/fsck/sweep.js';
import type { Janitor } from './services/janitor/janitor.js';
import { openJanitor } from './services/janitor/open.js';
import { endedGroupsSweep } from './services/janitor/uploads.js';
import { openJobs } from './services/jobs/open.js';
import { prometheusMetrics } from './services/metrics/prometheus.js';
import { outboxSweep } from './services/outbox/cursors.js';
import { openQuota } from './services/quota/open.js';

/** A running server. */
export interface App {
  /** Where the main port listens: `http://127.0.0.1:8480`. */
  readonly address: string;
  /** Addresses for people, the web page first. `of`: whose they are. */
  readonly endpoints: readonly { readonly of: string; readonly what: string; readonly url: string }[];
  /** Made at the first start over a data folder; its password is told this once. */
  readonly firstAccount: { readonly name: string; readonly password: string } | null;
  readonly engine: Engine;
  readonly accounts: Accounts;
  /** Stops well: running requests go on to their end, for `http.drainMs` at most, new ones are refused; then closes all. */
  drain(): Promise<void>;
  /** Stops now: running requests are cut. */
  close(): Promise<void>;
}

const name = 'Longshore';

/** In ms. */
const day = 24 * 60 * 60 * 1000;

/** Where the build puts the web page. */
const consoleFolder = fileURLToPath(new URL('./console', import.meta.url));

const checksOf = ({ ledger, store }: Data) => ({
  ledger: async () => {
    await ledger.read((facts) => facts.get('ready/'));
  },
  store: async () => {
    await store.room();
  },
});

/**
 * Starts a server: opens what rests in the data folder, then the services, then the dialects, and listens last. Whatever
 * was opened is closed again where a later step fails. Stops in the opposite order.
 */
export const startApp = async (config: Config, surroundings: Surroundings = {}): Promise<App> => {
  const data = await openData(config, surroundings);
  const { engine, ledger, store, accounts, catalog, clock, ids, presence, log } = data;
  const jobs = openJobs({ ledger, clock, ids, log, presence, options: config.jobs });
  const quota = openQuota({ ledger, store, options: config.quota });
  let janitor: Janitor | undefined;
  let api: Api | undefined;
  const closeData = async () => {
    await Promise.all([jobs.stop(), janitor?.stop(), api?.stop()]);
    await data.close();
  };
  try {
    const metrics = prometheusMetrics();
    engine.listen(metrics.hear);
    const spoken: Spoken[] = [];
    const host = { engine, ledger, accounts, catalog, quota, jobs, clock, ids, log, data: resolve(config.data) };
    const dialects = await dialectMounts(config, host);
    const checks = checksOf(data);
    api = openApi(
      {
        ...host,
        name,
        version,
        startedAt: clock.now(),
        shown: dialects.map(({ dialect, showing }) => ({ dialect, showing })),
        dialects: (origin) => spoken.map((each) => aboutDialect(each, origin)),
        room: () => store.room(),
        failing: () => failingOf(checks),
      },
      config.api,
    );
    janitor = openJanitor({
      engine,
      clock,
      log,
      options: config.janitor,
      sweeps: [
        jobs.sweep,
        endedGroupsSweep(engine, clock, config.janitor.keepDays * day),
        outboxSweep({ ledger, clock, keepMs: config.janitor.keepDays * day }),
        unusedSweep({ engine, ledger, catalog }),
        orphanSweep({ ledger, store, clock, log }),
        ...api.sweeps,
        ...dialects.flatMap(({ sweeps }) => sweeps),
      ],
    });
    const own: Mount = { routes: [...api.routes, ...(await pageRoutes(consoleFolder, name))] };
    const listener = await listen({
      mounts: [own, ...dialects.map(({ mount }) => mount)],
      options: config.http,
      log,
      observe: metrics.observeRequest,
      checks,
      metrics: metrics.render,
    });
    dialects.forEach((each, index) => {
      spoken.push({ ...each, address: listener.addresses[index + 1] ?? listener.address });
    });
    // Last of what can fail: a password that was made and never told would be lost.
    const firstAccount = await accounts.ensureFirst().catch(async (error: unknown) => {
      await listener.close();
      throw error;
    });
    jobs.start();
    janitor.start();
    const origin = config.http.publicUrl?.replace(/\/+$/, '') ?? listener.address;
    return {
      address: listener.address,
      endpoints: [
        { of: 'console', what: 'Web page', url: `${origin}/` },
        ...spoken.flatMap((each) =>
          endpointsOf(each, origin).map((endpoint) => ({ of: each.dialect.name, ...endpoint })),
        ),
      ],
      firstAccount,
      engine,
      accounts,
      drain: async () => {
        await listener.drain();
        await engine.drain();
        await closeData();
      },
      close: async () => {
        await listener.close();
        await closeData();
      },
    };
  } catch (error) {
    await closeData();
    throw error;
  }
};
