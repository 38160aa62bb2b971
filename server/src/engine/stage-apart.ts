import { crc32Of } from '../kit/crc32.js';
import { digestsOf, judgeBody, lengthDiffers, startDigests, tooLong } from './bodies.js';
import type { Core } from './core.js';
import { pour } from './pour.js';
import type { UploadRecord } from './records.js';
import { Refusal } from './refusals.js';
import { type Rest, StagedChunk } from './staged.js';
import type { StageSpec } from './verbs.js';

/** Stages bytes of which the place is not known: in memory as long as there is room for them, else in a part of their own. */
export const stageApart = async (
  core: Core,
  body: AsyncIterable<Uint8Array>,
  spec: StageSpec,
  { record, offset }: { record: UploadRecord | null; offset: number | null },
): Promise<StagedChunk> => {
  const { store, held, limits } = core;
  const most = judgeBody(record, offset, spec);
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
    return new StagedChunk(spec.upload ?? null, rest, { cut: false, digests: digestsOf(digests, crc) });
  } catch (error) {
    if (buffers) letGoOfMemory();
    await store.remove({ kind: 'part', name: part });
    throw error;
  }
};
