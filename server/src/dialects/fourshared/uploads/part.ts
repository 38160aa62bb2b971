import { Refusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import type { Engine, Staged } from '../../../engine/verbs.js';
import { crc32Of } from '../../../kit/crc32.js';
import type { Incoming } from './incoming.js';

/** Where a part goes, as its sender says. */
export interface Claim {
  /** The file's id in the catalog. */
  readonly file?: number;
  readonly firstByte?: number;
}

/** A part's bytes, as they were taken in. */
export interface Taken {
  /** Bytes. */
  readonly length: number;
  readonly crc: number;
  /** One behind the other; none where the bytes were only counted. */
  readonly staged: readonly Staged[];
}

/** The first `length` bytes of a source, and, once these have been read, what is behind them. */
const divided = (source: AsyncIterable<Buffer>, length: number) => {
  const iterator = source[Symbol.asyncIterator]();
  let left = length;
  let over: Buffer | undefined;
  const head = async function* (): AsyncGenerator<Buffer, void, undefined> {
    while (over === undefined) {
      const next = await iterator.next();
      if (next.done) return;
      const { value } = next;
      if (value.length > left) over = value.subarray(left);
      const mine = value.length > left ? value.subarray(0, left) : value;
      left -= mine.length;
      if (mine.length > 0) yield mine;
    }
  };
  const tail = async function* (): AsyncGenerator<Buffer, void, undefined> {
    if (over === undefined) return;
    yield over;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  };
  return { head: head(), tail: tail(), hasTail: () => over !== undefined };
};

/** Counts bytes that nobody keeps. */
export const measure = async (source: AsyncIterable<Uint8Array>): Promise<Taken> => {
  let length = 0;
  let crc = 0;
  for await (const bytes of source) {
    length += bytes.length;
    crc = crc32Of(bytes, crc);
  }
  return { length, crc, staged: [] };
};

const taken = (staged: Staged): Taken => ({
  length: staged.length,
  crc: Number.parseInt(staged.digests.crc32 ?? '0', 16),
  staged: [staged],
});

/** What is known of a part before its bytes come. */
export interface Expected {
  /** How many bytes it has, as is nearly sure; undefined where nothing tells. */
  readonly length: number | undefined;
  /** Most bytes that are taken of a part whose file is not known yet. */
  readonly limit: number | null;
  readonly gone: AbortSignal;
  /** Address of the sender. */
  readonly from: string;
}

/** Takes in the bytes of a part whose place is not known before them. */
export const takeApart = async (engine: Engine, source: AsyncIterable<Buffer>, expected: Expected): Promise<Taken> =>
  taken(await engine.stage(source, { keep: 'whole', limit: expected.limit, gone: expected.gone, from: expected.from }));

/**
 * Takes in the bytes of a part whose place is known. Where its length is known, too, it is written there at once, and no more than
 * its place is kept from others; so is a part at the very beginning, which nearly always is the whole file.
 */
export const takeInPlace = async (
  engine: Engine,
  source: AsyncIterable<Buffer>,
  { upload, firstByte }: { upload: Upload; firstByte: number },
  { length, gone, from }: Expected,
): Promise<Taken> => {
  const spec = { upload: upload.id, keep: 'whole', gone, from } as const;
  if (length === undefined || length <= 0)
    return taken(await engine.stage(source, firstByte === 0 ? { ...spec, offset: 0 } : spec));
  const { head, tail, hasTail } = divided(source, length);
  const first = await engine.stage(head, { ...spec, offset: firstByte, limit: length });
  if (!hasTail()) return taken(first);
  // A sender that ends its form in a way of its own: the part is a few bytes longer than it seemed.
  try {
    const second = await engine.stage(tail, spec);
    return { length: first.length + second.length, crc: 0, staged: [first, second] };
  } catch (error) {
    await engine.discard(first);
    throw error;
  }
};

/** Makes a part's bytes part of their upload; other bytes that were there give way. Refuses as `Engine.accept` does. */
export const acceptPart = async (
  engine: Engine,
  { upload }: Incoming,
  { firstByte, part }: { firstByte: number; part: Taken },
): Promise<Upload> => {
  const end = firstByte + part.length;
  if (upload.size !== null && end > upload.size) throw new Refusal('beyond-end', { size: upload.size, end });
  let after = upload;
  let offset = firstByte;
  for (const staged of part.staged) {
    if (staged.length > 0)
      after = (await engine.accept(staged, { upload: upload.id, offset, overlap: 'replace' })).upload;
    offset += staged.length;
  }
  return after;
};
