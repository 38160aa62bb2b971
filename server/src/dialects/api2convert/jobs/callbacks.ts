import type { Facts } from '../../../engine/ports.js';
import type { Host } from '../../dialect.js';
import { jobShape } from '../shapes/job.js';
import { isOver, type JobRecord } from './job.js';
import { callbackKind } from './work.js';

/** How often a callback is sent: once, and ten times more after faults that may pass (specs/api2convert.md §12). */
const attempts = 11;

/** What is to be sent to whom. */
export interface Callback {
  readonly url: string;
  /** JSON: the job as it was when it came to be announced. */
  readonly body: string;
}

/** Has a job's status told to its callback, if it has one that wants to know: when it is over, or at every change. */
export const announce = ({ host }: { host: Host }, facts: Facts, id: string, job: JobRecord): void => {
  const isWanted = job.notifyStatus || (isOver(job.status) && job.status !== 'canceled');
  if (job.callback === '' || !isWanted) return;
  // What is downloadable now will be so when the callback comes; its counters are all new.
  const body = JSON.stringify(jobShape(id, job, { server: job.server, now: host.clock.now(), maxDownloads: 0 }));
  host.jobs.add(facts, { kind: callbackKind, input: { url: job.callback, body }, maxAttempts: attempts });
};
