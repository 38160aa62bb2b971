import type { Core } from './core.js';
import { tell } from './core.js';
import { type Facts, isName } from './ports.js';
import {
  groupShelf,
  needOpen,
  needOpenGroup,
  noteDue,
  objectShelf,
  toUpload,
  type UploadRecord,
  uploadShelf,
} from './records.js';
import { Refusal } from './refusals.js';
import { needSize } from './sizes.js';
import type { Upload } from './upload.js';
import { reserve } from './usage.js';
import type { OpenSpec } from './verbs.js';

/** The record that an upload begins with. Refuses what can never be right. */
export const newRecord = (core: Core, spec: OpenSpec): UploadRecord => {
  const { size = null, maxSize = null } = spec;
  needSize(size, maxSize);
  const now = core.clock.now();
  return {
    dialect: spec.dialect,
    owner: spec.owner,
    state: 'open',
    size,
    maxSize,
    received: 0,
    front: 0,
    frontCrc: 0,
    islands: 0,
    redo: null,
    parts: null,
    declared: spec.declared ?? {},
    follow: spec.follow ?? [],
    digests: {},
    metadata: spec.metadata ?? null,
    group: spec.group ?? null,
    expiry: spec.expiry ?? null,
    tier: spec.tier ?? 'durable',
    quota: spec.quota ?? null,
    reserved: size ?? 0,
    createdAt: now,
    touchedAt: now,
    endedAt: null,
    object: null,
    result: null,
  };
};

/** Puts a new upload into the ledger, with its place in its group and its share of the quota. */
export const enter = async (facts: Facts, id: string, record: UploadRecord): Promise<void> => {
  if (record.group !== null) {
    const group = await needOpenGroup(facts, record.group);
    const uploads = [...group.uploads, id];
    groupShelf.put(facts, record.group, { ...group, uploads, touchedAt: record.createdAt });
  }
  await enterAlone(facts, id, record);
};

/** As `enter`, where the group is taken care of. */
export const enterAlone = async (facts: Facts, id: string, record: UploadRecord): Promise<void> => {
  await reserve(facts, record.owner, record.reserved, record.quota);
  noteDue(facts, id, record.expiry);
  uploadShelf.put(facts, id, record);
};

/** Is there room in the store for what an upload says it will bring? */
export const needRoom = async (core: Core, bytes: number): Promise<void> => {
  const free = await core.store.room();
  if (free !== null && (bytes > free || free <= 0)) throw new Refusal('no-room', { needed: bytes, free });
};

/** Refuses an id that cannot be given, or was: also to an upload that is forgotten while its bytes are still there. */
const needFree = async (facts: Facts, id: string): Promise<void> => {
  const free = isName(id) && !(await uploadShelf.get(facts, id)) && !(await objectShelf.get(facts, id));
  if (!free) throw new Refusal('malformed', { reason: 'An upload cannot have this id.' });
};

/** Begins an upload (see `Engine.open`). */
export const open = async (core: Core, spec: OpenSpec): Promise<Upload> => {
  const record = newRecord(core, spec);
  await needRoom(core, record.size ?? 0);
  const id = spec.id ?? core.ids.next();
  const begin = async (facts: Facts) => {
    if (spec.id !== undefined) await needFree(facts, spec.id);
    await enter(facts, id, record);
  };
  await core.ledger.transact(begin, spec.chunkFollows ? 'relaxed' : record.tier);
  tell(core, 'opened', id, record, { from: spec.from });
  return toUpload(id, record);
};

/** Changes what is known of an open upload (see `Engine.amend`). */
export const amend = async (
  core: Core,
  id: string,
  changes: Pick<Partial<UploadRecord>, 'metadata' | 'expiry' | 'declared'> & { size?: number },
): Promise<UploadRecord> =>
  core.ledger.transact(async (facts) => {
    const before = await needOpen(facts, id);
    const { size } = changes;
    if (size !== undefined) {
      needSize(size, before.maxSize);
      if (before.size !== null && before.size !== size)
        throw new Refusal('size-conflict', { known: before.size, given: size });
      if (size < before.received) throw new Refusal('size-conflict', { known: before.received, given: size });
    }
    const more = Math.max(0, (size ?? 0) - before.reserved);
    await reserve(facts, before.owner, more, before.quota);
    const after: UploadRecord = {
      ...before,
      ...changes,
      reserved: before.reserved + more,
      touchedAt: core.clock.now(),
    };
    if (changes.expiry) noteDue(facts, id, changes.expiry);
    uploadShelf.put(facts, id, after);
    return after;
  });
