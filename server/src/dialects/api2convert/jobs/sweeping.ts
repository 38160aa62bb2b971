import { freeUnused } from '../../../services/catalog/unused.js';
import type { Sweep } from '../../../services/janitor/janitor.js';
import type { Parts } from '../context.js';
import { failInput } from '../remote/fetching.js';
import { clearSessions, endUpload, sessionsOf } from '../uploads/sessions.js';
import { isOver } from './job.js';
import { dropJob, dueJobs, getJob, putJob } from './records.js';
import { giveUp } from './running.js';
import { conversionKind, fetchKind } from './work.js';

/** How many jobs one piece of sweeping looks at. */
const batch = 50;
/** ms after which a job is looked at again that was due and is still busy. */
const later = 60 * 60 * 1000;

/** Does somebody still send bytes for this job? */
const isBusy = async ({ host }: Parts, id: string): Promise<boolean> => {
  for (const { upload, md5 } of await host.ledger.read((facts) => sessionsOf(facts, id)))
    if (md5 === null && (await host.engine.find(upload))?.state === 'open') return true;
  return false;
};

/** Looks at one due job: removes its files, and when it has none its record. What runs is left alone. */
const expire = async (parts: Parts, id: string): Promise<void> => {
  const { host, options } = parts;
  const now = host.clock.now();
  const busy = await isBusy(parts, id);
  const { unused, uploads } = await host.ledger.transact(async (facts) => {
    const nothing = { unused: [], uploads: [] };
    const job = await getJob(facts, id);
    if (!job || job.expiresAt > now) return nothing;
    if (busy || job.status === 'processing' || job.status === 'downloading') {
      putJob(facts, id, { ...job, expiresAt: now + later }, job);
      return nothing;
    }
    const uploads = await clearSessions(facts, id, 'all');
    if (job.purged) {
      dropJob(facts, id, job);
      return { unused: [], uploads };
    }
    const unused = job.folder === null ? [] : await host.catalog.removeTree(facts, job.folder);
    const status = isOver(job.status) ? job.status : 'canceled';
    const inputs = job.inputs.map((input) => ({ ...input, stored: null }));
    const expiresAt = now + options.remember;
    putJob(facts, id, { ...job, status, inputs, folder: null, purged: true, expiresAt }, job);
    return { unused, uploads };
  });
  for (const { upload } of uploads) await endUpload(parts, upload);
  await freeUnused(host, unused);
};

/** Removes the files of jobs whose time has come, and later the jobs themselves. */
export const expirySweep = (parts: Parts): Sweep => ({
  name: 'API2Convert jobs',
  run: async (signal) => {
    const { ledger, clock } = parts.host;
    const due = await ledger.read((facts) => dueJobs(facts, clock.now(), batch));
    for (const id of due) {
      if (signal.aborted) return false;
      await expire(parts, id);
    }
    return due.length === batch;
  },
});

/** Ends jobs whose work was given up by the queue, as the process died each time it was tried. */
export const givenUpSweep = (parts: Parts): Sweep => ({
  name: 'API2Convert conversions that were given up',
  run: async () => {
    const { jobs } = parts.host;
    for (const { id, input } of await jobs.list({ kind: conversionKind, state: 'failed' }))
      await giveUp(parts, (input as { job: string }).job, id, new Error('given up'));
    for (const { input } of await jobs.list({ kind: fetchKind, state: 'failed' })) {
      const fetch = input as { job: string; input: string };
      const job = await parts.host.ledger.read((facts) => getJob(facts, fetch.job));
      if (job?.inputs.some(({ id, status }) => id === fetch.input && status === 'downloading'))
        await failInput(parts, fetch.job, fetch.input, 'The remote file could not be fetched.');
    }
  },
});
