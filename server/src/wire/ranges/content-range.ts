import type { Range } from '../../kit/ranges.js';

/** What a `Content-Range` says; `range` is null for `bytes *\/200`, `size` is null for `bytes 0-99/*`. */
export interface ContentRange {
  readonly range: Range | null;
  readonly size: number | null;
}

const whole = (digits: string): number => {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : Number.NaN;
};

/**
 * Reads a `Content-Range` of bytes (RFC 9110 §14.4), as uploads send it with their chunks. Undefined where it makes no
 * sense: an end before its start, a range beyond the size, another unit. `bytes=0-99/200` is taken, too: clients mix it
 * up with `Range`.
 */
export const parseContentRange = (header: string): ContentRange | undefined => {
  const match = /^bytes[ =]\s*(?:(\d+)-(\d+)|\*)\/(?:(\d+)|\*)$/i.exec(header.trim());
  if (!match) return undefined;
  const [, first, last, complete] = match;
  const size = complete === undefined ? null : whole(complete);
  if (Number.isNaN(size)) return undefined;
  if (first === undefined || last === undefined) return size === null ? undefined : { range: null, size };
  const range = { start: whole(first), end: whole(last) + 1 };
  if (!(range.start < range.end) || (size !== null && range.end > size)) return undefined;
  return { range, size };
};

/** `bytes 0-99/200`; without a range `bytes *\/200`; an unknown size is `*`. */
export const formatContentRange = ({ range, size }: ContentRange): string =>
  `bytes ${range === null ? '*' : `${range.start}-${range.end - 1}`}/${size ?? '*'}`;
