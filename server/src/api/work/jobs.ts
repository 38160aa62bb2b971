import { Refusal } from '../../engine/refusals.js';
import { type Job as QueueJob, toldJob } from '../../services/jobs/jobs.js';
import type { ApiHost } from '../host.js';
import { type Operation, operation } from '../operation.js';
import { notFound } from '../problems.js';
import { choiceIn, limitIn } from '../query.js';
import { Job, Jobs, WorkState } from '../shapes/index.js';

const tag = 'jobs';

const needJob = async ({ jobs }: ApiHost, id = ''): Promise<QueueJob> => {
  const job = await jobs.find(id);
  if (!job) throw notFound('no-such-job', 'There is no such job.');
  return job;
};

/** Ends the task that a job is done for, if there is one: without the job it would wait for ever. */
const cancelTask = async ({ shown }: ApiHost, job: QueueJob): Promise<void> => {
  for (const { tasks } of shown.map(({ showing }) => showing)) {
    const task = tasks?.of(job);
    if (task !== undefined && (await tasks?.find(task))?.endedAt === null) await tasks?.cancel(task);
  }
};

/** The queue of work after uploads. */
export const jobOperations: readonly Operation[] = [
  operation(
    {
      access: 'admin',
      method: 'GET',
      path: '/jobs',
      tag,
      summary: 'Jobs of the queue, the newest first.',
      query: {
        state: `Only in this state: ${WorkState.options.join(', ')}.`,
        kind: 'Only of this kind.',
        limit: 'At most so many: 100 unless told, 1000 at most.',
      },
      answer: Jobs,
    },
    async ({ host: { jobs }, exchange }) => {
      const state = choiceIn(exchange, 'state', WorkState.options);
      const kind = exchange.query.get('kind') || undefined;
      const limit = limitIn(exchange);
      const found = await jobs.list({
        limit,
        ...(state !== undefined && { state }),
        ...(kind !== undefined && { kind }),
      });
      return { jobs: found.map(toldJob) };
    },
  ),
  operation(
    {
      access: 'admin',
      method: 'POST',
      path: '/jobs/:id/retry',
      tag,
      summary: 'Has a job that waits or has ended done as soon as may be, with all its attempts anew.',
      answer: Job,
    },
    async ({ host, exchange: { params } }) => {
      const job = await needJob(host, params.id);
      if (job.state === 'running') throw new Refusal('malformed', { reason: 'The job is being done.' });
      await host.jobs.retry(job.id);
      return toldJob(await needJob(host, job.id));
    },
  ),
  operation(
    {
      access: 'admin',
      method: 'POST',
      path: '/jobs/:id/cancel',
      tag,
      summary: 'Ends a job for good, and the fax or conversion that it is done for.',
      answer: Job,
    },
    async ({ host, exchange: { params } }) => {
      const job = await needJob(host, params.id);
      if (job.endedAt !== null) throw new Refusal('malformed', { reason: 'The job has ended.' });
      await cancelTask(host, job);
      await host.jobs.cancel(job.id);
      return toldJob(await needJob(host, job.id));
    },
  ),
];
