import { type Core, copyPart } from './core.js';
import type { Ledger } from './ports.js';
import { needUpload, type UploadRecord, uploadShelf } from './records.js';

/** How many uploads a process remembers as settled; forgetting one costs a look at the store. */
const mostSettled = 10_000;

/**
 * Sees to it that the bytes of an upload that is not finished are its part. A process that died between publishing and
 * recording a finish left them as an object: that finish never happened, so they are brought back. Call it under a lease.
 */
export const withdrawLeft = async (core: Core, id: string): Promise<void> => {
  if (core.settled.has(id)) return;
  const part = await core.store.size({ kind: 'part', name: id });
  if (part === null && (await core.store.size({ kind: 'object', name: id })) !== null)
    await core.store.withdraw(id, id);
  if (core.settled.size >= mostSettled) core.settled.clear();
  core.settled.add(id);
};

/** As `withdrawLeft`, for who goes on with the upload: where no byte was counted yet, what lies there gives way to new ones. */
export const bringBack = async (core: Core, id: string, { received }: UploadRecord): Promise<void> => {
  if (received > 0) await withdrawLeft(core, id);
};

/**
 * Puts an accepted replacing chunk where it belongs, if that was not done: its bytes rest in a part of their own until
 * then, so that a crash half-way leaves neither the old bytes nor the new ones broken. Call it under a lease of the whole
 * upload.
 */
export const applyRedo = async (core: Core, id: string, record: UploadRecord): Promise<UploadRecord> => {
  const { redo } = record;
  if (!redo) return record;
  await copyPart(core, { from: redo.part, range: { start: 0, end: redo.length }, to: id, at: redo.offset });
  await core.store.sync(id);
  const after = await clearRedo(core.ledger, id, redo.part);
  await core.store.remove({ kind: 'part', name: redo.part });
  core.followers.drop(id);
  return after;
};

const clearRedo = (ledger: Ledger, id: string, part: string): Promise<UploadRecord> =>
  ledger.transact(async (facts) => {
    const record = await needUpload(facts, id);
    if (record.redo?.part !== part) return record;
    const after = { ...record, redo: null };
    uploadShelf.put(facts, id, after);
    return after;
  });
