/** Bytes from the first number to before the second. */
export type Range = readonly [start: number, end: number];

/** `ranges`, in rising order, with `range` among them; neighbours are melted together. */
export const include = (ranges: readonly Range[], range: Range): readonly Range[] => {
  const sorted = [...ranges, range].sort((a, b) => a[0] - b[0]);
  const result: [number, number][] = [];
  for (const [start, end] of sorted) {
    const last = result.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
};

/** Do `ranges` hold every byte from `start` to before `end`? */
export const holds = (ranges: readonly Range[], [start, end]: Range): boolean =>
  start >= end || ranges.some((range) => range[0] <= start && end <= range[1]);

/** How many bytes `ranges` hold. */
export const total = (ranges: readonly Range[]): number => ranges.reduce((sum, [start, end]) => sum + end - start, 0);

/** How far the bytes go from 0 without a hole. */
export const contiguous = (ranges: readonly Range[]): number => (ranges[0]?.[0] === 0 ? ranges[0][1] : 0);
