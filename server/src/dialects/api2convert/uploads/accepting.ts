import type { Input, JobRecord, StoredFile } from '../jobs/job.js';
import { takesUploads } from '../jobs/life.js';
import { problems } from '../problems.js';

/** Refuses 409 for a job that takes no uploads any more, 402 for one that has enough. */
export const needTaking = (job: JobRecord, most: number): void => {
  if (!takesUploads(job)) throw problems.conflict(`The job does not accept uploads: it is ${job.status}.`);
  needRoomFor(job, 1, most);
};

/** Refuses 402 where a job would have more inputs than it may have. */
export const needRoomFor = ({ inputs }: JobRecord, more: number, most: number): void => {
  if (inputs.length + more > most) throw problems.limit(`A job has at most ${most} inputs.`);
};

/** An uploaded file as an input. `now`: ms since 1970. */
export const uploadedInput = (
  { id, name, password }: { id: string; name: string; password: string | null },
  stored: StoredFile,
  now: number,
): Input => ({
  id,
  type: 'upload',
  status: 'ready',
  source: name,
  engine: 'auto',
  options: {},
  parameters: {},
  metadata: {},
  filename: name,
  password,
  stored,
  work: null,
  createdAt: now,
  modifiedAt: now,
});
