import type { Json } from '../../kit/json.js';
import type { Facts } from '../../engine/ports.js';

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

/** Does jobs of one kind. Run at least once each, so it must be able to run again. */
export interface Worker {
  readonly kind: string;
  /** How many at once. */
  readonly concurrency?: number;
  run(job: Job, signal: AbortSignal): Promise<Json>;
}

/** One small durable queue in the ledger: survives restarts, retries with back-off. */
export interface Jobs {
  /** Adds a job within a transaction: it is there if and only if that commits. */
  add(facts: Facts, spec: { kind: string; input: Json; dueAt?: number; maxAttempts?: number }): string;
  work(worker: Worker): void;
  find(id: string): Promise<Job | undefined>;
  list(query?: { state?: JobState; kind?: string; limit?: number }): Promise<Job[]>;
  cancel(id: string): Promise<void>;
  retry(id: string): Promise<void>;
  /** Begins to work. Jobs that ran when the process died run again. */
  start(): void;
  /** Ends running jobs (they run again later) and resolves when none runs. */
  stop(): Promise<void>;
}
