import { resolve } from 'node:path';
import { type Config, dialectsOf } from '../config.js';
import type { Dialect, Host } from '../dialects/dialect.js';
import * as dialects from '../dialects/index.js';
import type { Showing } from '../dialects/showing.js';
import type { Upload } from '../engine/upload.js';
import { openJobs } from '../services/jobs/open.js';
import { openQuota } from '../services/quota/open.js';
import type { Data } from './data.js';

const registry: Readonly<Record<string, Dialect>> = dialects;

/** What files are called that are being uploaded, as each dialect knows it of its own; for who serves none of them. */
export const namesOf = async (config: Config, data: Data): Promise<(upload: Upload) => string | null> => {
  const { store, ledger, clock, ids, log } = data;
  const host: Host = {
    ...data,
    quota: openQuota({ ledger, store, options: config.quota }),
    // Nobody starts it: what is in the queue is the server's.
    jobs: openJobs({ ledger, clock, ids, log, options: config.jobs }),
    data: resolve(config.data),
  };
  const settings = dialectsOf(config);
  const showings = new Map<string, Showing>();
  for (const dialect of Object.values(registry)) {
    const options = settings[dialect.name];
    const showing = options && (await dialect.load()).show?.(host, options);
    if (showing) showings.set(dialect.name, showing);
  }
  return (upload) => showings.get(upload.dialect)?.name?.(upload) ?? null;
};
