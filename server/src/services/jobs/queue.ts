import { randomUUID } from 'node:crypto';
import type { Ledger } from '../../engine/ports.js';
import type { Backoff } from '../../kit/backoff.js';
import type { Clock } from '../../kit/clock.js';
import type { Json } from '../../kit/json.js';
import type { Presence } from '../../kit/presence.js';
import type { Job, JobState } from './jobs.js';
import { firstDue, getJob, type JobRecord, type Lease, putJob, runningJobs, toJob } from './records.js';

/** How an attempt ended. `stopped`: it was ended by the stop of the process and does not count. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: Json }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'stopped' };

/** A job that was taken, and the name under which its lease is held. */
export interface Claim {
  readonly job: Job;
  readonly holder: string;
}

/** The steps of a job's life, each of them one transaction. */
export interface Queue {
  /** Is a job of this kind due? Without a transaction, so that asking costs little. */
  isDue(kind: string): Promise<boolean>;
  /** Takes the job of a kind that was due first, if there is one. */
  claim(kind: string): Promise<Claim | undefined>;
  /** Says that these jobs are still being done; gives back those that are ours no more. */
  renew(claims: readonly Claim[]): Promise<Claim[]>;
  /** Notes how an attempt ended, unless the job is ours no more. */
  settle(claim: Claim, outcome: Outcome): Promise<void>;
  /** Lets jobs of dead processes run again. */
  reclaim(): Promise<void>;
}

const noLongerRunning = 'The process that ran the job ended.';

/** The queue as one process sees it. */
export const openQueue = (parts: {
  ledger: Ledger;
  clock: Clock;
  presence: Presence | undefined;
  leaseMs: number;
  delay: Backoff;
  /** Told of each job that began, or ended. */
  changed: (id: string) => void;
}): Queue => {
  const { ledger, clock, presence, leaseMs, delay, changed } = parts;

  const leaseOf = (holder: string): Lease => ({
    holder,
    until: clock.now() + leaseMs,
    presence: presence?.self ?? null,
  });
  const isHeld = (job: JobRecord | undefined, holder: string): job is JobRecord =>
    job?.state === 'running' && job.lease?.holder === holder;

  const ended = (job: JobRecord, state: JobState, result: Json): JobRecord => ({
    ...job,
    state,
    result,
    lease: null,
    endedAt: clock.now(),
  });
  const again = (job: JobRecord, dueAt: number): JobRecord => ({ ...job, state: 'waiting', lease: null, dueAt });

  const failed = (job: JobRecord, message: string): JobRecord =>
    job.attempts >= job.maxAttempts
      ? ended(job, 'failed', message)
      : { ...again(job, clock.now() + delay(job.attempts)), result: message };

  const after = (job: JobRecord, outcome: Outcome): JobRecord => {
    switch (outcome.kind) {
      case 'done':
        return ended(job, 'done', outcome.result);
      case 'failed':
        return failed(job, outcome.message);
      case 'stopped':
        return { ...again(job, clock.now()), attempts: job.attempts - 1 };
    }
  };

  const isAbandoned = ({ lease }: JobRecord): boolean =>
    lease === null || lease.until <= clock.now() || (presence?.isGone(lease.presence) ?? false);

  return {
    isDue: (kind) => ledger.read(async (facts) => (await firstDue(facts, kind, clock.now())) !== undefined),
    // Relaxed: a claim that a loss of power undoes is a job that waits, which is what it should do then.
    claim: async (kind) => {
      const claim = await ledger.transact(async (facts) => {
        const id = await firstDue(facts, kind, clock.now());
        const job = id === undefined ? undefined : await getJob(facts, id);
        if (id === undefined || !job) return undefined;
        const holder = randomUUID();
        const claimed: JobRecord = { ...job, state: 'running', attempts: job.attempts + 1, lease: leaseOf(holder) };
        putJob(facts, id, claimed, job);
        return { job: toJob(id, claimed), holder };
      }, 'relaxed');
      if (claim) changed(claim.job.id);
      return claim;
    },
    renew: (claims) =>
      ledger.transact(async (facts) => {
        const lost: Claim[] = [];
        for (const claim of claims) {
          const job = await getJob(facts, claim.job.id);
          if (isHeld(job, claim.holder)) putJob(facts, claim.job.id, { ...job, lease: leaseOf(claim.holder) }, job);
          else lost.push(claim);
        }
        return lost;
      }, 'relaxed'),
    settle: async ({ job: { id }, holder }, outcome) => {
      await ledger.transact(async (facts) => {
        const job = await getJob(facts, id);
        if (isHeld(job, holder)) putJob(facts, id, after(job, outcome), job);
      });
      changed(id);
    },
    reclaim: async () => {
      const abandoned = await ledger.read(async (facts) =>
        (await runningJobs(facts)).filter(({ job }) => isAbandoned(job)),
      );
      for (const { id } of abandoned) {
        await ledger.transact(async (facts) => {
          const job = await getJob(facts, id);
          if (job?.state !== 'running' || !isAbandoned(job)) return;
          const next = job.attempts >= job.maxAttempts ? failed(job, noLongerRunning) : again(job, clock.now());
          putJob(facts, id, next, job);
        }, 'relaxed');
        changed(id);
      }
    },
  };
};
