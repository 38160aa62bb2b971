import type { Range } from '../kit/ranges.js';
import { type Core, tell } from './core.js';
import { cover } from './coverage.js';
import { crcHex } from './digests.js';
import { finish } from './finishing.js';
import type { Lease } from './leases.js';
import type { Facts } from './ports.js';
import { joinShelf, needOpen, toUpload, touched, type UploadRecord, uploadShelf } from './records.js';
import { Refusal } from './refusals.js';
import type { Tier } from './upload.js';
import { reserve } from './usage.js';
import type { Accepted, AcceptSpec } from './verbs.js';

/** The upload's size once this chunk is in: what was known, what is said now, or where the last chunk ends. */
export const sizeWith = (record: UploadRecord, spec: AcceptSpec, end: number): number | null => {
  const said = spec.size ?? (spec.last ? end : undefined);
  if (said === undefined) return record.size;
  if (record.size !== null && record.size !== said)
    throw new Refusal('size-conflict', { known: record.size, given: said });
  if (record.maxSize !== null && said > record.maxSize)
    throw new Refusal('too-large', { limit: record.maxSize, size: said });
  return said;
};

/** Refuses bytes beyond the end that the upload has or may have. */
export const judgeEnd = (record: UploadRecord, size: number | null, end: number): void => {
  if (size !== null && end > size) throw new Refusal('beyond-end', { size, end });
  if (record.maxSize !== null && end > record.maxSize)
    throw new Refusal('too-large', { limit: record.maxSize, size: end });
};

/** Bytes that are in their place, and their CRC-32 where it is known. */
export type Added = Range & { readonly crc: number | null };

/** Sets aside what an upload of `bytes` bytes needs beyond what it has. Refuses `over-quota`. */
export const reserveFor = async (facts: Facts, record: UploadRecord, bytes: number): Promise<UploadRecord> => {
  const more = Math.max(0, bytes - record.reserved);
  await reserve(facts, record.owner, more, record.quota);
  return { ...record, reserved: record.reserved + more };
};

/** What a chunk that ends at `end` changes about its upload, its ranges apart. */
export const counted = async (
  core: Core,
  facts: Facts,
  record: UploadRecord,
  { spec, end }: { spec: AcceptSpec; end: number },
): Promise<UploadRecord> => {
  const size = sizeWith(record, spec, end);
  judgeEnd(record, size, end);
  const reserved = await reserveFor(facts, record, size ?? record.received);
  const known = spec.last && record.front === size && record.frontCrc !== null;
  return {
    ...touched(reserved, core.clock.now()),
    size,
    state: spec.last ? 'sealed' : record.state,
    digests: known ? { ...record.digests, crc32: crcHex(record.frontCrc) } : record.digests,
    metadata: spec.metadata === undefined ? record.metadata : spec.metadata,
  };
};

/** A chunk whose bytes are in their place and durable; `added` are those that were not there before. */
export interface Counting {
  readonly lease: Lease;
  readonly spec: AcceptSpec;
  readonly added: readonly Added[];
  /** Where the chunk ends. */
  readonly end: number;
  readonly tier: Tier;
}

/** Counts a chunk; ends the lease. */
export const commit = async (
  core: Core,
  id: string,
  { lease, spec, added, end, tier }: Counting,
): Promise<UploadRecord> => {
  const after = await core.ledger.transact(async (facts) => {
    await core.leases.confirm(facts, lease, { release: true });
    let record = await needOpen(facts, id);
    for (const each of added) record = await cover(facts, id, record, each);
    record = await counted(core, facts, record, { spec, end });
    uploadShelf.put(facts, id, record);
    return record;
  }, tier);
  core.leases.ended(lease);
  return after;
};

/** What is answered to an accepted chunk. */
export const acceptedOf = async (
  core: Core,
  id: string,
  record: UploadRecord,
  repeated: boolean,
): Promise<Accepted> => {
  const joins =
    record.state === 'sealed' ? await core.ledger.read((facts) => joinShelf.list(facts, { within: `${id}/` })) : [];
  return { upload: toUpload(id, record), repeated, joins: joins.map((join) => join.id.slice(id.length + 1)) };
};

const isComplete = (record: UploadRecord): boolean => record.size !== null && record.front === record.size;

/** Counts a chunk; if it completes the upload and a finish was asked for, finishes. */
export const settleChunk = async (
  core: Core,
  id: string,
  {
    after,
    spec,
    bytes,
    from,
    repeated,
  }: { after: UploadRecord; spec: AcceptSpec; bytes: number; from: string | null; repeated: boolean },
): Promise<Accepted> => {
  tell(core, 'progressed', id, after, { bytes, from });
  if (spec.finish && isComplete(after)) return acceptedOf(core, id, await finish(core, id, spec.finish), repeated);
  return acceptedOf(core, id, after, repeated);
};
