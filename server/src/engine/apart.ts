import { crc32Of } from '../kit/crc32.js';
import type { Range, Ranges } from '../kit/ranges.js';
import { type Core, readPart } from './core.js';
import type { Added } from './counting.js';
import type { Held, Spilled } from './staged.js';

/** Bytes that are not in their place yet. */
export type Apart = Held | Spilled;

/** Staged bytes, from `from` to `to` of the chunk. */
const readApart = (core: Core, rest: Apart, { start, end }: Range): AsyncIterable<Uint8Array> => {
  if (rest.kind === 'spilled') return core.store.read({ kind: 'part', name: rest.part }, { start, end });
  return (async function* () {
    let at = 0;
    for (const buffer of rest.bytes.buffers()) {
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

/** Does the upload have the very bytes that the chunk has for these ranges? */
export const isSame = async (
  core: Core,
  id: string,
  rest: Apart,
  { offset, have }: { offset: number; have: Ranges },
) => {
  for (const { start, end } of have) {
    const mine = readApart(core, rest, { start: start - offset, end: end - offset });
    if (!(await sameBytes(mine, readPart(core, id)(start, end)))) return false;
  }
  return true;
};

/** Writes the parts of a chunk that are not there yet, and makes them durable. */
export const writeMissing = async (
  core: Core,
  id: string,
  rest: Apart,
  { offset, missing }: { offset: number; missing: Ranges },
): Promise<Added[]> => {
  const added: Added[] = [];
  for (const range of missing) {
    const whole = range.end - range.start === rest.length;
    if (whole && rest.kind === 'held') {
      await core.store.write(id, offset, rest.bytes.buffers());
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

/** Lets go of bytes that were put in their place, or never will be. */
export const dropApart = async (core: Core, rest: Apart): Promise<void> => {
  if (rest.kind === 'held') core.held.give(rest.bytes.release());
  else await core.store.remove({ kind: 'part', name: rest.part });
};
