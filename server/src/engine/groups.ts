import type { Json } from '../kit/json.js';
import { type Core, tell } from './core.js';
import { endAs } from './ending.js';
import { enterAlone, needRoom, newRecord } from './opening.js';
import type { FactReader, Facts, ShelfQuery } from './ports.js';
import {
  groupDueShelf,
  groupEndedShelf,
  groupShelf,
  needGroup,
  needOpenGroup,
  toUpload,
  type UploadRecord,
  uploadShelf,
} from './records.js';
import { isRefusal, Refusal } from './refusals.js';
import { listOverdue, readTimed, timedKey } from './timed.js';
import type { Upload } from './upload.js';
import type { Group, GroupFinish, GroupQuery, GroupSpec, GroupState } from './verbs.js';

type GroupRecord = Omit<Group, 'id'>;

const noteDue = (facts: Facts, id: string, at: number): void => groupDueShelf.put(facts, timedKey(at, id), null);

/** Opens a group with its first uploads (see `Engine.openGroup`). */
export const openGroup = async (core: Core, spec: GroupSpec): Promise<Group> => {
  const { dialect, owner, metadata = null, expiry = null, uploads = [] } = spec;
  const id = core.ids.next();
  const records = uploads.map((each): [string, UploadRecord] => [
    core.ids.next(),
    newRecord(core, { ...each, dialect, owner, group: id }),
  ]);
  const size = records.reduce((sum, [, record]) => sum + (record.size ?? 0), 0);
  if (records.length > 0) await needRoom(core, size);
  const now = core.clock.now();
  const group: GroupRecord = {
    dialect,
    owner,
    state: 'open',
    uploads: records.map(([upload]) => upload),
    metadata,
    expiry,
    createdAt: now,
    touchedAt: now,
    endedAt: null,
    result: null,
  };
  await core.ledger.transact(async (facts) => {
    groupShelf.put(facts, id, group);
    if (expiry) noteDue(facts, id, expiry.at);
    for (const [upload, record] of records) await enterAlone(facts, upload, record);
  });
  records.forEach(([upload, record], index) => {
    tell(core, 'opened', upload, record, { from: uploads[index]?.from });
  });
  return { id, ...group };
};

/** What is known of a group (see `Engine.lookGroup`). */
export const lookGroup = async (core: Core, id: string): Promise<Group> => ({
  id,
  ...(await core.ledger.read((facts) => needGroup(facts, id))),
});

/** Changes what the dialect keeps with a group (see `Engine.amendGroup`). */
export const amendGroup = async (core: Core, id: string, { metadata }: { metadata?: Json }): Promise<Group> =>
  core.ledger.transact(async (facts) => {
    const before = await needOpenGroup(facts, id);
    const after = { ...before, ...(metadata !== undefined && { metadata }), touchedAt: core.clock.now() };
    groupShelf.put(facts, id, after);
    return { id, ...after };
  });

/** The uploads of a group, without those that are forgotten. */
const uploadsOf = async (facts: FactReader, { uploads }: GroupRecord): Promise<Upload[]> => {
  const found: Upload[] = [];
  for (const id of uploads) {
    const record = await uploadShelf.get(facts, id);
    if (record) found.push(toUpload(id, record));
  }
  return found;
};

/** Writes the end of a group. Uploads in it are ended next; should the process die before that, the next sweep sees. */
const putEnd = (core: Core, facts: Facts, id: string, before: GroupRecord, state: GroupState): GroupRecord => {
  const now = core.clock.now();
  const after = { ...before, state, expiry: null, touchedAt: now, endedAt: now };
  groupShelf.put(facts, id, after);
  groupEndedShelf.put(facts, timedKey(now, id), null);
  noteDue(facts, id, now);
  return after;
};

/** Ends what is still open of an ended group. What is in use right now is left to the next sweep. */
const endUploads = async (core: Core, id: string, { state, endedAt }: GroupRecord, dueId?: string): Promise<void> => {
  const uploads = await core.ledger.read(async (facts) => uploadsOf(facts, await needGroup(facts, id)));
  for (const upload of uploads) {
    if (upload.state !== 'open' && upload.state !== 'sealed') continue;
    try {
      await endAs(core, upload.id, state === 'expired' ? 'expired' : 'cancelled');
    } catch (error) {
      if (isRefusal(error, 'not-open') || isRefusal(error, 'no-such-upload')) continue;
      if (isRefusal(error)) return;
      throw error;
    }
  }
  const done = dueId ?? timedKey(endedAt ?? 0, id);
  await core.ledger.transact(async (facts) => groupDueShelf.delete(facts, done), 'relaxed');
};

/** Ends a group well (see `Engine.finishGroup`). */
export const finishGroup = async (core: Core, id: string, spec: GroupFinish): Promise<Group> => {
  const { group, isNew } = await core.ledger.transact(async (facts) => {
    const before = await needGroup(facts, id);
    if (before.state === 'finished') return { group: before, isNew: false };
    await needOpenGroup(facts, id);
    const said = { ...before, ...(spec.metadata !== undefined && { metadata: spec.metadata }) };
    const after = putEnd(core, facts, id, said, 'finished');
    const result = spec.record ? await spec.record(facts, { id, ...after }, await uploadsOf(facts, before)) : null;
    const group = { ...after, result };
    groupShelf.put(facts, id, group);
    return { group, isNew: true };
  });
  if (isNew) await endUploads(core, id, group);
  return { id, ...group };
};

/** Ends a group and what is open in it (see `Engine.cancelGroup`). */
export const cancelGroup = async (core: Core, id: string): Promise<Group> => {
  const group = await core.ledger.transact(async (facts) => {
    const before = await needGroup(facts, id);
    if (before.state === 'cancelled') return before;
    await needOpenGroup(facts, id);
    return putEnd(core, facts, id, before, 'cancelled');
  });
  await endUploads(core, id, group);
  return { id, ...group };
};

/** Removes an ended group's record (see `Engine.forgetGroup`). */
export const forgetGroup = (core: Core, id: string): Promise<void> =>
  core.ledger.transact(async (facts) => {
    const group = await groupShelf.get(facts, id);
    if (!group) return;
    if (group.state === 'open') throw new Refusal('not-open', { id, state: 'open' });
    groupEndedShelf.delete(facts, timedKey(group.endedAt ?? 0, id));
    groupShelf.delete(facts, id);
  });

const pageSize = 200;

/** Groups that match (see `Engine.listGroups`). */
export const listGroups = async (core: Core, query: GroupQuery): Promise<Group[]> => {
  const { owner, dialect, states, endedBefore, limit = Number.POSITIVE_INFINITY } = query;
  const matches = (group: GroupRecord): boolean =>
    (owner === undefined || group.owner === owner) &&
    (dialect === undefined || group.dialect === dialect) &&
    (states === undefined || states.includes(group.state));
  const list = (facts: FactReader, from: ShelfQuery): Promise<{ id: string }[]> =>
    endedBefore === undefined ? groupShelf.list(facts, from) : groupEndedShelf.list(facts, from);
  const found: Group[] = [];
  for (let after = query.after; ; ) {
    const from = { limit: pageSize, ...(after !== undefined && { after }) };
    const page = await core.ledger.read((facts) => list(facts, from));
    for (const { id: key } of page) {
      const { at, id } = endedBefore === undefined ? { at: 0, id: key } : readTimed(key);
      if (endedBefore !== undefined && at >= endedBefore) return found;
      const group = await core.ledger.read((facts) => groupShelf.get(facts, id));
      if (group && matches(group) && found.length < limit) found.push({ id, ...group });
    }
    after = page.at(-1)?.id;
    if (page.length < pageSize || found.length >= limit) return found;
  }
};

/** When a group's time is over, as far as is known by now; null: never. */
const dueAt = async (facts: FactReader, group: GroupRecord): Promise<number | null> => {
  if (!group.expiry) return null;
  const { at, sliding } = group.expiry;
  if (sliding === null) return at;
  const touches = (await uploadsOf(facts, group)).map(({ touchedAt }) => touchedAt);
  return Math.max(group.touchedAt, ...touches) + sliding;
};

/** Looks at one group that may be overdue; says whether it ended now. */
const expireGroup = async (core: Core, id: string, dueId: string): Promise<boolean> => {
  const now = core.clock.now();
  const { ended, isNew } = await core.ledger.transact(async (facts) => {
    const group = await groupShelf.get(facts, id);
    if (group && group.state !== 'open') return { ended: group, isNew: false };
    groupDueShelf.delete(facts, dueId);
    const at = group ? await dueAt(facts, group) : null;
    if (group && at !== null && at <= now) return { ended: putEnd(core, facts, id, group, 'expired'), isNew: true };
    if (at !== null) noteDue(facts, id, at);
    return { ended: null, isNew: false };
  });
  if (ended) await endUploads(core, id, ended, isNew ? undefined : dueId);
  return isNew;
};

/** Ends groups that are overdue, and what dead processes left open of ended ones; says how many ended. */
export const expireGroups = async (core: Core, limit: number): Promise<number> => {
  const now = core.clock.now();
  const due = await core.ledger.read((facts) => listOverdue(facts, groupDueShelf, { now, limit }));
  let ended = 0;
  for (const { key: dueId, id } of due) {
    try {
      if (await expireGroup(core, id, dueId)) ended += 1;
    } catch (error) {
      // An upload of it is in use: the next sweep sees.
      if (!isRefusal(error)) throw error;
    }
  }
  return ended;
};
