import type { Algorithm, Declared } from './digests.js';
import type { OutboxEvent } from './events.js';
import { type FactReader, type Facts, shelf } from './ports.js';
import { Refusal } from './refusals.js';
import { timedKey } from './timed.js';
import type { Expiry, Tier, Upload, UploadState } from './upload.js';
import type { Group } from './verbs.js';

/** An upload as the ledger keeps it. */
export interface UploadRecord extends Omit<Upload, 'id' | 'contiguous' | 'declared' | 'digests' | 'expiry' | 'tier'> {
  readonly state: UploadState;
  readonly declared: Declared;
  readonly digests: Declared;
  readonly follow: readonly Algorithm[];
  readonly expiry: Expiry | null;
  readonly tier: Tier;
  /** The owner's quota when the upload was opened; null: none. */
  readonly quota: number | null;
  /** Bytes that are there from 0 on without a hole. */
  readonly front: number;
  /** CRC-32 of those; null when a replaced chunk made it unknown. */
  readonly frontCrc: number | null;
  /** How many ranges lie beyond the front: each is a fact on the `island` shelf. */
  readonly islands: number;
  /** A replacing chunk that is accepted but perhaps not yet in its place. */
  readonly redo: { readonly part: string; readonly offset: number; readonly length: number } | null;
  /** For a concatenation: what it is made of. */
  readonly parts: readonly string[] | null;
}

/** A range beyond the front; its id is `<upload>/<ordered start>`. */
export interface Island {
  readonly end: number;
  readonly crc: number | null;
}

/** Where an object comes from: known as long as its bytes are, also when its upload is forgotten. */
export interface ObjectRecord {
  readonly owner: string;
  readonly size: number;
  readonly crc32: string;
}

export const uploadShelf = shelf<UploadRecord>('upload');
export const islandShelf = shelf<Island>('island');
export const objectShelf = shelf<ObjectRecord>('object');
export const groupShelf = shelf<Omit<Group, 'id'>>('group');
/** Groups to look at when they may have expired, or have uploads left that should have ended: `<ordered ms>/<group>`. */
export const groupDueShelf = shelf<null>('group-due');
/** Ended groups by the time of their end: `<ordered ms>/<group>`. */
export const groupEndedShelf = shelf<null>('group-ended');
export const eventShelf = shelf<Omit<OutboxEvent, 'seq'>>('event');
/** Uploads to look at when their time has come: `<ordered ms>/<upload>`. An upload may have moved on meanwhile. */
export const dueShelf = shelf<null>('due');
/** Ended uploads by the time of their end: `<ordered ms>/<upload>`. */
export const endedShelf = shelf<null>('ended');
/** Which concatenations wait for a part: `<part>/<concatenation>`. */
export const joinShelf = shelf<null>('join');
const counterShelf = shelf<number>('counter');

/** The next number of a counter, from 1 on. */
export const count = async (facts: Facts, name: string): Promise<number> => {
  const next = ((await counterShelf.get(facts, name)) ?? 0) + 1;
  counterShelf.put(facts, name, next);
  return next;
};

/** The record of an upload; refuses `no-such-upload`. */
export const needUpload = async (facts: FactReader, id: string): Promise<UploadRecord> => {
  const record = await uploadShelf.get(facts, id);
  if (!record) throw new Refusal('no-such-upload', { id });
  return record;
};

/** The record of an upload that takes bytes; refuses `no-such-upload` and `not-open`. */
export const needOpen = async (facts: FactReader, id: string): Promise<UploadRecord> => {
  const record = await needUpload(facts, id);
  if (record.state !== 'open' || record.parts) throw new Refusal('not-open', { id, state: record.state });
  return record;
};

/** The record of a group; refuses `no-such-group`. */
export const needGroup = async (facts: FactReader, id: string): Promise<Omit<Group, 'id'>> => {
  const group = await groupShelf.get(facts, id);
  if (!group) throw new Refusal('no-such-group', { id });
  return group;
};

/** The record of a group that has not ended; refuses `no-such-group` and `not-open`. */
export const needOpenGroup = async (facts: FactReader, id: string): Promise<Omit<Group, 'id'>> => {
  const group = await needGroup(facts, id);
  if (group.state !== 'open') throw new Refusal('not-open', { id, state: group.state });
  return group;
};

/** What the world sees of a record. */
export const toUpload = (id: string, record: UploadRecord): Upload => ({
  id,
  dialect: record.dialect,
  owner: record.owner,
  state: record.state,
  size: record.size,
  maxSize: record.maxSize,
  received: record.received,
  contiguous: record.front,
  declared: record.declared,
  digests: record.digests,
  metadata: record.metadata,
  group: record.group,
  expiry: record.expiry,
  tier: record.tier,
  reserved: record.reserved,
  createdAt: record.createdAt,
  touchedAt: record.touchedAt,
  endedAt: record.endedAt,
  object: record.object,
  result: record.result,
});

/** Moves a sliding expiry on and notes the touch. */
export const touched = (record: UploadRecord, now: number): UploadRecord => ({
  ...record,
  touchedAt: now,
  expiry:
    record.expiry?.sliding != null
      ? { at: now + record.expiry.sliding, sliding: record.expiry.sliding }
      : record.expiry,
});

/** Puts an upload on the list of those to look at when it may have expired. */
export const noteDue = (facts: Facts, id: string, expiry: Expiry | null): void => {
  if (expiry) dueShelf.put(facts, timedKey(expiry.at, id), null);
};
