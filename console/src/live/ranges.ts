/** Bytes from (included), to (not included). */
export type Range = readonly [from: number, to: number];

/** What lies between ranges that are sorted, up to `size` bytes. */
export const gaps = (ranges: readonly Range[], size: number): readonly Range[] => {
  const found: Range[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from > at) found.push([at, from]);
    at = Math.max(at, to);
  }
  return at < size ? [...found, [at, size]] : found;
};

/** A range as a part of a picture `width` wide; whatever is there is seen, however small. */
export const toBar = (
  [from, to]: Range,
  size: number,
  width: number,
): { readonly x: number; readonly width: number } => {
  const scale = width / Math.max(1, size);
  const wide = Math.max(0.5, (to - from) * scale);
  return { x: Math.min(from * scale, width - wide), width: wide };
};
