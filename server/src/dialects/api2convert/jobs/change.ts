import type { FactReader, Facts } from '../../../engine/ports.js';
import type { Parts } from '../context.js';
import { newUuid } from '../ids.js';
import { problems } from '../problems.js';
import { count } from '../stats.js';
import { dropOpenUploads } from '../uploads/sessions.js';
import { announce } from './callbacks.js';
import { isOver, type JobRecord } from './job.js';
import { isWaiting, settled } from './life.js';
import { getJob, putJob } from './records.js';
import { conversionKind } from './work.js';

/** The job of this id; refuses 404. */
export const needJob = async (facts: FactReader, id: string): Promise<JobRecord> => {
  const job = await getJob(facts, id);
  if (!job) throw problems.notFound('Job');
  return job;
};

/**
 * Writes a job within a transaction, together with what follows from it: its status, its history, the work that converts
 * it, its callbacks. `before`: as it was, unless it is new.
 */
export const save = async (
  { host, options }: Parts,
  facts: Facts,
  id: string,
  job: JobRecord,
  before?: JobRecord,
): Promise<JobRecord> => {
  const now = host.clock.now();
  const next = settled(job);
  const isChange = next.status !== before?.status;
  const starts = next.status === 'processing' && next.work === null;
  const saved: JobRecord = {
    ...next,
    ...(isChange && {
      history: [...next.history, { id: newUuid(host.ids), status: next.status, at: now }],
    }),
    ...(starts && {
      work: host.jobs.add(facts, {
        kind: conversionKind,
        input: { job: id },
        maxAttempts: options.conversionAttempts,
      }),
    }),
    modifiedAt: now,
    expiresAt: now + (next.purged ? options.remember : options.retention),
  };
  putJob(facts, id, saved, before);
  if (isChange) announce({ host }, facts, id, saved);
  if (isChange && isOver(saved.status)) await count(facts, saved, now);
  return saved;
};

/** What is left to do when a job has been saved: uploads are dropped that it no longer takes. */
export const afterSaving = async (parts: Parts, id: string, job: JobRecord): Promise<void> => {
  if (!isWaiting(job)) await dropOpenUploads(parts, id);
};

/** Changes a job by a transaction of its own; refuses 404, and what `next` refuses. */
export const changeJob = async (
  parts: Parts,
  id: string,
  next: (job: JobRecord, facts: Facts) => JobRecord | Promise<JobRecord>,
): Promise<JobRecord> => {
  const saved = await parts.host.ledger.transact(async (facts) => {
    const before = await needJob(facts, id);
    const after = await next(before, facts);
    return after === before ? before : save(parts, facts, id, after, before);
  });
  await afterSaving(parts, id, saved);
  return saved;
};
