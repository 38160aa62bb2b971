import type { Facts } from '../../../engine/ports.js';
import type { Host } from '../../dialect.js';
import { type FaxJob, type FaxOrder, faxJobKind } from './faxes.js';
import { hold } from './holds.js';
import {
  activeShelf,
  batchShelf,
  countShown,
  type FaxRecord,
  faxKey,
  faxShelf,
  ownedKey,
  ownedShelf,
  takeIds,
} from './records.js';
import { statuses } from './statuses.js';

/** What holds the documents and the pages of a batch. */
export const batchHolder = (parent: number): string => `batch-${parent}`;

const beginning: Omit<FaxRecord, 'parent' | 'recipient' | 'job'> = {
  status: statuses.preparing,
  onLine: false,
  pagesSubmitted: 0,
  pagesSent: 0,
  attemptsMade: 0,
  duration: 0,
  remoteCsid: '',
  transportId: '',
  completedAt: null,
  image: null,
  hidden: false,
};

/** A job runs again after each restart, which tells nothing about its fax; the worker says when to give one up. */
const maxAttempts = 1000;

/** Enters an order (see `Faxes.submit`). */
export const submit = async (
  { jobs, clock }: Pick<Host, 'jobs' | 'clock'>,
  facts: Facts,
  { owner, recipients, settings, documents, postponedTo }: FaxOrder,
): Promise<number> => {
  const count = recipients.length;
  const parent = await takeIds(facts, count);
  const submittedAt = clock.now();
  batchShelf.put(facts, faxKey(parent), {
    owner,
    settings,
    documents,
    pages: null,
    submittedAt,
    postponedTo,
    count,
    needing: count,
    kept: count,
  });
  for (const { object } of documents) hold(facts, object, batchHolder(parent));
  for (const [index, recipient] of recipients.entries()) {
    const fax = parent + index;
    const input: FaxJob = { fax };
    const job = jobs.add(facts, {
      kind: faxJobKind,
      input,
      maxAttempts,
      ...(postponedTo !== null && { dueAt: postponedTo }),
    });
    faxShelf.put(facts, faxKey(fax), { ...beginning, parent, recipient, job });
    ownedShelf.put(facts, ownedKey(owner, fax), null);
    activeShelf.put(facts, ownedKey(owner, fax), null);
  }
  await countShown(facts, owner, count);
  return parent;
};
