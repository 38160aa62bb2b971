import { createHash } from 'node:crypto';
import { type FactReader, type Facts, ordered, shelf } from '../../../engine/ports.js';
import { listOverdue, timedKey } from '../../../engine/timed.js';
import { isUuid } from '../ids.js';
import type { JobRecord, StatusCode } from './job.js';

const jobShelf = shelf<JobRecord>('api2convert/job');
/** `<owner>/<ordered ms of making>/<job>`: an account's jobs in the order of their age, and what they are. */
const ownerShelf = shelf<StatusCode>('api2convert/job-of');
/** `<ordered ms>/<job>`: which job is to be looked at when. */
const dueShelf = shelf<null>('api2convert/job-due');
/** The job that an input or output is of. */
const fileShelf = shelf<string>('api2convert/file-of');
/** `<owner>/<digest of the key>`: the job that a request with this Idempotency-Key made. */
const idempotencyShelf = shelf<string>('api2convert/idempotency');

/** `<digest of the token>`: the job whose token it is. */
const tokenShelf = shelf<string>('api2convert/token');

const tokenKey = (token: string): string => createHash('sha256').update(token).digest('hex');

const ownerWithin = (owner: string): string => `${encodeURIComponent(owner)}/`;

const ownerKey = (id: string, { owner, createdAt }: JobRecord): string =>
  `${ownerWithin(owner)}${ordered(createdAt)}/${id}`;

const dueKey = (id: string, { expiresAt }: JobRecord): string => timedKey(expiresAt, id);

const filesOf = ({ inputs, outputs }: JobRecord): string[] => [...inputs, ...outputs].map(({ id }) => id);

/** The job of this id. */
export const getJob = async (facts: FactReader, id: string): Promise<JobRecord | undefined> =>
  isUuid(id) ? jobShelf.get(facts, id) : undefined;

/** Writes a job and what it is found by; `before`: as it was, unless it is new. */
export const putJob = (facts: Facts, id: string, job: JobRecord, before?: JobRecord): void => {
  jobShelf.put(facts, id, job);
  if (before?.status !== job.status) ownerShelf.put(facts, ownerKey(id, job), job.status);
  if (before?.expiresAt !== job.expiresAt) {
    if (before) dueShelf.delete(facts, dueKey(id, before));
    dueShelf.put(facts, dueKey(id, job), null);
  }
  const known = new Set(before ? filesOf(before) : []);
  const kept = filesOf(job);
  for (const file of kept) if (!known.delete(file)) fileShelf.put(facts, file, id);
  for (const file of known) fileShelf.delete(facts, file);
  if (!before) tokenShelf.put(facts, tokenKey(job.token), id);
  if (!before && job.idempotency !== null)
    idempotencyShelf.put(facts, `${ownerWithin(job.owner)}${job.idempotency}`, id);
};

/** Removes a job and what it is found by. */
export const dropJob = (facts: Facts, id: string, job: JobRecord): void => {
  jobShelf.delete(facts, id);
  ownerShelf.delete(facts, ownerKey(id, job));
  dueShelf.delete(facts, dueKey(id, job));
  tokenShelf.delete(facts, tokenKey(job.token));
  for (const file of filesOf(job)) fileShelf.delete(facts, file);
  if (job.idempotency !== null) idempotencyShelf.delete(facts, `${ownerWithin(job.owner)}${job.idempotency}`);
};

/** The ids of an account's jobs, the newest first. */
export const jobsOf = async (facts: FactReader, owner: string, status?: string): Promise<string[]> => {
  const found = await ownerShelf.list(facts, { within: ownerWithin(owner), reverse: true });
  return found
    .filter(({ value }) => status === undefined || value === status)
    .map(({ id }) => id.slice(id.lastIndexOf('/') + 1));
};

/** Names of all who have jobs, as they stand in keys. */
const ownersIn = async (facts: FactReader): Promise<string[]> => {
  const found: string[] = [];
  for (;;) {
    const [last] = await ownerShelf.list(facts, {
      reverse: true,
      limit: 1,
      ...(found.length > 0 && { after: `${found.at(-1)}/` }),
    });
    if (!last) return found;
    found.push(last.id.slice(0, last.id.indexOf('/')));
  }
};

/** The ids of one account's jobs, or of all accounts', that are of these statuses: the newest first, at most `limit`. */
export const newestJobs = async (
  facts: FactReader,
  { owner, statuses, limit }: { owner?: string; statuses?: ReadonlySet<StatusCode>; limit: number },
): Promise<string[]> => {
  const keys: string[] = [];
  for (const each of owner === undefined ? await ownersIn(facts) : [encodeURIComponent(owner)]) {
    const within = `${each}/`;
    let after: string | undefined;
    for (let found = 0; found < limit; ) {
      const page = await ownerShelf.list(facts, {
        within,
        reverse: true,
        limit,
        ...(after !== undefined && { after }),
      });
      const matching = page.filter(({ value }) => statuses?.has(value) ?? true).slice(0, limit - found);
      keys.push(...matching.map(({ id }) => id.slice(within.length)));
      found += matching.length;
      after = page.at(-1)?.id;
      if (page.length < limit) break;
    }
  }
  // What is left of a key is the time of the job's making, and its id.
  return keys
    .sort()
    .reverse()
    .slice(0, limit)
    .map((key) => key.slice(key.indexOf('/') + 1));
};

/** The ids of jobs that are due at `now`, at most `limit`. */
export const dueJobs = async (facts: FactReader, now: number, limit: number): Promise<string[]> => {
  const overdue = await listOverdue(facts, dueShelf, { now, limit });
  return overdue.map(({ id }) => id);
};

/** The job that this input or output is of. */
export const jobOfFile = async (
  facts: FactReader,
  file: string,
): Promise<{ id: string; job: JobRecord } | undefined> => {
  const id = isUuid(file) ? await fileShelf.get(facts, file) : undefined;
  const job = id === undefined ? undefined : await getJob(facts, id);
  return id !== undefined && job ? { id, job } : undefined;
};

/** The job that a request with this key made before. */
export const jobByKey = (facts: FactReader, owner: string, key: string): Promise<string | undefined> =>
  idempotencyShelf.get(facts, `${ownerWithin(owner)}${key}`);

/** The job that one of these tokens is of. */
export const jobByToken = async (facts: FactReader, tokens: readonly string[]): Promise<string | undefined> => {
  for (const token of tokens) {
    const id = await tokenShelf.get(facts, tokenKey(token));
    if (id !== undefined) return id;
  }
  return undefined;
};
