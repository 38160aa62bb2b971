import { type Core, tell } from './core.js';
import { uncover } from './coverage.js';
import type { Lease } from './leases.js';
import { post } from './outbox.js';
import type { Facts } from './ports.js';
import { dueShelf, endedShelf, joinShelf, needUpload, noteDue, type UploadRecord, uploadShelf } from './records.js';
import { withdrawLeft } from './recovery.js';
import { isRefusal, Refusal } from './refusals.js';
import { needSize } from './sizes.js';
import { listOverdue, timedKey } from './timed.js';
import { release, reserve } from './usage.js';

type EndState = 'cancelled' | 'expired' | 'corrupt';

const kinds = { cancelled: 'cancelled', expired: 'expired', corrupt: 'corrupted' } as const;

const isOver = (record: UploadRecord): boolean => record.state !== 'open' && record.state !== 'sealed';

/** A lease of the whole upload, with those who hold some of it asked to let go. */
const takeWhole = (core: Core, id: string, judge: (record: UploadRecord) => void) =>
  core.leases.takeRange({
    upload: id,
    takeOver: true,
    want: async (facts) => {
      const record = await needUpload(facts, id);
      judge(record);
      return { range: { start: 0, end: Number.POSITIVE_INFINITY }, value: record };
    },
  });

const removeBytes = async (core: Core, id: string, record: UploadRecord): Promise<void> => {
  core.followers.drop(id);
  core.settled.delete(id);
  await core.store.remove({ kind: 'part', name: id });
  if (record.redo) await core.store.remove({ kind: 'part', name: record.redo.part });
};

/** Ends an upload without a file: its bytes go, its record stays. Call it under a lease of the whole upload. */
export const end = async (
  core: Core,
  id: string,
  { state, lease }: { state: EndState; lease: Lease },
): Promise<UploadRecord> => {
  // Bytes that nobody came to remove are found as a part, by the next sweep; as an object they would stay.
  await withdrawLeft(core, id);
  const now = core.clock.now();
  const { before, after } = await core.ledger.transact(async (facts) => {
    await core.leases.confirm(facts, lease);
    const before = await needUpload(facts, id);
    const emptied = await uncover(facts, id, before);
    const after = { ...emptied, state, reserved: 0, expiry: null, touchedAt: now, endedAt: now };
    await release(facts, before.owner, before.reserved);
    for (const part of before.parts ?? []) joinShelf.delete(facts, `${part}/${id}`);
    uploadShelf.put(facts, id, after);
    endedShelf.put(facts, timedKey(now, id), null);
    await post(facts, kinds[state], id, after, now);
    await core.leases.clear(facts, id, { forGood: state !== 'corrupt' });
    return { before, after };
  });
  await removeBytes(core, id, before);
  tell(core, kinds[state], id, after);
  return after;
};

/** The record of an empty upload with another size, set aside in its owner's quota. Refuses a size that cannot be. */
const resized = async (facts: Facts, record: UploadRecord, size: number | null): Promise<UploadRecord> => {
  needSize(size, record.maxSize);
  const more = (size ?? 0) - record.reserved;
  if (more > 0) await reserve(facts, record.owner, more, record.quota);
  else await release(facts, record.owner, -more);
  return { ...record, size, reserved: size ?? 0 };
};

/** Ends an upload that is not over; one that ended so already answers again. Refuses `not-open` where it ended otherwise. */
export const endAs = async (core: Core, id: string, state: 'cancelled' | 'expired'): Promise<UploadRecord> => {
  const known = await core.ledger.read((facts) => needUpload(facts, id));
  if (known.state === state) return known;
  if (isOver(known)) throw new Refusal('not-open', { id, state: known.state });
  const { lease, value } = await takeWhole(core, id, () => undefined);
  try {
    if (value.state === state) return value;
    if (isOver(value)) throw new Refusal('not-open', { id, state: value.state });
    return await end(core, id, { state, lease });
  } finally {
    await core.leases.release(lease);
  }
};

/** Cancels an upload (see `Engine.cancel`). */
export const cancel = (core: Core, id: string): Promise<UploadRecord> => endAs(core, id, 'cancelled');

/** Empties an upload so that its bytes can be sent anew (see `Engine.reset`). */
export const reset = async (
  core: Core,
  id: string,
  { size }: { size?: number | null | undefined } = {},
): Promise<UploadRecord> => {
  const { lease, value: before } = await takeWhole(core, id, ({ state, parts }) => {
    if (parts || (state !== 'open' && state !== 'corrupt')) throw new Refusal('not-open', { id, state });
  });
  try {
    await withdrawLeft(core, id);
    const now = core.clock.now();
    const after = await core.ledger.transact(async (facts) => {
      await core.leases.confirm(facts, lease);
      const record = await needUpload(facts, id);
      if (record.endedAt !== null) endedShelf.delete(facts, timedKey(record.endedAt, id));
      const emptied = await uncover(facts, id, record);
      const sized = await resized(facts, emptied, size === undefined ? record.size : size);
      const after: UploadRecord = { ...sized, state: 'open', digests: {}, touchedAt: now, endedAt: null };
      uploadShelf.put(facts, id, after);
      return after;
    });
    await removeBytes(core, id, before);
    return after;
  } finally {
    await core.leases.release(lease);
  }
};

/** Looks at one upload that may be overdue: ends it, or notes when to look again. */
const expireOne = async (core: Core, id: string, dueId: string): Promise<boolean> => {
  const now = core.clock.now();
  const isDue = (record: UploadRecord) => !isOver(record) && record.expiry !== null && record.expiry.at <= now;
  const overdue = await core.ledger.transact(async (facts: Facts) => {
    dueShelf.delete(facts, dueId);
    const record = await needUpload(facts, id);
    if (isOver(record)) return false;
    if (isDue(record)) {
      // Should this process die before the end is written, somebody looks again.
      dueShelf.put(facts, timedKey(now + 60_000, id), null);
      return true;
    }
    noteDue(facts, id, record.expiry);
    return false;
  });
  if (!overdue) return false;
  const { lease, value } = await takeWhole(core, id, () => undefined);
  try {
    if (!isDue(value)) return false;
    await end(core, id, { state: 'expired', lease });
    return true;
  } finally {
    await core.leases.release(lease);
  }
};

/** Ends what is overdue (see `Engine.expire`). */
export const expire = async (core: Core, limit: number): Promise<number> => {
  const now = core.clock.now();
  const due = await core.ledger.read((facts) => listOverdue(facts, dueShelf, { now, limit }));
  let ended = 0;
  for (const { key: dueId, id } of due) {
    try {
      if (await expireOne(core, id, dueId)) ended += 1;
    } catch (error) {
      // Forgotten meanwhile, or in use: the next sweep sees.
      if (!isRefusal(error)) throw error;
      if (error.kind === 'no-such-upload')
        await core.ledger.transact(async (facts) => dueShelf.delete(facts, dueId), 'relaxed');
    }
  }
  return ended;
};
