import type { ApiSurroundings } from '../host.js';
import type { Health } from '../shapes/index.js';
import type { Hub } from './hub.js';

/** Jobs are counted so far. */
const mostJobs = 10_000;

/** How the server is. */
export const healthOf = async (host: ApiSurroundings, live: Hub): Promise<Health> => {
  const { clock, startedAt, jobs } = host;
  const failing = await host.failing();
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    at: clock.now(),
    ready: failing.length === 0,
    failing: [...failing],
    node: process.version,
    startedAt,
    // A store that cannot tell is one of those that fail.
    room: await host.room().catch(() => null),
    memory: { rss, heapUsed },
    cpuSeconds: (user + system) / 1e6,
    openUploads: (await live.live()).length,
    jobs: {
      waiting: await jobs.count('waiting', mostJobs),
      running: await jobs.count('running', mostJobs),
      failed: await jobs.count('failed', mostJobs),
    },
    watchers: live.watchers,
  };
};
