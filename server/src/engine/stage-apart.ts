import { crc32Of } from '../kit/crc32.js';
import { digestsOf, judgeBody, lengthDiffers, startDigests, tooLong } from './bodies.js';
import type { Core } from './core.js';
import { Gathered } from './gathered.js';
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
  const { store, limits } = core;
  const most = judgeBody(record, offset, spec);
  const digests = startDigests(spec.digests ?? []);
  const part = `s-${core.ids.next()}`;
  const held = new Gathered(core.pages, core.pages.size * 2);
  let crc = 0;

  const see = (bytes: Uint8Array, total: number) => {
    if (total > most) throw tooLong(record, offset, total);
    crc = crc32Of(bytes, crc);
    for (const [, digest] of digests) digest.update(bytes);
  };

  /** Gathers in memory until the body ends, or until there is no more room: then it gives the bytes that found none. */
  const gather = async (iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array | null> => {
    for (;;) {
      const next = await iterator.next();
      if (next.done) return null;
      const bytes = next.value;
      const total = held.length + bytes.length;
      see(bytes, total);
      if (total > limits.heldChunkBytes || !core.held.tryTake(held.needs(bytes.length))) return bytes;
      held.add(bytes);
    }
  };

  /** Moves what was gathered, `first` behind it, and then the rest of the body into the store; says how many bytes that was. */
  const spill = async (iterator: AsyncIterator<Uint8Array>, first: Uint8Array): Promise<number> => {
    const seen = held.length + first.length;
    await store.write(part, 0, [...held.buffers(), first]);
    core.held.give(held.release());
    const poured = await pour({
      body: { [Symbol.asyncIterator]: () => iterator },
      budget: core.flow,
      pages: core.pages,
      batchBytes: limits.batchBytes,
      stop: [],
      see: (bytes, total) => see(bytes, seen + total),
      sink: { write: (position, batch) => store.write(part, seen + position, batch) },
    });
    if (poured.cut) throw poured.cut.cause;
    return seen + poured.length;
  };

  try {
    const iterator = body[Symbol.asyncIterator]();
    const tooMuch = await gather(iterator);
    const length = tooMuch ? await spill(iterator, tooMuch) : held.length;
    if (lengthDiffers(spec, length)) throw new Refusal('cut', { received: length, kept: 0 });
    const known = { from: spec.from ?? null, offset, length, crc };
    const rest: Rest = tooMuch ? { kind: 'spilled', part, ...known } : { kind: 'held', bytes: held, ...known };
    return new StagedChunk(spec.upload ?? null, rest, { cut: false, digests: digestsOf(digests, crc) });
  } catch (error) {
    core.held.give(held.release());
    await store.remove({ kind: 'part', name: part });
    throw error;
  }
};
