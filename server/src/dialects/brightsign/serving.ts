import type { Serving } from '../dialect.js';
import { orphanSweep } from './library/orphans.js';
import { linkRoutes } from './links.js';
import type { options } from './options.js';
import { restRoutes } from './rest/routes.js';
import { openTokens } from './rest/tokens.js';
import { soapRoutes } from './services.js';
import { samples, showing } from './showing.js';
import { thumbnailWorker } from './thumbnails/worker.js';

/** What serves it. */
export const serving: Serving<typeof options> = {
  samples: () => samples,
  show: showing,
  sweeps: (host, values) => [orphanSweep(host), openTokens(host, values).sweep],
  routes: (host, values) => {
    host.jobs.work(thumbnailWorker(host, values));
    const tokens = openTokens(host, values);
    return [...soapRoutes(host, values), ...restRoutes({ host, options: values, tokens }), ...linkRoutes(host)];
  },
};
