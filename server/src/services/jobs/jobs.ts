import type { Facts } from '../../engine/ports.js';
import type { Json } from '../../kit/json.js';

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** Work to do after an upload. */
export interface Job {
  readonly id: string;
  /** Which worker does it. */
  readonly kind: string;
  readonly state: JobState;
  readonly input: Json;
  /** The worker's answer, or the last error's message. */
  readonly result: Json;
  readonly attempts: number;
  readonly maxAttempts: number;
  /** ms since 1970: not before. */
  readonly dueAt: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** Why the last attempt at a job failed; null where none has. */
export const failureOf = ({ state, attempts, result }: Job): string | null =>
  state !== 'done' && attempts > 0 && typeof result === 'string' ? result : null;

/** A job as people are told of it. What it was given, and what came of it, are not told: there may be secrets in them. */
export const toldJob = (job: Job): Omit<Job, 'input' | 'result'> & { readonly message: string | null } => {
  const { id, kind, state, attempts, maxAttempts, dueAt, createdAt, endedAt } = job;
  return { id, kind, state, attempts, maxAttempts, message: failureOf(job), dueAt, createdAt, endedAt };
};

/** Does jobs of one kind. Run at least once each, so it must be able to run again. */
export interface Worker {
  readonly kind: string;
  /** How many at once in this process; one unless told. */
  readonly concurrency?: number;
  /**
   * Does the job and gives its result. `signal` aborts when it should end: it was cancelled, or the process stops. What
   * it throws is a failed attempt, of which the message is kept.
   */
  run(job: Job, signal: AbortSignal): Promise<Json>;
}

/** One small durable queue in the ledger: survives restarts, retries with back-off. Several processes may share it. */
export interface Jobs {
  /**
   * Adds a job within a transaction: it is there if and only if that commits. `dueAt`: now, unless told. `maxAttempts`:
   * as the options say, unless told.
   */
  add(facts: Facts, spec: { kind: string; input: Json; dueAt?: number; maxAttempts?: number }): string;
  /** Names who does the jobs of a kind from now on. One worker per kind. */
  work(worker: Worker): void;
  find(id: string): Promise<Job | undefined>;
  /** Jobs that match, the newest first; at most `limit` (100 unless told). */
  list(query?: { state?: JobState; kind?: string; limit?: number }): Promise<Job[]>;
  /** Ends a waiting or running job for good; the signal of a running one aborts. An ended or unknown one stays as it is. */
  cancel(id: string): Promise<void>;
  /** Has a waiting or ended job run as soon as may be, with all its attempts anew. A running or unknown one stays as it is. */
  retry(id: string): Promise<void>;
  /**
   * Hears from now on which jobs (their ids) this process adds, begins, ends or changes. One that is added may not be
   * committed yet, or never is. Gives back how to stop hearing.
   */
  listen(hear: (id: string) => void): () => void;
  /** How many jobs are in a state; counts to `most` at most. */
  count(state: JobState, most: number): Promise<number>;
  /** Begins to work. Jobs that ran when the process died run again. */
  start(): void;
  /** Ends running jobs (they run again later) and resolves when none runs. */
  stop(): Promise<void>;
}
