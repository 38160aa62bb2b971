import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../../../kit/json.js';
import type { Account } from '../../../services/accounts/accounts.js';
import { freeUnused } from '../../../services/catalog/unused.js';
import type { Job, Worker } from '../../../services/jobs/jobs.js';
import type { Parts } from '../context.js';
import { ConversionFailed, takesOf } from '../conversions/conversion.js';
import { withDefaults } from '../conversions/judging.js';
import { changeJob, needJob, save } from './change.js';
import { inputOf } from './converting.js';
import type { Input, JobConversion, JobRecord, Output } from './job.js';
import { blamed, ended } from './life.js';
import { getJob } from './records.js';
import { type Emitting, emitter, zipped } from './results.js';
import { conversionKind } from './work.js';

/** The code of a conversion that failed. */
const conversionFailed = 5;

const messageOf = (error: unknown): string =>
  error instanceof ConversionFailed ? error.message : 'The conversion failed by a fault of the server.';

/** Removes results from the job and the catalog: of a run that did not come to its end, or that became an archive. */
export const dropResults = async (parts: Parts, id: string, which: (result: Output) => boolean): Promise<void> => {
  const { host } = parts;
  const unused = await host.ledger.transact(async (facts) => {
    const job = await getJob(facts, id);
    const dropped = job?.results.filter(which) ?? [];
    if (!job || dropped.length === 0) return [];
    const objects: string[] = [];
    for (const { stored } of dropped) objects.push(...(await host.catalog.removeFile(facts, stored.file)));
    await save(parts, facts, id, { ...job, results: job.results.filter((each) => !which(each)) }, job);
    return objects;
  });
  await freeUnused(host, unused);
};

/** Is this job still to be converted by this piece of work? */
const isMine = (job: JobRecord | undefined, work: string): job is JobRecord =>
  job?.status === 'processing' && job.work === work;

/** One call of a conversion: with one input, or with all. */
interface Task {
  readonly conversion: JobConversion;
  readonly inputs: readonly Input[];
}

const tasksOf = async ({ conversions }: Parts, job: JobRecord): Promise<Task[]> => {
  const ready = job.inputs.filter(({ status }) => status === 'ready');
  const tasks: Task[] = [];
  for (const conversion of job.conversions) {
    const offered = await conversions.find(conversion.target, conversion.category);
    if (offered && takesOf(offered, conversion.options) === 'each')
      tasks.push(...ready.map((input) => ({ conversion, inputs: [input] })));
    else tasks.push({ conversion, inputs: ready });
  }
  return tasks;
};

/** What one run is made with. */
interface Run {
  readonly id: string;
  readonly work: string;
  readonly account: Account;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly progress: (percent: number) => void;
}

/** How long a conversion that was told to end is waited for, in ms. */
const grace = 5_000;

/** What `task` comes to; given up when `signal` has aborted and the task does not end. */
const abandonable = async (task: Promise<void>, { clock }: Parts['host'], signal: AbortSignal): Promise<void> => {
  const done = new AbortController();
  const given = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      clock.sleep(grace, done.signal).then(() => reject(signal.reason), reject);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true, signal: done.signal });
  });
  // Whichever is later has nobody left who listens.
  given.catch(() => undefined);
  task.catch(() => undefined);
  await Promise.race([task, given]).finally(() => done.abort());
};

const convert = async (parts: Parts, run: Run, { conversion, inputs }: Task): Promise<void> => {
  const { host, conversions } = parts;
  const { signal } = run;
  const offered = await conversions.find(conversion.target, conversion.category);
  if (!offered) throw new ConversionFailed(`${conversion.target} can no longer be converted to.`);
  const emitting: Emitting = {
    id: run.id,
    work: run.work,
    account: run.account,
    conversion,
    inputs,
    signal,
  };
  const results = emitter(parts, emitting);
  await mkdir(run.folder, { recursive: true, mode: 0o700 });
  try {
    const sources = inputs.map((input, index) => inputOf(host.engine, input, { folder: run.folder, index, signal }));
    const options = withDefaults(offered.optionsSchema, conversion.options);
    const { folder, progress } = run;
    const converting = offered.convert(sources, options, {
      signal,
      folder,
      log: host.log,
      emit: results.emit,
      progress,
    });
    await abandonable(converting, host, signal);
    signal.throwIfAborted();
    const singles = await zipped(parts, emitting, results.emitted(), run.folder);
    await dropResults(parts, run.id, ({ id }) => singles.includes(id));
  } catch (error) {
    // What came before the fault is not what was asked for.
    await dropResults(parts, run.id, ({ id }) => results.emitted().includes(id));
    throw error;
  } finally {
    await rm(run.folder, { recursive: true, force: true });
  }
};

const perform = async (parts: Parts, job: JobRecord, run: Omit<Run, 'progress'>): Promise<void> => {
  const tasks = await tasksOf(parts, job);
  for (const [index, task] of tasks.entries()) {
    const progress = (percent: number): void => {
      const share = Math.min(100, Math.max(0, Number.isFinite(percent) ? percent : 0));
      parts.progress.set(run.id, Math.floor((index * 100 + share) / tasks.length));
    };
    try {
      await convert(parts, { ...run, progress }, task);
    } catch (error) {
      if (run.signal.aborted || !(error instanceof ConversionFailed)) throw error;
      await blame(parts, run, task.conversion.id, error);
      if (job.failOnConversionError) return;
    }
  }
};

/** Takes back what an earlier attempt blamed its conversions for. */
const forgive = async (parts: Parts, id: string, work: string): Promise<void> => {
  const kept = (troubles: JobRecord['errors']) => troubles.filter(({ source }) => source !== 'conversion');
  await changeJob(parts, id, (job) =>
    isMine(job, work) && [...job.errors, ...job.warnings].some(({ source }) => source === 'conversion')
      ? { ...job, errors: kept(job.errors), warnings: kept(job.warnings) }
      : job,
  );
};

const blame = async (parts: Parts, { id, work }: { id: string; work: string }, conversion: string, error: unknown) => {
  const trouble = {
    source: 'conversion',
    idSource: conversion,
    code: conversionFailed,
    message: messageOf(error),
  } as const;
  await changeJob(parts, id, (job) => (isMine(job, work) ? blamed(job, trouble) : job));
};

/** Ends the job with what has come of it. Results of a failed one are removed. */
const conclude = async (parts: Parts, id: string, work: string): Promise<void> => {
  const { host } = parts;
  const unused = await host.ledger.transact(async (facts) => {
    const before = await needJob(facts, id);
    if (!isMine(before, work)) return [];
    const after = ended(before);
    const objects: string[] = [];
    if (after.status === 'failed')
      for (const { stored } of before.results) objects.push(...(await host.catalog.removeFile(facts, stored.file)));
    const expiresAt = host.clock.now() + parts.options.retention;
    await save(parts, facts, id, { ...after, outputs: after.outputs.map((each) => ({ ...each, expiresAt })) }, before);
    return objects;
  });
  await freeUnused(host, unused);
};

/** Ends a job whose work was given up: the process died again and again, or a fault did not pass. */
export const giveUp = async (parts: Parts, id: string, work: string, error: unknown): Promise<void> => {
  const job = await parts.host.ledger.read((facts) => getJob(facts, id));
  if (!isMine(job, work)) return;
  await changeJob(parts, id, (before) =>
    isMine(before, work)
      ? {
          ...before,
          errors: [
            ...before.errors,
            {
              source: 'conversion',
              idSource: before.conversions[0]?.id ?? '',
              code: conversionFailed,
              message: messageOf(error),
            },
          ],
        }
      : before,
  );
  await conclude(parts, id, work);
};

/**
 * Converts jobs. One that is begun again after a crash or a fault drops what was made of it before and starts anew, and
 * only a whole run's results become outputs, in the transaction that ends the job.
 */
export const conversionWorker = (parts: Parts): Worker => ({
  kind: conversionKind,
  concurrency: parts.options.converters,
  run: async (work: Job, stopping): Promise<Json> => {
    const { host, options, progress } = parts;
    const { job: id } = work.input as { job: string };
    const job = await host.ledger.read((facts) => getJob(facts, id));
    if (!isMine(job, work.id)) return null;
    const account = await host.accounts.find(job.owner);
    if (!account) {
      await giveUp(parts, id, work.id, new ConversionFailed('The account is gone.'));
      return null;
    }
    // The same at every attempt, so that one that died leaves nothing behind when the next has begun.
    const folder = join(host.data, 'conversions', work.id);
    const late = AbortSignal.timeout(options.conversionTimeout);
    const signal = AbortSignal.any([stopping, late]);
    try {
      await rm(folder, { recursive: true, force: true });
      await dropResults(parts, id, () => true);
      await forgive(parts, id, work.id);
      await perform(parts, job, { id, work: work.id, account, folder, signal });
      await conclude(parts, id, work.id);
    } catch (error) {
      if (stopping.aborted) throw error;
      const isLate = late.aborted;
      if (!isLate && work.attempts < work.maxAttempts) throw error;
      host.log.warn({ err: error, job: id }, 'a conversion was given up');
      await giveUp(parts, id, work.id, isLate ? new ConversionFailed('The conversion took too long.') : error);
    } finally {
      progress.delete(id);
    }
    return null;
  },
});
