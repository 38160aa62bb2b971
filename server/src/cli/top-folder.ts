import { resolve } from 'node:path';
import { openTraces } from '../api/live/traces.js';
import type { Data } from '../app/data.js';
import { type Config, dialectsOf } from '../config.js';
import type { Dialect, Host } from '../dialects/dialect.js';
import * as dialects from '../dialects/index.js';
import type { Upload } from '../engine/upload.js';
import { openJobs } from '../services/jobs/open.js';
import { openQuota } from '../services/quota/open.js';
import type { Source } from './top-source.js';

const registry: readonly Dialect[] = Object.values(dialects);

/** What files are called, as each dialect knows it of its own uploads. */
const namesOf = (config: Config, data: Data): ((upload: Upload) => string | null) => {
  const { store, ledger, clock, ids, log } = data;
  const host: Host = {
    ...data,
    quota: openQuota({ ledger, store, options: config.quota }),
    // Nobody starts it: what is in the queue is the server's.
    jobs: openJobs({ ledger, clock, ids, log, options: config.jobs }),
    data: resolve(config.data),
  };
  const settings = dialectsOf(config);
  const showings = new Map(
    registry.flatMap((dialect) => {
      const options = settings[dialect.name];
      return options && dialect.show ? [[dialect.name, dialect.show(host, options)] as const] : [];
    }),
  );
  return (upload) => showings.get(upload.dialect)?.name?.(upload) ?? null;
};

/** What goes on in a data folder, whoever does it. Speeds are what is there more than at the look before. */
export const folderSource = (config: Config, data: Data): Source => {
  const { engine, clock } = data;
  const traces = openTraces({ engine, clock, nameOf: namesOf(config, data) });
  return {
    withFrom: false,
    learnsSpeed: true,
    look: async () => {
      await traces.look();
      return { at: clock.now(), uploads: traces.list().map(({ shape }) => shape) };
    },
    close: () => undefined,
  };
};
