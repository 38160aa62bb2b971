import { type Input, isOver, type JobRecord, type StatusCode, type Trouble } from './job.js';

/** Has the job what it takes to be converted? */
const isComplete = ({ inputs, conversions }: JobRecord): boolean =>
  conversions.length > 0 && inputs.some(({ status }) => status === 'ready');

/** What a job that has not begun to be converted is, by what it has (specs/api2convert.md §4.1). */
const waitingStatus = (job: JobRecord): StatusCode => {
  const has = (status: Input['status']) => job.inputs.some((input) => input.status === status);
  if (job.errors.length > 0) return 'failed';
  if (has('downloading')) return 'downloading';
  if (isComplete(job)) return job.process ? 'processing' : 'ready';
  // All that it had failed, and as it is to be processed nothing else is waited for.
  return has('failed') && job.process && job.conversions.length > 0 ? 'failed' : 'incomplete';
};

/** May what the job is made of still be changed? */
export const isWaiting = ({ status }: JobRecord): boolean =>
  status === 'incomplete' || status === 'ready' || status === 'downloading';

/** Does the job take uploads (specs/api2convert.md §9, §10)? One that starts by itself does so with what it has. */
export const takesUploads = ({ status, process }: JobRecord): boolean =>
  status === 'incomplete' || status === 'ready' || (status === 'downloading' && !process);

/** The job with the status that follows from what it has. What runs or is over stays. */
export const settled = (job: JobRecord): JobRecord => (isWaiting(job) ? { ...job, status: waitingStatus(job) } : job);

/** Notes that something of a job failed: as an error, or where the job goes on all the same as a warning. */
export const blamed = (job: JobRecord, trouble: Trouble): JobRecord => {
  const fatal = trouble.source === 'input' ? job.failOnInputError : job.failOnConversionError;
  return fatal ? { ...job, errors: [...job.errors, trouble] } : { ...job, warnings: [...job.warnings, trouble] };
};

/** The job when all its conversions have ended: without an output it has failed, whatever it forgives. */
export const ended = (job: JobRecord): JobRecord => {
  if (isOver(job.status)) return job;
  const failed = job.errors.length > 0 || job.results.length === 0;
  return { ...job, status: failed ? 'failed' : 'completed', outputs: failed ? [] : job.results, results: [] };
};
