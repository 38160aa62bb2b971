import { crc32Combine, crc32Of } from '../kit/crc32.js';
import type { Range } from '../kit/ranges.js';
import { type Core, followedBy, readPart, tell } from './core.js';
import { cover, covered } from './coverage.js';
import { type Algorithm, crcHex, type Declared, type Digest, startDigest } from './digests.js';
import type { Trail } from './followers.js';
import type { Lease } from './leases.js';
import type { FactReader } from './ports.js';
import { pour } from './pour.js';
import { needOpen, toUpload, touched, type UploadRecord, uploadShelf } from './records.js';
import { bringBack } from './recovery.js';
import { isRefusal, Refusal } from './refusals.js';
import type { Staged, StageSpec } from './verbs.js';

/** In the upload's own part, at its place, under a lease. */
export interface Placed {
  readonly kind: 'placed';
  readonly lease: Lease;
  /** Bytes not committed on the way: they begin here. */
  readonly start: number;
  readonly length: number;
  readonly crc: number;
  /** Bytes that were committed on the way, before `start`. */
  readonly committed: number;
  readonly trail: Trail | null;
}

/** In memory; `bytes` are taken from the budget for held chunks. */
export interface Held {
  readonly kind: 'held';
  readonly buffers: readonly Uint8Array[];
  /** Where they go, if the stage knew. */
  readonly offset: number | null;
  readonly length: number;
  readonly crc: number;
}

/** In a part of its own. */
export interface Spilled {
  readonly kind: 'spilled';
  readonly part: string;
  readonly offset: number | null;
  readonly length: number;
  readonly crc: number;
}

/** Where staged bytes rest until they are accepted. */
export type Rest = Placed | Held | Spilled;

/** What the engine knows of staged bytes, apart from what it tells. */
export class StagedChunk implements Staged {
  readonly upload: string;
  readonly length: number;
  readonly digests: Declared;
  readonly cut: boolean;
  /** null once accepted or dropped. */
  #rest: Rest | null;

  constructor(upload: string, rest: Rest, { digests, cut }: { digests: Declared; cut: boolean }) {
    this.upload = upload;
    this.length = rest.kind === 'placed' ? rest.committed + rest.length : rest.length;
    this.digests = digests;
    this.cut = cut;
    this.#rest = rest;
  }

  /** Hands the bytes over, once. */
  take(): Rest | null {
    const rest = this.#rest;
    this.#rest = null;
    return rest;
  }
}

/** What the body may be, judged before its first byte; `room` is where it must stop. */
const judge = (record: UploadRecord, offset: number | null, spec: StageSpec): number => {
  const at = offset ?? 0;
  const limits: { most: number; refuse: (bytes: number) => Refusal }[] = [];
  const { size, maxSize } = record;
  if (size !== null)
    limits.push({ most: size - at, refuse: (bytes) => new Refusal('beyond-end', { size, end: at + bytes }) });
  if (maxSize !== null)
    limits.push({
      most: maxSize - at,
      refuse: (bytes) => new Refusal('too-large', { limit: maxSize, size: at + bytes }),
    });
  const limit = spec.limit;
  if (limit != null)
    limits.push({ most: limit, refuse: () => new Refusal('too-large', { limit, size: spec.length ?? null }) });
  for (const { most, refuse } of limits) if ((spec.length ?? 0) > most) throw refuse(spec.length ?? 0);
  return Math.min(Number.POSITIVE_INFINITY, ...limits.map(({ most }) => most));
};

/** What was promised for a body that has grown beyond it. */
const tooLong = (record: UploadRecord, offset: number | null, total: number): Refusal => {
  const at = offset ?? 0;
  if (record.size !== null && at + total > record.size)
    return new Refusal('beyond-end', { size: record.size, end: at + total });
  if (record.maxSize !== null && at + total > record.maxSize)
    return new Refusal('too-large', { limit: record.maxSize, size: at + total });
  return new Refusal('too-large', { limit: total - 1, size: null });
};

const lengthDiffers = (spec: StageSpec, length: number): boolean => spec.length != null && spec.length !== length;

const startDigests = (algorithms: readonly Algorithm[]): [Algorithm, Digest][] =>
  algorithms.filter((algorithm) => algorithm !== 'crc32').map((algorithm) => [algorithm, startDigest(algorithm)]);

const digestsOf = (digests: readonly [Algorithm, Digest][], crc: number): Declared => ({
  ...Object.fromEntries(digests.map(([algorithm, digest]) => [algorithm, digest.hex()])),
  crc32: crcHex(crc),
});

/** Where an offset given in words lies. */
const offsetOf = (record: UploadRecord, offset: number | 'end'): number => (offset === 'end' ? record.front : offset);

/** May bytes be staged in place at `offset`? Only where none are, and none can be reached. */
const isFree = async (facts: FactReader, id: string, record: UploadRecord, range: Range): Promise<boolean> =>
  record.redo === null && (await covered(facts, id, record, range)).length === 0;

/** Stages bytes of which the place is known: straight into the upload's part. */
const stageInPlace = async (
  core: Core,
  body: AsyncIterable<Uint8Array>,
  spec: StageSpec,
  { lease, record, offset }: { lease: Lease; record: UploadRecord; offset: number },
): Promise<StagedChunk> => {
  const { store, ledger, leases, clock, limits } = core;
  const id = spec.upload;
  const most = judge(record, offset, spec);
  const digests = startDigests(spec.digests ?? []);
  const trail = core.followers.trail(id, followedBy(record), offset);
  if (!trail) core.followers.catchUp(id, followedBy(record), record.front, readPart(core, id));

  /** CRC-32 of the bytes behind the last mark, and of those before it. */
  let crc = 0;
  let crcBefore = 0;
  let start = offset;
  const marks: { end: number; crc: number }[] = [];
  let written = offset;
  let lastCheckpoint = clock.now();
  let checkpoint: Promise<void> | null = null;
  let checkpointFailure: { error: unknown } | null = null;

  /** Makes what is written so far durable and counts it, while more arrives. */
  const commitOnTheWay = async () => {
    const mark = marks.shift();
    if (!mark) return;
    const range = { start, end: mark.end };
    await store.sync(id);
    const after = await ledger.transact(async (facts) => {
      await leases.confirm(facts, lease);
      const covering = await cover(facts, id, await needOpen(facts, id), { ...range, crc: mark.crc });
      const next = touched(covering, clock.now());
      uploadShelf.put(facts, id, next);
      return next;
    }, record.tier);
    start = range.end;
    tell(core, 'progressed', id, after, range.end - range.start);
  };

  const mayCheckpoint = () => {
    const mark = marks[0];
    if (checkpoint || !mark || written < mark.end) return;
    checkpoint = commitOnTheWay()
      .catch((error: unknown) => {
        checkpointFailure ??= { error };
      })
      .finally(() => {
        checkpoint = null;
        lastCheckpoint = clock.now();
      });
  };

  // A body that may yet grow beyond what is allowed may yet be refused, and then no byte of it may count.
  const mayKeep = spec.keep === 'arrived' && (spec.length != null || most === Number.POSITIVE_INFINITY);
  let sinceMark = 0;
  const poured = await pour({
    body,
    budget: core.flow,
    batchBytes: limits.batchBytes,
    stop: [lease.letGo, ...(spec.keep === 'arrived' && spec.finishSoon ? [spec.finishSoon] : [])],
    see: (bytes, total) => {
      if (total > most) throw tooLong(record, offset, total);
      if (checkpointFailure) throw checkpointFailure.error;
      crc = crc32Of(bytes, crc);
      for (const [, digest] of digests) digest.update(bytes);
      trail?.update(bytes);
      sinceMark += bytes.length;
      const due =
        sinceMark >= limits.checkpointBytes || (sinceMark > 0 && clock.now() - lastCheckpoint >= limits.checkpointMs);
      if (mayKeep && due && marks.length === 0 && !checkpoint) {
        marks.push({ end: offset + total, crc });
        crcBefore = crc32Combine(crcBefore, crc, sinceMark);
        crc = 0;
        sinceMark = 0;
      }
    },
    sink: {
      write: async (position, buffers) => {
        await leases.refresh(lease);
        await store.write(id, offset + position, buffers);
      },
    },
    wrote: (total) => {
      written = offset + total;
      mayCheckpoint();
    },
  }).catch(async (error: unknown) => {
    await checkpoint;
    throw error;
  });

  // A mark that was set is always reached: everything read is written by now.
  mayCheckpoint();
  await (checkpoint as Promise<void> | null);
  const failed = checkpointFailure as { error: unknown } | null;
  if (failed) throw failed.error;

  const cut = poured.cut !== null || lengthDiffers(spec, poured.length);
  if (spec.keep === 'whole') {
    if (lease.letGo.aborted) throw new Refusal('taken-over', { id });
    if (poured.cut) throw poured.cut.cause;
    if (cut) throw new Refusal('cut', { received: poured.length, kept: 0 });
  } else if (isRefusal(poured.cut?.cause)) throw poured.cut.cause;
  const length = offset + poured.length - start;
  const rest: Placed = { kind: 'placed', lease, start, length, crc, committed: start - offset, trail };
  return new StagedChunk(id, rest, { cut, digests: digestsOf(digests, crc32Combine(crcBefore, crc, sinceMark)) });
};

/** Stages bytes of which the place is not known: in memory as long as there is room for them, else in a part of their own. */
const stageApart = async (
  core: Core,
  body: AsyncIterable<Uint8Array>,
  spec: StageSpec,
  { record, offset }: { record: UploadRecord; offset: number | null },
): Promise<StagedChunk> => {
  const { store, held, limits } = core;
  const most = judge(record, offset, spec);
  const digests = startDigests(spec.digests ?? []);
  const part = `s-${core.ids.next()}`;
  let buffers: Uint8Array[] | null = [];
  let heldBytes = 0;
  let crc = 0;
  let spilled = 0;

  const letGoOfMemory = () => {
    held.give(heldBytes);
    heldBytes = 0;
    buffers = null;
  };
  const see = (bytes: Uint8Array, total: number) => {
    if (total > most) throw tooLong(record, offset, total);
    crc = crc32Of(bytes, crc);
    for (const [, digest] of digests) digest.update(bytes);
  };
  /** Gathers in memory until the body ends (true) or there is no more room for it. */
  const gather = async (iterator: AsyncIterator<Uint8Array>): Promise<boolean> => {
    let total = 0;
    for (;;) {
      const next = await iterator.next();
      if (next.done) return true;
      see(next.value, total + next.value.length);
      total += next.value.length;
      buffers?.push(next.value);
      if (total > limits.heldChunkBytes || !held.tryTake(next.value.length)) return false;
      heldBytes += next.value.length;
    }
  };

  const iterator = body[Symbol.asyncIterator]();
  try {
    if (!(await gather(iterator))) {
      const first = buffers ?? [];
      const seen = first.reduce((sum, each) => sum + each.length, 0);
      await store.write(part, 0, first);
      letGoOfMemory();
      const poured = await pour({
        body: { [Symbol.asyncIterator]: () => iterator },
        budget: core.flow,
        batchBytes: limits.batchBytes,
        stop: [],
        see: (bytes, total) => see(bytes, seen + total),
        sink: { write: (position, batch) => store.write(part, seen + position, batch) },
      });
      if (poured.cut) throw poured.cut.cause;
      spilled = seen + poured.length;
    }
    const length = buffers ? heldBytes : spilled;
    if (lengthDiffers(spec, length)) throw new Refusal('cut', { received: length, kept: 0 });
    const rest: Rest = buffers
      ? { kind: 'held', buffers, offset, length, crc }
      : { kind: 'spilled', part, offset, length, crc };
    return new StagedChunk(spec.upload, rest, { cut: false, digests: digestsOf(digests, crc) });
  } catch (error) {
    if (buffers) letGoOfMemory();
    else await store.remove({ kind: 'part', name: part });
    throw error;
  }
};

/** Takes a chunk's bytes in (see `Engine.stage`). */
export const stage = async (core: Core, body: AsyncIterable<Uint8Array>, spec: StageSpec): Promise<StagedChunk> => {
  const id = spec.upload;
  const judged = async (facts: FactReader): Promise<UploadRecord> => {
    const record = await needOpen(facts, id);
    spec.judge?.(toUpload(id, record));
    return record;
  };

  if (spec.offset === undefined)
    return stageApart(core, body, spec, { record: await core.ledger.read(judged), offset: null });

  const given = spec.offset;
  const appends = given === 'end' || spec.append === true || spec.keep === 'arrived';
  const { lease, value: record } = await core.leases.takeRange({
    upload: id,
    takeOver: appends,
    judge: judged,
    want: async (facts) => {
      const record = await judged(facts);
      const offset = offsetOf(record, given);
      if (appends && offset !== record.front)
        throw new Refusal('wrong-offset', { expected: record.front, given: offset });
      judge(record, offset, spec);
      const end = spec.length == null ? Number.POSITIVE_INFINITY : offset + spec.length;
      const range = { start: offset, end };
      return { range, value: (await isFree(facts, id, record, range)) ? record : null };
    },
  });
  try {
    if (record === null) {
      await core.leases.release(lease);
      const apart = await core.ledger.read(judged);
      return await stageApart(core, body, spec, { record: apart, offset: offsetOf(apart, given) });
    }
    await bringBack(core, id, record);
    return await stageInPlace(core, body, spec, { lease, record, offset: offsetOf(record, given) });
  } catch (error) {
    await core.leases.release(lease);
    throw error;
  }
};

/** Drops staged bytes (see `Engine.discard`). */
export const discard = async (core: Core, staged: StagedChunk): Promise<void> => {
  const rest = staged.take();
  if (rest?.kind === 'held') core.held.give(rest.length);
  else if (rest?.kind === 'spilled') await core.store.remove({ kind: 'part', name: rest.part });
  // Bytes in place stay where they are: nobody counts them, and the next chunk there overwrites them.
  else if (rest?.kind === 'placed') await core.leases.release(rest.lease);
};
