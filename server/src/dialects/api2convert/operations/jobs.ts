import { createHash } from 'node:crypto';
import { json } from '../../../http/answers.js';
import type { Reply } from '../../../http/exchange.js';
import { needObject, needObjects, readJson } from '../body.js';
import { newToken, newUuid } from '../ids.js';
import { addAll, storeContents } from '../inputs/adding.js';
import { readInput } from '../inputs/reading.js';
import { cancelJob } from '../jobs/cancelling.js';
import { changeJob, needJob, save } from '../jobs/change.js';
import { isOver, type JobRecord, statusTexts } from '../jobs/job.js';
import { type JobSettings, readConversions, readSettings } from '../jobs/reading.js';
import { getJob, jobByKey, jobByToken, jobsOf } from '../jobs/records.js';
import { many, one } from '../openapi/shapes.js';
import { forAccount, forJob, open } from '../operation.js';
import { pageOf } from '../paging.js';
import { problems } from '../problems.js';
import { jobShape } from '../shapes/job.js';
import { printTime } from '../shapes/times.js';
import { needRoomFor } from '../uploads/accepting.js';
import { type AccountVisit, admitAccount, admitToJob, tokensOf, type Visit } from '../visit.js';

const answerJob = ({ view }: Visit, id: string, job: JobRecord, status = 200): Reply =>
  json(status, jobShape(id, job, view));

const nothing: Reply = { status: 204 };

/** A job as it begins; it has nothing yet. */
const newJob = ({ parts, caller, view }: AccountVisit, settings: JobSettings): JobRecord => {
  const { host, options } = parts;
  const now = host.clock.now();
  return {
    owner: caller.account.name,
    token: newToken(host.ids),
    status: 'incomplete',
    errors: [],
    warnings: [],
    process: true,
    failOnInputError: true,
    failOnConversionError: true,
    conversions: [],
    inputs: [],
    outputs: [],
    results: [],
    limits: {},
    callback: '',
    notifyStatus: false,
    passwords: [],
    history: [],
    server: view.server,
    work: null,
    createdAt: now,
    modifiedAt: now,
    folder: null,
    idempotency: null,
    expiresAt: now + options.retention,
    purged: false,
    ...settings,
  };
};

const keyOf = (header: string | string[] | undefined): string | null =>
  typeof header === 'string' && header !== '' ? createHash('sha256').update(header).digest('hex') : null;

/** `POST /jobs` (specs/api2convert.md §4): a job with all that the request says of it, or none of it. */
const createJob = forAccount(
  {
    method: 'POST',
    path: '/jobs',
    summary: 'Creates a job; it starts when it has an input and a conversion, unless process is false.',
    body: one('NewJob'),
    answers: { 201: one('Job'), 204: null },
  },
  async (visit) => {
    const { parts, exchange, caller } = visit;
    const { ledger, ids } = parts.host;
    const owner = caller.account.name;
    const said = await readJson(visit);
    if (said === undefined) return nothing;
    const body = needObject(said);
    const settings = readSettings(body);
    const conversions = await readConversions(
      parts,
      owner,
      needObjects(body.conversion, 'conversion'),
      (index) => `conversion.${index}.`,
    );
    const inputs = needObjects(body.input, 'input').map((each, index) => readInput(parts, each, `input.${index}.`));
    const idempotency = keyOf(exchange.headers['idempotency-key']);
    const blank: JobRecord = { ...newJob(visit, settings), conversions, idempotency };
    needRoomFor(blank, inputs.length, parts.options.maxInputs);
    const made = await ledger.transact(async (facts) => {
      const known = idempotency === null ? undefined : await jobByKey(facts, owner, idempotency);
      if (known !== undefined) return { id: known, isNew: false };
      const id = newUuid(ids);
      await save(parts, facts, id, await addAll(facts, id, blank, inputs));
      return { id, isNew: true };
    });
    if (made.isNew) await storeContents(parts, caller.account, made.id, inputs);
    const job = await ledger.read((facts) => needJob(facts, made.id));
    return answerJob(visit, made.id, job, 201);
  },
);

/** `GET /jobs`: of the account, or with only a token that one job (specs/api2convert.md §2). */
const listJobs = open(
  {
    method: 'GET',
    path: '/jobs',
    summary: 'The account’s jobs, the newest first, 50 on a page.',
    query: { status: 'Only jobs of this status.', page: 'Page, from 1 on.' },
    answers: { 200: many('Job'), 204: null },
  },
  async (visit) => {
    const { parts, exchange, view } = visit;
    const { ledger } = parts.host;
    const { ids, total } = await listed(visit);
    const jobs = await ledger.read(async (facts) => {
      const found: unknown[] = [];
      for (const id of ids) {
        const job = await getJob(facts, id);
        if (job) found.push(jobShape(id, job, view));
      }
      return found;
    });
    const count = { 'x-count': total };
    return jobs.length === 0 && exchange.query.get('page') === null
      ? { status: 204, headers: count }
      : json(200, jobs, count);
  },
);

const listed = async (visit: Visit): Promise<{ ids: string[]; total: number }> => {
  const { parts, exchange } = visit;
  const account = await admitAccount(visit).catch((error: unknown) => {
    if (tokensOf(visit).length === 0) throw error;
    return undefined;
  });
  if (!account) {
    const id = await parts.host.ledger.read((facts) => jobByToken(facts, tokensOf(visit)));
    if (id === undefined) throw problems.unauthenticated();
    await admitToJob(visit, id);
    return { ids: [id], total: 1 };
  }
  const status = exchange.query.get('status') ?? undefined;
  const all = await parts.host.ledger.read((facts) => jobsOf(facts, account.caller.account.name, status));
  return { ids: pageOf(all, exchange.query), total: all.length };
};

const readJob = forJob(
  { method: 'GET', path: '/jobs/:job', summary: 'A job.', answers: { 200: one('Job') } },
  async (visit) => answerJob(visit, visit.id, visit.job),
);

/** The job with what a PATCH sets; refuses 409 for what its status does not allow (specs/api2convert.md §11). */
const patched = (job: JobRecord, settings: JobSettings, startOnFalse: boolean): JobRecord => {
  const { passwords, ...others } = settings;
  const sets = Object.keys(others).length > 0;
  if (isOver(job.status) && (sets || job.status === 'canceled'))
    throw problems.conflict(`The job cannot be changed: it is ${job.status}.`);
  const held = job.status === 'ready' && !job.process && startOnFalse && settings.process === false;
  if (settings.process === false && job.status === 'processing')
    throw problems.conflict('The job cannot be held: it is processing.');
  return { ...job, ...settings, ...(held && { process: true }), ...(passwords && { passwords }) };
};

const patchJob = forJob(
  {
    method: 'PATCH',
    path: '/jobs/:job',
    summary: 'Changes a job; process true starts it as soon as it is complete.',
    body: one('JobSettings'),
    answers: { 200: one('Job') },
  },
  async (visit) => {
    const { parts, id } = visit;
    const settings = readSettings(needObject(await readJson(visit)));
    const job = await changeJob(parts, id, (before) => patched(before, settings, parts.options.startOnFalse));
    return answerJob(visit, id, job);
  },
);

const deleteJob = forJob(
  {
    method: 'DELETE',
    path: '/jobs/:job',
    summary: 'Cancels a job and removes its files.',
    answers: { 204: null },
  },
  async ({ parts, id }) => {
    await cancelJob(parts, id);
    return nothing;
  },
);

const history = forJob(
  {
    method: 'GET',
    path: '/jobs/:job/history',
    summary: 'Every change of the job’s status.',
    answers: { 200: many('HistoryEntry') },
  },
  async ({ job }) =>
    json(
      200,
      job.history.map(({ id, status, at }) => ({ id, status, info: statusTexts[status], created_at: printTime(at) })),
    ),
);

const threads = forJob(
  {
    method: 'GET',
    path: '/jobs/:job/threads',
    summary: 'The work on the job that is under way.',
    answers: { 200: many('Thread') },
  },
  async ({ parts, id, job, view }) => {
    const percent = parts.progress.get(id);
    const started = job.history.findLast(({ status }) => status === 'processing')?.at ?? view.now;
    const row = {
      hash: job.work ?? '',
      status: percent ?? 0,
      info: `${percent ?? 0} %`,
      exec_time: Math.max(0, Math.floor((view.now - started) / 1000)),
      created_at: printTime(started),
      modified_at: printTime(view.now),
    };
    return json(200, percent === undefined ? [] : [row]);
  },
);

export const jobOperations = [listJobs, createJob, readJob, patchJob, deleteJob, history, threads];
