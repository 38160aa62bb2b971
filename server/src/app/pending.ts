import type { Jobs } from '../services/jobs/jobs.js';
import type { Quota } from '../services/quota/quota.js';

const nothing = async () => undefined;

/** Until the services are there. */
export const openJobs = (_parts: object): Jobs => ({
  add: () => '',
  work: () => undefined,
  find: nothing,
  list: async () => [],
  cancel: nothing,
  retry: nothing,
  start: () => undefined,
  stop: nothing,
});

export const openQuota = (_parts: object): Quota => ({
  limit: ({ quota }) => quota,
  used: async () => 0,
  free: async () => null,
  largestFile: () => null,
});

export const openJanitor = (_parts: object) => ({ start: () => undefined, stop: nothing });
