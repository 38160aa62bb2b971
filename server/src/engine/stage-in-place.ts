import { crc32Combine, crc32Of } from '../kit/crc32.js';
import { digestsOf, judgeBody, lengthDiffers, startDigests, tooLong } from './bodies.js';
import { type Core, followedBy, readPart, tell } from './core.js';
import { reserveFor } from './counting.js';
import { cover } from './coverage.js';
import type { Lease } from './leases.js';
import { pour } from './pour.js';
import { needOpen, touched, type UploadRecord, uploadShelf } from './records.js';
import { isRefusal, Refusal } from './refusals.js';
import { type Placed, StagedChunk } from './staged.js';
import type { StageSpec } from './verbs.js';

/** Stages bytes of which the place is known: straight into the upload's part. */
export const stageInPlace = async (
  core: Core,
  body: AsyncIterable<Uint8Array>,
  spec: StageSpec,
  { id, lease, record, offset }: { id: string; lease: Lease; record: UploadRecord; offset: number },
): Promise<StagedChunk> => {
  const { store, ledger, leases, clock, limits } = core;
  const most = judgeBody(record, offset, spec);
  const digests = startDigests(spec.digests ?? []);
  const followed = followedBy(record);
  const trail = core.followers.trail(id, followed, offset);
  if (!trail) void core.followers.catchUp(id, followed, record.front, readPart(core, id));

  /** CRC-32 of the bytes behind the last mark, and of those before it. */
  let crc = 0;
  let crcBefore = 0;
  let start = offset;
  let known = record;
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
      const next = touched(await reserveFor(facts, covering, covering.received), clock.now());
      uploadShelf.put(facts, id, next);
      return next;
    }, record.tier);
    start = range.end;
    known = after;
    tell(core, 'progressed', id, after, { bytes: range.end - range.start, from: spec.from });
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
  const unlimited = most === Number.POSITIVE_INFINITY && record.quota === null;
  const mayKeep = spec.keep === 'arrived' && (spec.length != null || unlimited);
  let sinceMark = 0;
  const poured = await pour({
    body,
    budget: core.flow,
    pages: core.pages,
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
  const from = spec.from ?? null;
  const rest: Placed = { kind: 'placed', from, lease, start, length, crc, committed: start - offset, trail, known };
  return new StagedChunk(id, rest, { cut, digests: digestsOf(digests, crc32Combine(crcBefore, crc, sinceMark)) });
};
