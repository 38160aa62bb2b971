import type { Parts } from '../context.js';
import { problems } from '../problems.js';
import { changeJob } from './change.js';
import type { Input, JobRecord } from './job.js';
import { fetchKind } from './work.js';

/** Can this input that could not be had be fetched once more? */
const isFetched = ({ status, work }: Input): boolean => status === 'failed' && work !== null;

/** Has the job failed, and are there files to convert all the same? */
export const mayRetry = ({ status, purged, inputs }: JobRecord): boolean =>
  status === 'failed' && !purged && inputs.some((input) => input.status === 'ready' || isFetched(input));

/** Has a failed job done anew: inputs that could not be had are fetched again, and then all is converted. Refuses 404 and 409. */
export const retryJob = async (parts: Parts, id: string): Promise<void> => {
  const { jobs } = parts.host;
  await changeJob(parts, id, (job, facts) => {
    if (!mayRetry(job)) throw problems.conflict(`The job cannot be done anew: it is ${job.status}.`);
    const inputs = job.inputs.map((input): Input => {
      if (!isFetched(input)) return input;
      // By now it has a name, which stays.
      const fetch = { job: id, input: input.id, named: true };
      return {
        ...input,
        status: 'downloading',
        work: jobs.add(facts, { kind: fetchKind, input: fetch, maxAttempts: 3 }),
      };
    });
    return { ...job, status: 'incomplete', process: true, errors: [], warnings: [], work: null, inputs };
  });
};
