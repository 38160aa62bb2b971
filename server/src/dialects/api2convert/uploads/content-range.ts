import type { Range } from '../../../kit/ranges.js';
import { Problem, problems } from '../problems.js';

/** A chunk's place in its file. */
export interface ChunkPlace {
  readonly range: Range;
  /** Bytes of the file. */
  readonly total: number;
}

const form = /^\s*(?:bytes[ =]\s*)?(\d+)-(\d+)\/(\d+)\s*$/i;

/**
 * Reads a chunk's `Content-Range`: `bytes 0-1048575/5230812`, its end included; also without `bytes` (specs/api2convert.md §10).
 * Refuses 400, and 413 for a total beyond `limit` bytes.
 */
export const readPlace = (header: string, limit: number | null): ChunkPlace => {
  const [, first, last, complete] = form.exec(header) ?? [];
  const numbers = [first, last, complete].map((digits) => (digits === undefined ? Number.NaN : Number(digits)));
  const [start = Number.NaN, end = Number.NaN, total = Number.NaN] = numbers;
  if (!numbers.every(Number.isSafeInteger))
    throw problems.bad('Content-Range must be start-end/total, such as bytes 0-1048575/5230812.');
  if (start > end || end >= total)
    throw problems.bad('Content-Range must be a range within the file: start <= end < total.');
  if (limit !== null && total > limit)
    throw new Problem(413, `The file is too large: at most ${limit} bytes are taken.`);
  return { range: { start, end: end + 1 }, total };
};

/** Does this chunk hold the whole file? */
export const isWhole = ({ range, total }: ChunkPlace): boolean => range.start === 0 && range.end === total;
