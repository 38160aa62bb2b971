import { crc32Combine } from '../kit/crc32.js';
import type { Json } from '../kit/json.js';
import { gaps } from '../kit/ranges.js';
import { type Core, followedBy, readPart, tell } from './core.js';
import { cover, coverage } from './coverage.js';
import { type Algorithm, crcHex, type Declared, isAlgorithm } from './digests.js';
import { end } from './ending.js';
import type { Lease } from './leases.js';
import { post } from './outbox.js';
import type { Facts } from './ports.js';
import {
  endedShelf,
  needOpenGroup,
  needUpload,
  objectShelf,
  toUpload,
  type UploadRecord,
  uploadShelf,
} from './records.js';
import { applyRedo, bringBack } from './recovery.js';
import { Refusal } from './refusals.js';
import { timedKey } from './timed.js';
import { reserve, settle } from './usage.js';
import type { FinishSpec } from './verbs.js';

/** A last chunk that lies in its place, right behind the front, and is counted together with the finish. */
export interface Tail {
  readonly start: number;
  readonly length: number;
  readonly crc: number;
  /** Address of the client that sent it; null where nobody said it. */
  readonly from: string | null;
}

/** Judges a finish that is asked for; null when it was done before. */
const judgeState = (id: string, record: UploadRecord): 'go' | 'done' => {
  if (record.state === 'finished') return 'done';
  if (record.state !== 'open' && record.state !== 'sealed') throw new Refusal('not-open', { id, state: record.state });
  return 'go';
};

/** The size that the file will have, if all of its bytes are there. */
const judgeSize = async (
  core: Core,
  id: string,
  record: UploadRecord,
  { spec, tail }: { spec: FinishSpec; tail: Tail | null },
): Promise<number> => {
  const front = record.front > 0 ? [{ start: 0, end: record.front }] : [];
  const have = record.islands === 0 ? front : await core.ledger.read((facts) => coverage(facts, id, record));
  const reach = Math.max(have.at(-1)?.end ?? 0, tail ? tail.start + tail.length : 0);
  const size = spec.size ?? record.size ?? reach;
  if (record.maxSize !== null && size > record.maxSize) throw new Refusal('too-large', { limit: record.maxSize, size });
  if (size < reach) throw new Refusal('size-conflict', { known: reach, given: size });
  const missing = gaps(have, { start: 0, end: size }).flatMap((gap) =>
    tail ? gaps([{ start: tail.start, end: tail.start + tail.length }], gap) : [gap],
  );
  if (missing.length > 0) throw new Refusal('incomplete', { received: record.received, size, missing });
  return size;
};

/** The digests of the whole, computed or known. */
const computeDigests = async (
  core: Core,
  id: string,
  { wanted, size, crc }: { wanted: readonly Algorithm[]; size: number; crc: number | null },
): Promise<Declared> => {
  // A checksum that a replaced chunk made unknown is found by reading once more.
  const followed = crc === null ? [...wanted, 'crc32' as const] : wanted;
  const digests = await core.followers.digests(id, followed, size, readPart(core, id));
  return crc === null ? digests : { ...digests, crc32: crcHex(crc) };
};

const findMismatch = (declared: Declared, actual: Declared) => {
  for (const [algorithm, expected] of Object.entries(declared)) {
    const found = isAlgorithm(algorithm) ? actual[algorithm] : undefined;
    if (found === undefined) throw new Refusal('digest-unsupported', { algorithm });
    if (found !== expected.toLowerCase()) return { algorithm, expected: expected.toLowerCase(), actual: found };
  }
  return null;
};

/** The transaction that makes an upload a file. */
const record = async (
  core: Core,
  facts: Facts,
  id: string,
  {
    lease,
    spec,
    known,
    tail,
    size,
    digests,
    declared,
  }: {
    lease: Lease;
    known: UploadRecord;
    spec: FinishSpec;
    tail: Tail | null;
    size: number;
    digests: Declared;
    declared: Declared;
  },
): Promise<UploadRecord> => {
  const now = core.clock.now();
  const before = await needUpload(facts, id);
  judgeState(id, before);
  await core.leases.confirm(facts, lease);
  if (before.group !== null) await needOpenGroup(facts, before.group);
  // What was judged is not what is there any more: somebody amended the upload meanwhile.
  const amended = before.size !== known.size || JSON.stringify(before.declared) !== JSON.stringify(known.declared);
  if (amended) throw new Refusal('busy', { id });
  const complete = tail
    ? await cover(facts, id, before, { start: tail.start, end: tail.start + tail.length, crc: tail.crc })
    : before;
  const { owner, reserved, quota } = before;
  await reserve(facts, owner, Math.max(0, size - reserved), quota);
  await settle(facts, owner, Math.max(size, reserved), size);
  const finished: UploadRecord = {
    ...complete,
    state: 'finished',
    size,
    declared,
    digests,
    metadata: spec.metadata === undefined ? before.metadata : spec.metadata,
    reserved: 0,
    expiry: null,
    touchedAt: now,
    endedAt: now,
    object: id,
  };
  const result: Json = spec.record ? await spec.record(facts, toUpload(id, finished)) : null;
  const kept = { ...finished, result };
  uploadShelf.put(facts, id, kept);
  objectShelf.put(facts, id, { owner, size, crc32: digests.crc32 ?? '' });
  endedShelf.put(facts, timedKey(now, id), null);
  await post(facts, 'finished', id, kept, now);
  await core.leases.clear(facts, id, { forGood: true });
  return kept;
};

/** Makes a complete upload a file (see `Engine.finish`). */
export const finish = async (core: Core, id: string, spec: FinishSpec): Promise<UploadRecord> => {
  const { lease, value } = await core.leases.take({
    upload: id,
    takeOver: false,
    want: async (facts) => {
      const known = await needUpload(facts, id);
      if (judgeState(id, known) === 'done') return { range: null, value: known };
      if (known.parts) throw new Refusal('not-open', { id, state: known.state });
      return { range: { start: 0, end: Number.POSITIVE_INFINITY }, value: known };
    },
  });
  if (!lease) return value;
  return finishUnder(core, id, { lease, spec, known: value });
};

/**
 * Finishes an upload under a lease that covers what is still to be written; ends the lease. `before` is what was known of
 * the upload when the lease was had.
 */
export const finishUnder = async (
  core: Core,
  id: string,
  {
    lease,
    spec,
    known: before,
    tail = null,
  }: { lease: Lease; spec: FinishSpec; known: UploadRecord; tail?: Tail | null },
): Promise<UploadRecord> => {
  const { store, ledger } = core;
  let stuck = false;
  try {
    judgeState(id, before);
    await bringBack(core, id, before);
    const known = await applyRedo(core, id, before);
    const size = await judgeSize(core, id, known, { spec, tail });
    const declared: Declared = { ...known.declared, ...spec.declared };
    const crc = tail && known.frontCrc !== null ? crc32Combine(known.frontCrc, tail.crc, tail.length) : known.frontCrc;
    const wanted = followedBy({ follow: known.follow, declared });
    const digests = await computeDigests(core, id, { wanted, size, crc });
    const mismatch = findMismatch(declared, digests);
    if (mismatch) {
      if (spec.onMismatch !== 'keep') await end(core, id, { state: 'corrupt', lease });
      throw new Refusal('digest-mismatch', { scope: 'upload', ...mismatch });
    }
    if (known.received === 0 && !tail?.length) await store.write(id, 0, []);
    // From here on the bytes may be found as an object, whatever fails.
    core.settled.delete(id);
    stuck = true;
    const kept = await store
      .publish(id, id, size)
      .then(() =>
        ledger.transact(
          (facts) => record(core, facts, id, { lease, spec, known, tail, size, digests, declared }),
          known.tier,
        ),
      )
      .catch(async (error: unknown) => {
        await store.withdraw(id, id);
        stuck = false;
        throw error;
      });
    core.followers.drop(id);
    core.leases.ended(lease);
    tell(core, 'finished', id, kept, { bytes: tail?.length ?? 0, from: tail?.from });
    return kept;
  } catch (error) {
    // The tail was followed, and is not going to count.
    if (tail) core.followers.drop(id);
    // Bytes that could not be brought back must not be written to by anybody: the lease stays until this process ends.
    if (!stuck) await core.leases.release(lease);
    throw error;
  }
};
