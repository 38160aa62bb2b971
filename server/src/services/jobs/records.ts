import { type FactReader, type Facts, ordered, shelf } from '../../engine/ports.js';
import { timedKey } from '../../engine/timed.js';
import type { Json } from '../../kit/json.js';
import type { Job, JobState } from './jobs.js';

/** Who runs a job. */
export interface Lease {
  /** One attempt: a job that is cancelled and tried again while it still runs has two holders, and one of them counts. */
  readonly holder: string;
  /** ms since 1970: without a sign of life until then, the holder is taken for dead. */
  readonly until: number;
  /** So that another process of the same machine sees at once that the holder is gone. */
  readonly presence: Json;
}

/** A job as the ledger keeps it; `lease` is set while it runs. */
export interface JobRecord extends Omit<Job, 'id'> {
  readonly lease: Lease | null;
}

/** Ids begin with the time of their making, so the shelf's order is the jobs' age. */
const jobShelf = shelf<JobRecord>('job');
/** `<state>/<job>`. */
const stateShelf = shelf<null>('job-state');
/** Waiting jobs: `<kind>/<ordered ms>/<job>`. */
const dueShelf = shelf<null>('job-due');
/** Ended jobs: `<ordered ms>/<job>`. */
const endedShelf = shelf<null>('job-ended');

const dueKey = (id: string, job: JobRecord) => `${encodeURIComponent(job.kind)}/${ordered(job.dueAt)}/${id}`;

const unlist = (facts: Facts, id: string, job: JobRecord): void => {
  stateShelf.delete(facts, `${job.state}/${id}`);
  if (job.state === 'waiting') dueShelf.delete(facts, dueKey(id, job));
  if (job.endedAt !== null) endedShelf.delete(facts, timedKey(job.endedAt, id));
};

/** The id of a job that is made at `createdAt`; `unique` makes it one of its kind. */
export const jobId = (createdAt: number, unique: string): string =>
  `${createdAt.toString(36).padStart(9, '0')}${unique}`;

/** What the world sees of a record. */
export const toJob = (id: string, { lease: _, ...job }: JobRecord): Job => ({ id, ...job });

/** The record of a job. Nothing where `id` is no key. */
export const getJob = async (facts: FactReader, id: string): Promise<JobRecord | undefined> =>
  /^[0-9a-z]+$/.test(id) ? jobShelf.get(facts, id) : undefined;

/** Writes a job; `before`: as it was, unless it is new. */
export const putJob = (facts: Facts, id: string, job: JobRecord, before?: JobRecord): void => {
  if (before) unlist(facts, id, before);
  jobShelf.put(facts, id, job);
  stateShelf.put(facts, `${job.state}/${id}`, null);
  if (job.state === 'waiting') dueShelf.put(facts, dueKey(id, job), null);
  if (job.endedAt !== null) endedShelf.put(facts, timedKey(job.endedAt, id), null);
};

/** The waiting job of a kind that was due first, if it is due at `now`. */
export const firstDue = async (facts: FactReader, kind: string, now: number): Promise<string | undefined> => {
  const within = `${encodeURIComponent(kind)}/`;
  const [first] = await dueShelf.list(facts, { within, limit: 1 });
  const [due, id] = first?.id.slice(within.length).split('/') ?? [];
  return due !== undefined && Number(due) <= now ? id : undefined;
};

/** The jobs that run, in whichever process. */
export const runningJobs = async (facts: FactReader): Promise<{ id: string; job: JobRecord }[]> => {
  const found: { id: string; job: JobRecord }[] = [];
  for (const { id: key } of await stateShelf.list(facts, { within: 'running/' })) {
    const id = key.slice('running/'.length);
    const job = await jobShelf.get(facts, id);
    if (job) found.push({ id, job });
  }
  return found;
};

/** Removes jobs that ended before `before` (ms since 1970), at most `limit`; says how many. */
export const pruneJobs = async (facts: Facts, before: number, limit: number): Promise<number> => {
  let removed = 0;
  for (const { id: key } of await endedShelf.list(facts, { limit })) {
    const [endedAt, id] = key.split('/');
    if (id === undefined || Number(endedAt) >= before) break;
    const job = await jobShelf.get(facts, id);
    if (job) unlist(facts, id, job);
    jobShelf.delete(facts, id);
    removed += 1;
  }
  return removed;
};

/** How many jobs are in a state, counted to `most` at most. */
export const countJobs = async (facts: FactReader, state: JobState, most: number): Promise<number> =>
  (await stateShelf.list(facts, { within: `${state}/`, limit: most })).length;

/** Jobs read at once while looking for those that match. */
const page = 200;

/** Jobs of a state and kind, the newest first. */
export const listJobs = async (
  facts: FactReader,
  { state, kind, limit }: { state?: JobState; kind?: string; limit: number },
): Promise<Job[]> => {
  const found: Job[] = [];
  const index = state === undefined ? jobShelf : stateShelf;
  const within = state === undefined ? '' : `${state}/`;
  let after: string | undefined;
  for (;;) {
    const keys = await index.list(facts, { within, limit: page, reverse: true, ...(after !== undefined && { after }) });
    for (const { id: key } of keys) {
      const id = key.slice(within.length);
      const job = await jobShelf.get(facts, id);
      if (job && (kind === undefined || job.kind === kind)) found.push(toJob(id, job));
      if (found.length >= limit) return found;
    }
    after = keys.at(-1)?.id;
    if (keys.length < page) return found;
  }
};
