import type { Alarm } from '../../kit/alarm.js';
import type { Clock } from '../../kit/clock.js';
import type { Log } from '../../kit/log.js';
import type { Job, Worker } from './jobs.js';
import type { Claim, Outcome, Queue } from './queue.js';

/** The jobs that run in this process. */
export interface Workshop {
  /** Runs due jobs until `stopping` aborts; then ends those that run, and resolves when none does. */
  run(stopping: AbortSignal): Promise<void>;
  /** Aborts a job's signal, if it runs here. */
  abort(id: string): void;
}

/** ms between looks for jobs that have become due or that other processes added. */
const pollEvery = 1000;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Makes the workshop of `workers`, by kind. `renewMs`: how often it says that it is alive. */
export const workshop = (parts: {
  queue: Queue;
  workers: ReadonlyMap<string, Worker>;
  clock: Clock;
  bell: Alarm;
  log: Log;
  renewMs: number;
}): Workshop => {
  const { queue, workers, clock, bell, log, renewMs } = parts;
  const running = new Map<Claim, { controller: AbortController; done: Promise<void> }>();

  const attempt = async (worker: Worker, job: Job, signal: AbortSignal, stopping: AbortSignal): Promise<Outcome> => {
    try {
      return { kind: 'done', result: await worker.run(job, signal) };
    } catch (error) {
      if (stopping.aborted) return { kind: 'stopped' };
      if (!signal.aborted) log.warn({ err: error, job: job.id, kind: job.kind, attempt: job.attempts }, 'a job failed');
      return { kind: 'failed', message: messageOf(error) };
    }
  };

  const begin = (worker: Worker, claim: Claim, stopping: AbortSignal): void => {
    const controller = new AbortController();
    const work = async () => {
      try {
        await queue.settle(claim, await attempt(worker, claim.job, controller.signal, stopping));
      } catch (error) {
        // Its lease runs out, and it is run again.
        log.error({ err: error, job: claim.job.id }, 'the end of a job could not be noted');
      } finally {
        running.delete(claim);
        bell.ring();
      }
    };
    // Noted before it begins: a worker may fail before it waits for anything.
    const entry = { controller, done: Promise.resolve() };
    running.set(claim, entry);
    entry.done = work();
  };

  const isFree = ({ kind, concurrency = 1 }: Worker): boolean =>
    [...running.keys()].filter(({ job }) => job.kind === kind).length < concurrency;

  const claimAll = async (stopping: AbortSignal, sure: boolean): Promise<void> => {
    for (const worker of workers.values()) {
      while (!stopping.aborted && isFree(worker)) {
        if (!sure && !(await queue.isDue(worker.kind))) break;
        const claim = await queue.claim(worker.kind);
        if (!claim) break;
        begin(worker, claim, stopping);
      }
    }
  };

  const renewAll = async (): Promise<void> => {
    for (const lost of await queue.renew([...running.keys()])) running.get(lost)?.controller.abort();
  };

  return {
    abort: (id) => {
      for (const [{ job }, { controller }] of running) if (job.id === id) controller.abort();
    },
    run: async (stopping) => {
      let renewAt = clock.now() + renewMs;
      let rang = true;
      while (!stopping.aborted) {
        try {
          if (clock.now() >= renewAt) {
            renewAt = clock.now() + renewMs;
            if (running.size > 0) await renewAll();
          }
          await queue.reclaim();
          // Rung by an `add`, whose transaction may not be over: a claim waits for it, a look would not see the job.
          await claimAll(stopping, rang);
        } catch (error) {
          log.error({ err: error }, 'looking for jobs failed');
        }
        rang = await bell.sleep(pollEvery);
      }
      const ending = [...running.values()];
      for (const { controller } of ending) controller.abort();
      await Promise.all(ending.map(({ done }) => done));
    },
  };
};
