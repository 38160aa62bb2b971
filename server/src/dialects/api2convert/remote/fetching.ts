import type { IncomingMessage } from 'node:http';
import { isRefusal } from '../../../engine/refusals.js';
import { withDeadline } from '../../../kit/deadline.js';
import type { Json } from '../../../kit/json.js';
import type { Job, Worker } from '../../../services/jobs/jobs.js';
import { readDisposition } from '../../../wire/disposition/read.js';
import type { Parts } from '../context.js';
import { becomingInput } from '../inputs/ready.js';
import { largestInput, store } from '../inputs/storing.js';
import { afterSaving, changeJob } from '../jobs/change.js';
import type { Input, JobRecord } from '../jobs/job.js';
import { blamed } from '../jobs/life.js';
import { getJob } from '../jobs/records.js';
import { fetchKind } from '../jobs/work.js';
import { safeName, splitName } from '../names.js';
import { Problem, problems } from '../problems.js';
import { refusals } from '../refusals.js';
import { askRemote, ForbiddenRemote } from './request.js';

/** What a fetch is told: whose input, and whether its name is the client's own. */
type Fetch = { readonly job: string; readonly input: string; readonly named: boolean };

/** The code of a remote file that was not found (specs/api2convert.md §4). */
const notFound = 17;

/** A fetch that would fail again in the same way. */
class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

const redirects = 5;

const findFetched = (job: JobRecord | undefined, id: string): Input | undefined =>
  job?.inputs.find((input) => input.id === id && input.status === 'downloading');

/** Notes that an input could not be had. */
export const failInput = async (parts: Parts, job: string, id: string, message: string): Promise<void> => {
  await changeJob(parts, job, (before) => {
    const input = findFetched(before, id);
    if (!input) return before;
    const inputs = before.inputs.map((each): Input => (each.id === id ? { ...each, status: 'failed' } : each));
    return blamed({ ...before, inputs }, { source: 'input', idSource: id, code: notFound, message });
  });
};

/** The name that the answer has for its file, with the ending of its own where the client's wish has none. */
const nameOf = (input: Input, { named }: Fetch, response: IncomingMessage): string => {
  const { fileName } = readDisposition(response.headers['content-disposition'] ?? '');
  if (fileName === undefined || fileName.trim() === '') return input.filename;
  const theirs = safeName(fileName);
  if (!named) return theirs;
  return splitName(input.filename).ending === '' ? `${input.filename}${splitName(theirs).ending}` : input.filename;
};

const judgeAnswer = (response: IncomingMessage, limit: number | null): void => {
  const { statusCode = 0, headers } = response;
  if (statusCode >= 200 && statusCode < 300) {
    if (limit !== null && Number(headers['content-length'] ?? 0) > limit)
      throw new Hopeless(`The remote file is too large: at most ${limit} bytes are taken.`);
    return;
  }
  response.destroy();
  const message = `The remote file could not be fetched: its server answered ${statusCode}.`;
  throw statusCode >= 500 || statusCode === 429 ? new Error(message) : new Hopeless(message);
};

const fetchInput = async (
  parts: Parts,
  fetch: Fetch,
  input: Input,
  owner: string,
  signal: AbortSignal,
): Promise<void> => {
  const { host, options } = parts;
  const account = await host.accounts.find(owner);
  if (!account) throw new Hopeless('The account is gone.');
  const response = await askRemote({
    url: input.source,
    method: 'GET',
    headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'Longshore' },
    hosts: options.remoteHosts,
    redirects,
    signal,
  });
  const limit = largestInput(parts, account);
  judgeAnswer(response, limit);
  const arrival = { name: nameOf(input, fetch, response), type: response.headers['content-type'] ?? null };
  const finish = becomingInput(parts, fetch.job, arrival, (_facts, job, stored, { name }) => {
    const known = findFetched(job, input.id);
    if (!known) throw problems.conflict('The input is not wanted any more.');
    return { ...known, status: 'ready', filename: name, stored, modifiedAt: host.clock.now() };
  });
  try {
    await store(parts, account, response, { name: arrival.name, finish, limit, gone: signal });
  } finally {
    response.destroy();
  }
  const saved = await host.ledger.read((facts) => getJob(facts, fetch.job));
  if (saved) await afterSaving(parts, fetch.job, saved);
};

/** What the client is told; nothing where trying again may help. */
const finalMessage = (error: unknown): string | undefined => {
  if (error instanceof Hopeless || error instanceof ForbiddenRemote || error instanceof Problem) return error.message;
  if (isRefusal(error, 'too-large') || isRefusal(error, 'over-quota')) return error.answer(refusals).message;
  return undefined;
};

/** Fetches remote inputs. Tried again where the fault may pass. */
export const fetchWorker = (parts: Parts): Worker => ({
  kind: fetchKind,
  concurrency: 4,
  run: async (work: Job, stopping): Promise<Json> => {
    const fetch = work.input as Fetch;
    const job = await parts.host.ledger.read((facts) => getJob(facts, fetch.job));
    const input = findFetched(job, fetch.input);
    if (!job || !input) return null;
    const signal = withDeadline(stopping, parts.options.remoteTimeout);
    try {
      await fetchInput(parts, fetch, input, job.owner, signal);
    } catch (error) {
      if (stopping.aborted) throw error;
      const isLast = work.attempts >= work.maxAttempts || signal.aborted;
      const message = finalMessage(error) ?? (isLast ? 'The remote file could not be fetched.' : undefined);
      if (message === undefined) throw error;
      parts.host.log.info({ err: error, job: fetch.job }, 'a remote input failed');
      await failInput(parts, fetch.job, fetch.input, message);
    }
    return null;
  },
});
