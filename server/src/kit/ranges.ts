/** Bytes `start` (included) to `end` (not included) of something; `start < end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Ranges in rising order that neither touch nor overlap. */
export type Ranges = readonly Range[];

/** Is there a byte that both ranges hold? */
export const overlaps = (a: Range, b: Range): boolean => a.start < b.end && b.start < a.end;

/** The bytes of `ranges` and of `range`; neighbours are melted together. */
export const include = (ranges: Ranges, range: Range): Ranges => {
  if (range.start >= range.end) return ranges;
  const result: Range[] = [];
  let { start, end } = range;
  let placed = false;
  for (const each of ranges) {
    if (each.end < start) result.push(each);
    else if (each.start > end) {
      if (!placed) result.push({ start, end });
      placed = true;
      result.push(each);
    } else {
      start = Math.min(start, each.start);
      end = Math.max(end, each.end);
    }
  }
  if (!placed) result.push({ start, end });
  return result;
};

/** The parts of `range` that `ranges` does not hold. */
export const gaps = (ranges: Ranges, range: Range): Ranges => {
  const result: Range[] = [];
  let at = range.start;
  for (const each of ranges) {
    if (each.end <= at) continue;
    if (each.start >= range.end) break;
    if (each.start > at) result.push({ start: at, end: each.start });
    at = each.end;
  }
  if (at < range.end) result.push({ start: at, end: range.end });
  return result;
};

/** The parts of `range` that `ranges` holds. */
export const common = (ranges: Ranges, range: Range): Ranges =>
  ranges
    .filter((each) => overlaps(each, range))
    .map((each) => ({ start: Math.max(each.start, range.start), end: Math.min(each.end, range.end) }));

/** How many bytes `ranges` holds. */
export const total = (ranges: Ranges): number => ranges.reduce((sum, each) => sum + each.end - each.start, 0);

/** How far the bytes go from 0 without a hole. */
export const contiguous = (ranges: Ranges): number => {
  const first = ranges[0];
  return first && first.start === 0 ? first.end : 0;
};
