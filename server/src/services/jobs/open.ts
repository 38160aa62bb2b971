import type { Ledger } from '../../engine/ports.js';
import { alarm } from '../../kit/alarm.js';
import { backoff } from '../../kit/backoff.js';
import type { Clock } from '../../kit/clock.js';
import type { Ids } from '../../kit/ids.js';
import type { Log } from '../../kit/log.js';
import type { Presence } from '../../kit/presence.js';
import type { Sweep } from '../janitor/janitor.js';
import type { Jobs, Worker } from './jobs.js';
import type { JobsOptions } from './options.js';
import { openQueue } from './queue.js';
import { countJobs, getJob, type JobRecord, jobId, listJobs, pruneJobs, putJob, toJob } from './records.js';
import { workshop } from './work.js';

const day = 24 * 3600 * 1000;
const hour = 3600 * 1000;
/** How many old jobs one sweep removes. */
const batch = 200;

/** Opens the queue that rests in `ledger`. Its `sweep` removes jobs that ended long ago. */
export const openJobs = (parts: {
  ledger: Ledger;
  clock: Clock;
  ids: Ids;
  log: Log;
  options: JobsOptions;
  /** With it, jobs of a process that died run again at once, and not after their lease. */
  presence?: Presence;
  /** For the jitter; tests bring their own. */
  random?: () => number;
}): Jobs & { readonly sweep: Sweep } => {
  const { ledger, clock, ids, log, options, presence, random = Math.random } = parts;
  const leaseMs = options.leaseSeconds * 1000;
  const listeners = new Set<(id: string) => void>();
  const changed = (id: string): void => {
    for (const hear of listeners) hear(id);
  };
  const queue = openQueue({
    ledger,
    changed,
    clock,
    presence,
    leaseMs,
    delay: backoff({ first: options.retrySeconds * 1000, longest: hour, random }),
  });
  const workers = new Map<string, Worker>();
  const bell = alarm(clock);
  const shop = workshop({ queue, workers, clock, bell, log, renewMs: leaseMs / 3 });
  let running: { stopping: AbortController; done: Promise<void> } | undefined;

  /** Changes a job, unless `next` says nothing. */
  const change = async (id: string, next: (job: JobRecord) => JobRecord | undefined): Promise<void> => {
    await ledger.transact(async (facts) => {
      const job = await getJob(facts, id);
      const after = job && next(job);
      if (after) putJob(facts, id, after, job);
    });
    changed(id);
  };

  return {
    add: (facts, { kind, input, dueAt, maxAttempts }) => {
      const createdAt = clock.now();
      const id = jobId(createdAt, ids.next());
      putJob(facts, id, {
        kind,
        input,
        state: 'waiting',
        result: null,
        attempts: 0,
        maxAttempts: maxAttempts ?? options.maxAttempts,
        dueAt: dueAt ?? createdAt,
        createdAt,
        endedAt: null,
        lease: null,
      });
      bell.ring();
      changed(id);
      return id;
    },
    work: (worker) => {
      if (workers.has(worker.kind)) throw new Error(`there is a worker for ${worker.kind} already`);
      workers.set(worker.kind, worker);
      bell.ring();
    },
    find: (id) =>
      ledger.read(async (facts) => {
        const job = await getJob(facts, id);
        return job && toJob(id, job);
      }),
    list: (query = {}) => ledger.read((facts) => listJobs(facts, { limit: 100, ...query })),
    cancel: async (id) => {
      await change(id, (job) =>
        job.endedAt === null ? { ...job, state: 'cancelled', lease: null, endedAt: clock.now() } : undefined,
      );
      shop.abort(id);
    },
    retry: async (id) => {
      await change(id, (job) =>
        job.state === 'running'
          ? undefined
          : { ...job, state: 'waiting', attempts: 0, dueAt: clock.now(), endedAt: null },
      );
      bell.ring();
    },
    listen: (hear) => {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    count: (state, most) => ledger.read((facts) => countJobs(facts, state, most)),
    start: () => {
      if (running) return;
      const stopping = new AbortController();
      running = { stopping, done: shop.run(stopping.signal) };
    },
    stop: async () => {
      if (!running) return;
      running.stopping.abort();
      bell.ring();
      await running.done;
      running = undefined;
    },
    sweep: {
      name: 'ended jobs',
      run: () =>
        ledger.transact(
          async (facts) => (await pruneJobs(facts, clock.now() - options.keepDays * day, batch)) === batch,
          'relaxed',
        ),
    },
  };
};
