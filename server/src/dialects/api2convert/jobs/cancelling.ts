import { freeUnused } from '../../../services/catalog/unused.js';
import type { Parts } from '../context.js';
import { problems } from '../problems.js';
import { clearSessions, endUpload } from '../uploads/sessions.js';
import { needJob, save } from './change.js';
import { isOver, type JobRecord } from './job.js';

/** Ends a job for good and removes its files. Refuses 404, also once it is canceled, and 409 where it is over otherwise. */
export const cancelJob = async (parts: Parts, id: string): Promise<void> => {
  const { host } = parts;
  const { before, unused, uploads } = await host.ledger.transact(async (facts) => {
    const before = await needJob(facts, id);
    if (before.status === 'canceled') throw problems.notFound('Job');
    if (isOver(before.status)) throw problems.conflict(`The job cannot be canceled: it is ${before.status}.`);
    const unused = before.folder === null ? [] : await host.catalog.removeTree(facts, before.folder);
    const inputs = before.inputs.map((input) => ({ ...input, status: 'canceled', stored: null }) as const);
    const canceled: JobRecord = { ...before, status: 'canceled', inputs, results: [], folder: null, purged: true };
    const uploads = await clearSessions(facts, id, 'all');
    await save(parts, facts, id, canceled, before);
    return { before, unused, uploads };
  });
  for (const work of [before.work, ...before.inputs.map((input) => input.work)])
    if (work !== null) await host.jobs.cancel(work);
  for (const { upload } of uploads) await endUpload(parts, upload);
  await freeUnused(host, unused);
};
