import { crc32Of } from '../kit/crc32.js';
import { gaps, type Range, type Ranges } from '../kit/ranges.js';
import { type Core, followedBy, readPart, tell } from './core.js';
import { cover, covered, smudge } from './coverage.js';
import { type Declared, isAlgorithm } from './digests.js';
import { finish, finishUnder } from './finishing.js';
import type { Lease } from './leases.js';
import type { Facts } from './ports.js';
import { joinShelf, needOpen, toUpload, touched, type UploadRecord, uploadShelf } from './records.js';
import { applyRedo, bringBack } from './recovery.js';
import { Refusal } from './refusals.js';
import { discard, type Held, type Placed, type Spilled, StagedChunk } from './staging.js';
import type { Tier } from './upload.js';
import { reserve } from './usage.js';
import type { Accepted, AcceptSpec, Staged } from './verbs.js';

const checkDigests = (wanted: Declared, found: Declared): void => {
  for (const [algorithm, expected] of Object.entries(wanted)) {
    const actual = isAlgorithm(algorithm) ? found[algorithm] : undefined;
    if (actual === undefined) throw new Refusal('digest-unsupported', { algorithm });
    if (actual !== expected.toLowerCase())
      throw new Refusal('digest-mismatch', { scope: 'chunk', algorithm, expected: expected.toLowerCase(), actual });
  }
};

/** The upload's size once this chunk is in: what was known, what is said now, or where the last chunk ends. */
const sizeWith = (record: UploadRecord, spec: AcceptSpec, end: number): number | null => {
  const said = spec.size ?? (spec.last ? end : undefined);
  if (said === undefined) return record.size;
  if (record.size !== null && record.size !== said)
    throw new Refusal('size-conflict', { known: record.size, given: said });
  if (record.maxSize !== null && said > record.maxSize)
    throw new Refusal('too-large', { limit: record.maxSize, size: said });
  return said;
};

const judgeEnd = (record: UploadRecord, size: number | null, end: number): void => {
  if (size !== null && end > size) throw new Refusal('beyond-end', { size, end });
  if (record.maxSize !== null && end > record.maxSize)
    throw new Refusal('too-large', { limit: record.maxSize, size: end });
};

type Added = Range & { readonly crc: number | null };

/** Counts bytes that are in their place and durable; ends the lease. */
const commit = async (
  core: Core,
  id: string,
  { lease, spec, added, tier }: { lease: Lease; spec: AcceptSpec; added: readonly Added[]; tier: Tier },
): Promise<UploadRecord> => {
  const after = await core.ledger.transact(async (facts) => {
    await core.leases.confirm(facts, lease, { release: true });
    let record = await needOpen(facts, id);
    const end = Math.max(record.front, ...added.map((each) => each.end));
    const size = sizeWith(record, spec, end);
    judgeEnd(record, size, end);
    for (const each of added) record = await cover(facts, id, record, each);
    const more = Math.max(0, (size ?? record.received) - record.reserved);
    await reserve(facts, record.owner, more, record.quota);
    record = { ...touched(record, core.clock.now()), size, reserved: record.reserved + more };
    if (spec.last) record = { ...record, state: 'sealed' };
    uploadShelf.put(facts, id, record);
    return record;
  }, tier);
  core.leases.ended(lease);
  return after;
};

const acceptedOf = async (core: Core, id: string, record: UploadRecord, repeated: boolean): Promise<Accepted> => {
  const joins =
    record.state === 'sealed' ? await core.ledger.read((facts) => joinShelf.list(facts, { within: `${id}/` })) : [];
  return { upload: toUpload(id, record), repeated, joins: joins.map((join) => join.id.slice(id.length + 1)) };
};

const isComplete = (record: UploadRecord): boolean => record.size !== null && record.front === record.size;

/** Counts a chunk; if it completes the upload and a finish was asked for, finishes. */
const settleChunk = async (
  core: Core,
  id: string,
  { after, spec, bytes, repeated }: { after: UploadRecord; spec: AcceptSpec; bytes: number; repeated: boolean },
): Promise<Accepted> => {
  tell(core, 'progressed', id, after, bytes);
  if (spec.finish && isComplete(after)) return acceptedOf(core, id, await finish(core, id, spec.finish), repeated);
  return acceptedOf(core, id, after, repeated);
};

const acceptPlaced = async (core: Core, id: string, rest: Placed, spec: AcceptSpec): Promise<Accepted> => {
  const { lease, start, length, crc, trail } = rest;
  const range = { start, end: start + length };
  const offset = start - rest.committed;
  if (spec.offset !== undefined && spec.offset !== 'end' && spec.offset !== offset)
    throw new Refusal('wrong-offset', { expected: offset, given: spec.offset });
  const known = await core.ledger.read((facts) => needOpen(facts, id));
  const size = sizeWith(known, spec, range.end);
  judgeEnd(known, size, range.end);
  const completes = size === range.end && known.front === start && known.islands === 0 && known.redo === null;
  if (spec.finish && completes) {
    trail?.keep();
    const tail = { start, length, crc };
    const done = await finishUnder(core, id, { lease, spec: { size: range.end, ...spec.finish }, tail });
    return acceptedOf(core, id, done, false);
  }
  if (length > 0) await core.store.sync(id);
  const after = await commit(core, id, { lease, spec, added: [{ ...range, crc }], tier: known.tier });
  trail?.keep();
  if (!trail) core.followers.catchUp(id, followedBy(after), after.front, readPart(core, id));
  return settleChunk(core, id, { after, spec, bytes: length, repeated: false });
};

type Apart = Held | Spilled;

/** Staged bytes, from `from` to `to` of the chunk. */
const readApart = (core: Core, rest: Apart, { start, end }: Range): AsyncIterable<Uint8Array> => {
  if (rest.kind === 'spilled') return core.store.read({ kind: 'part', name: rest.part }, { start, end });
  return (async function* () {
    let at = 0;
    for (const buffer of rest.buffers) {
      const from = Math.max(0, start - at);
      const to = Math.min(buffer.length, end - at);
      if (from < to) yield buffer.subarray(from, to);
      at += buffer.length;
    }
  })();
};

/** Are two streams of the same length the same bytes? */
const sameBytes = async (left: AsyncIterable<Uint8Array>, right: AsyncIterable<Uint8Array>): Promise<boolean> => {
  const others = right[Symbol.asyncIterator]();
  let other: Uint8Array = new Uint8Array(0);
  for await (const bytes of left) {
    let at = 0;
    while (at < bytes.length) {
      if (other.length === 0) {
        const next = await others.next();
        if (next.done) return false;
        other = next.value;
        continue;
      }
      const length = Math.min(other.length, bytes.length - at);
      if (Buffer.compare(other.subarray(0, length), bytes.subarray(at, at + length)) !== 0) return false;
      other = other.subarray(length);
      at += length;
    }
  }
  return true;
};

const isSame = async (core: Core, id: string, rest: Apart, { offset, have }: { offset: number; have: Ranges }) => {
  for (const { start, end } of have) {
    const mine = readApart(core, rest, { start: start - offset, end: end - offset });
    if (!(await sameBytes(mine, readPart(core, id)(start, end)))) return false;
  }
  return true;
};

/** Writes the parts of a chunk that are not there yet, and makes them durable. */
const writeMissing = async (
  core: Core,
  id: string,
  rest: Apart,
  { offset, missing }: { offset: number; missing: Ranges },
): Promise<Added[]> => {
  const added: Added[] = [];
  for (const range of missing) {
    const whole = range.end - range.start === rest.length;
    if (whole && rest.kind === 'held') {
      await core.store.write(id, offset, rest.buffers);
      added.push({ ...range, crc: rest.crc });
      continue;
    }
    let crc = 0;
    let at = range.start;
    for await (const bytes of readApart(core, rest, { start: range.start - offset, end: range.end - offset })) {
      crc = crc32Of(bytes, crc);
      await core.store.write(id, at, [bytes]);
      at += bytes.length;
    }
    added.push({ ...range, crc });
  }
  if (missing.length > 0) await core.store.sync(id);
  return added;
};

/** Lets a chunk's bytes win over others that were accepted before: noted first, put in place then. */
const replace = async (
  core: Core,
  id: string,
  rest: Apart,
  { offset, spec }: { offset: number; spec: AcceptSpec },
): Promise<UploadRecord> => {
  const { store, ledger } = core;
  const part = rest.kind === 'spilled' ? rest.part : `s-${core.ids.next()}`;
  if (rest.kind === 'held') await store.write(part, 0, rest.buffers);
  await store.sync(part);
  const range = { start: offset, end: offset + rest.length };
  const { lease } = await core.leases.takeRange({
    upload: id,
    takeOver: false,
    want: async (facts) => ({
      range: { start: 0, end: Number.POSITIVE_INFINITY },
      value: await needOpen(facts, id),
    }),
  });
  let noted: UploadRecord | null = null;
  try {
    await applyRedo(core, id, await ledger.read((facts) => needOpen(facts, id)));
    // The ranges between the old bytes are written first, so that the ledger never counts a hole.
    const missing = await ledger.read(async (facts) =>
      gaps(await covered(facts, id, await needOpen(facts, id), range), range),
    );
    await writeMissing(core, id, rest, { offset, missing });
    noted = await ledger.transact(async (facts: Facts) => {
      await core.leases.confirm(facts, lease);
      let record = await needOpen(facts, id);
      const size = sizeWith(record, spec, range.end);
      judgeEnd(record, size, range.end);
      record = await smudge(facts, id, record, range);
      for (const gap of missing) record = await cover(facts, id, record, { ...gap, crc: null });
      const more = Math.max(0, (size ?? record.received) - record.reserved);
      await reserve(facts, record.owner, more, record.quota);
      record = { ...touched(record, core.clock.now()), size, reserved: record.reserved + more };
      record = { ...record, redo: { part, offset, length: rest.length } };
      uploadShelf.put(facts, id, record);
      return record;
    });
    return await applyRedo(core, id, noted);
  } finally {
    await core.leases.release(lease);
    if (rest.kind === 'held') core.held.give(rest.length);
    if (!noted) await store.remove({ kind: 'part', name: part });
  }
};

const acceptApart = async (core: Core, id: string, rest: Apart, spec: AcceptSpec): Promise<Accepted> => {
  const wanted = spec.offset ?? rest.offset ?? 'end';
  const { lease, value } = await core.leases.takeRange({
    upload: id,
    takeOver: false,
    want: async (facts) => {
      const record = await needOpen(facts, id);
      const offset = wanted === 'end' ? await highest(facts, id, record) : wanted;
      const range = { start: offset, end: offset + rest.length };
      judgeEnd(record, sizeWith(record, spec, range.end), range.end);
      const have = await covered(facts, id, record, range);
      // A replacing chunk that is not in its place yet has to be put there by someone who holds everything.
      const lease = record.redo ? { start: 0, end: Number.POSITIVE_INFINITY } : range;
      return { range: lease, value: { record, offset, range, have } };
    },
  });
  const { offset, range, have } = value;
  let handedOn = false;
  try {
    await bringBack(core, id, value.record);
    await applyRedo(core, id, value.record);
    if (have.length > 0) {
      const same = spec.overlap !== 'refuse' && (await isSame(core, id, rest, { offset, have }));
      if (!same && spec.overlap !== 'replace')
        throw new Refusal('wrong-offset', { expected: value.record.front, given: offset });
      if (!same) {
        await core.leases.release(lease);
        handedOn = true;
        const after = await replace(core, id, rest, { offset, spec });
        return await settleChunk(core, id, { after, spec, bytes: rest.length, repeated: false });
      }
    }
    const missing = gaps(have, range);
    const added = await writeMissing(core, id, rest, { offset, missing });
    const after = await commit(core, id, { lease, spec, added, tier: value.record.tier });
    handedOn = true;
    follow(core, id, rest, { offset, after });
    await dropApart(core, rest);
    const bytes = added.reduce((sum, each) => sum + each.end - each.start, 0);
    return await settleChunk(core, id, { after, spec, bytes, repeated: rest.length > 0 && bytes === 0 });
  } catch (error) {
    if (!handedOn) {
      await core.leases.release(lease);
      await dropApart(core, rest);
    }
    throw error;
  }
};

const highest = async (facts: Facts, id: string, record: UploadRecord): Promise<number> => {
  const all = await covered(facts, id, record, { start: 0, end: Number.MAX_SAFE_INTEGER });
  return all.at(-1)?.end ?? 0;
};

/** Lets the digests see the bytes while they are still at hand, or follows in the background. */
const follow = (core: Core, id: string, rest: Apart, { offset, after }: { offset: number; after: UploadRecord }) => {
  const algorithms = followedBy(after);
  if (rest.kind === 'held') {
    const trail = core.followers.trail(id, algorithms, offset);
    if (trail) for (const buffer of rest.buffers) trail.update(buffer);
    trail?.keep();
  }
  core.followers.catchUp(id, algorithms, after.front, readPart(core, id));
};

const dropApart = async (core: Core, rest: Apart): Promise<void> => {
  if (rest.kind === 'held') core.held.give(rest.length);
  else await core.store.remove({ kind: 'part', name: rest.part });
};

/** Makes staged bytes part of their upload (see `Engine.accept`). */
export const accept = async (core: Core, staged: Staged, spec: AcceptSpec): Promise<Accepted> => {
  if (!(staged instanceof StagedChunk)) throw new TypeError('not staged by this engine');
  const id = staged.upload;
  try {
    checkDigests(spec.digests ?? {}, staged.digests);
  } catch (error) {
    await discard(core, staged);
    throw error;
  }
  const rest = staged.take();
  if (!rest) throw new TypeError('these bytes were accepted or dropped before');
  if (rest.kind !== 'placed') return acceptApart(core, id, rest, spec);
  try {
    return await acceptPlaced(core, id, rest, spec);
  } catch (error) {
    await core.leases.release(rest.lease);
    throw error;
  }
};
