import type { Facts } from '../../../engine/ports.js';
import { isRefusal } from '../../../engine/refusals.js';
import type { Account } from '../../../services/accounts/accounts.js';
import type { Parts } from '../context.js';
import { afterSaving } from '../jobs/change.js';
import type { JobRecord } from '../jobs/job.js';
import { getJob } from '../jobs/records.js';
import { problems } from '../problems.js';
import { failInput } from '../remote/fetching.js';
import type { NewInput } from './reading.js';
import { becomingInput } from './ready.js';
import { store } from './storing.js';

/** The job with these inputs in it; what has them come is written in the same transaction. */
export const addAll = async (
  facts: Facts,
  id: string,
  job: JobRecord,
  inputs: readonly NewInput[],
): Promise<JobRecord> => {
  let filled = job;
  for (const { enter } of inputs) filled = await enter(facts, id, filled);
  return filled;
};

/** Stores the bytes that came with a request, for inputs that are in the job by now; one that cannot be stored fails. */
export const storeContents = async (
  parts: Parts,
  account: Account,
  id: string,
  inputs: readonly NewInput[],
): Promise<void> => {
  const { host } = parts;
  for (const { input, content } of inputs) {
    if (content === null) continue;
    const { bytes, type } = content;
    const body = async function* (): AsyncGenerator<Buffer> {
      yield bytes;
    };
    const finish = becomingInput(parts, id, { name: input.filename, type }, (_facts, job, stored) => {
      if (!job.inputs.some((each) => each.id === input.id && each.status === 'downloading'))
        throw problems.conflict('The input is not wanted any more.');
      return { ...input, status: 'ready', stored, modifiedAt: host.clock.now() };
    });
    try {
      await store(parts, account, body(), { name: input.filename, finish });
    } catch (error) {
      await failInput(parts, id, input.id, 'The input could not be stored.');
      if (!isRefusal(error, 'over-quota') && !isRefusal(error, 'too-large')) throw error;
    }
  }
  const job = await host.ledger.read((facts) => getJob(facts, id));
  if (job) await afterSaving(parts, id, job);
};
