import { Refusal } from '../../../engine/refusals.js';
import type { Json } from '../../../kit/json.js';
import type { Task, TaskQuery, Tasks } from '../../showing.js';
import type { Parts } from '../context.js';
import { cancelJob } from '../jobs/cancelling.js';
import { isOver, type JobRecord, type StatusCode, statusTexts } from '../jobs/job.js';
import { getJob, newestJobs } from '../jobs/records.js';
import { mayRetry, retryJob } from '../jobs/retrying.js';
import { conversionKind, fetchKind } from '../jobs/work.js';
import { Problem } from '../problems.js';

/** What a status makes of a job that nobody works at right now. */
const states: Readonly<Record<StatusCode, Task['state']>> = {
  incomplete: 'waiting',
  ready: 'waiting',
  downloading: 'waiting',
  processing: 'waiting',
  completed: 'done',
  failed: 'failed',
  canceled: 'cancelled',
};

const statusesOf = (state: Task['state']): ReadonlySet<StatusCode> =>
  new Set((Object.keys(states) as StatusCode[]).filter((code) => states[code] === state));

/** Most jobs that run at the same time and are told of. */
const mostRunning = 1000;

/** The jobs of the queue by which this one goes on. */
const worksOf = ({ status, work, inputs }: JobRecord): string[] => {
  const works =
    status === 'processing' ? [work] : inputs.map((input) => (input.status === 'downloading' ? input.work : null));
  return works.filter((each) => each !== null);
};

const titleOf = ({ inputs, conversions }: JobRecord): string => {
  const [first, ...others] = inputs;
  const name = first?.filename || 'No file yet';
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const targets = conversions.map(({ category, target }) => `${category}/${target}`).join(', ');
  return `${name}${more} → ${targets || 'nothing yet'}`;
};

const messageOf = ({ status, errors }: JobRecord): string =>
  errors.length > 0 ? errors.map(({ message }) => message).join(' ') : statusTexts[status];

const factsOf = ({ inputs, outputs, warnings }: JobRecord): [string, string][] => [
  ...inputs.map(({ filename, status }): [string, string] => ['Input', `${filename} (${status})`]),
  ...outputs.map(({ filename, stored }): [string, string] => [
    'Output',
    `${filename} (${stored.type}, ${stored.size} bytes)`,
  ]),
  ...warnings.map(({ message }): [string, string] => ['Warning', message]),
];

/** Runs what may be refused in the vendor's words, and refuses in those of all. */
const refusing = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof Problem) throw new Refusal('malformed', { reason: error.message });
    throw error;
  }
};

const jobOf = (input: Json): string | undefined => {
  const job = input !== null && typeof input === 'object' && !Array.isArray(input) ? input.job : undefined;
  return typeof job === 'string' ? job : undefined;
};

/** Jobs of API2Convert as people follow them. */
export const openTasks = (parts: Parts): Tasks => {
  const { ledger, jobs } = parts.host;

  const stateOf = async (job: JobRecord): Promise<Task['state']> => {
    if (isOver(job.status)) return states[job.status];
    for (const work of worksOf(job)) if ((await jobs.find(work))?.state === 'running') return 'running';
    return 'waiting';
  };

  const progressOf = (id: string, { status }: JobRecord): number | null => {
    if (status === 'completed') return 1;
    const percent = status === 'processing' ? parts.progress.get(id) : undefined;
    return percent === undefined ? null : percent / 100;
  };

  const toTask = async (id: string, job: JobRecord): Promise<Task> => ({
    id,
    owner: job.owner,
    title: titleOf(job),
    state: await stateOf(job),
    message: messageOf(job),
    progress: progressOf(id, job),
    pages: 0,
    facts: factsOf(job),
    may: { retry: mayRetry(job), cancel: !isOver(job.status) },
    createdAt: job.createdAt,
    endedAt: isOver(job.status) ? (job.history.at(-1)?.at ?? job.modifiedAt) : null,
  });

  /** What runs is asked for again and again by whoever watches, so it is found by its work, of which there is little. */
  const runningIds = async (): Promise<string[]> => {
    const works = await Promise.all(
      [conversionKind, fetchKind].map((kind) => jobs.list({ kind, state: 'running', limit: mostRunning })),
    );
    return [...new Set(works.flat().flatMap(({ input }) => jobOf(input) ?? []))];
  };

  const list = async ({ owner, state, limit }: TaskQuery): Promise<Task[]> => {
    const running = state === 'running' ? await runningIds() : undefined;
    const query = {
      limit,
      ...(owner !== undefined && { owner }),
      ...(state !== undefined && { statuses: statusesOf(state) }),
    };
    const found = await ledger.read(async (facts) => {
      const ids = running ?? (await newestJobs(facts, query));
      return Promise.all(ids.map(async (id) => ({ id, job: await getJob(facts, id) })));
    });
    const own = found.flatMap(({ id, job }) =>
      job && (owner === undefined || job.owner === owner) ? [{ id, job }] : [],
    );
    const tasks = await Promise.all(own.map(({ id, job }) => toTask(id, job)));
    return tasks
      .filter((task) => state === undefined || task.state === state)
      .sort((one, other) => other.createdAt - one.createdAt)
      .slice(0, limit);
  };

  return {
    list,
    find: async (id) => {
      const job = await ledger.read((facts) => getJob(facts, id));
      return job && toTask(id, job);
    },
    page: async () => undefined,
    retry: async (id) => {
      await refusing(() => retryJob(parts, id));
      return id;
    },
    cancel: (id) => refusing(() => cancelJob(parts, id)),
    of: ({ kind, input }) => (kind === conversionKind || kind === fetchKind ? jobOf(input) : undefined),
  };
};
