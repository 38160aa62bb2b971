/*
 * How alike two pictures are. Both are given as red, green and blue of each pixel, a byte each, and are of the same size. Values count as parts
 * of the whole range: 0 to 1.
 */

type Samples = Uint8Array;

/** What `of` gives for two samples, on average over all. */
const mean = (one: Samples, other: Samples, of: (a: number, b: number) => number): number => {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += of((one[at] ?? 0) / 255, (other[at] ?? 0) / 255);
  return sum / one.length;
};

/** By how much samples differ, on average. */
export const meanDifference = (one: Samples, other: Samples): number => mean(one, other, (a, b) => Math.abs(a - b));

/** The square of that by which samples differ, on average. */
export const meanSquare = (one: Samples, other: Samples): number => mean(one, other, (a, b) => (a - b) ** 2);

/** Normalized cross-correlation: 1 for what rises and falls together, -1 for its negative. Of a plain picture 1 if the other is the same, else 0. */
export const correlation = (one: Samples, other: Samples): number => {
  const [a, b] = [mean(one, other, (value) => value), mean(one, other, (_, value) => value)];
  const spread = mean(one, other, (value) => (value - a) ** 2) * mean(one, other, (_, value) => (value - b) ** 2);
  if (spread < 1e-12) return meanSquare(one, other) === 0 ? 1 : 0;
  return mean(one, other, (x, y) => (x - a) * (y - b)) / Math.sqrt(spread);
};

/** Brightness as video has it (ITU-R BT.601), 0 to 255. */
const brightness = (samples: Samples): Float32Array => {
  const light = new Float32Array(samples.length / 3);
  for (let at = 0; at < light.length; at += 1)
    light[at] =
      0.299 * (samples[at * 3] ?? 0) + 0.587 * (samples[at * 3 + 1] ?? 0) + 0.114 * (samples[at * 3 + 2] ?? 0);
  return light;
};

/** Pixels of a window's side, and from one window to the next. */
const [side, step] = [8, 4];

/**
 * The mean structural similarity (Wang, Bovik, Sheikh, Simoncelli, Image quality assessment, 2004) of the brightness in windows of 8 by 8
 * pixels that overlap by half: 1 for the same pictures.
 */
export const structuralSimilarity = (one: Samples, other: Samples, width: number): number => {
  const [mine, theirs] = [brightness(one), brightness(other)];
  const height = mine.length / width;
  const [across, down] = [Math.min(side, width), Math.min(side, height)];
  const count = across * down;
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  const windowAt = (left: number, top: number): number => {
    let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
    for (let y = top; y < top + down; y += 1)
      for (let at = y * width + left; at < y * width + left + across; at += 1) {
        const [x, z] = [mine[at] ?? 0, theirs[at] ?? 0];
        a += x;
        b += z;
        aa += x * x;
        bb += z * z;
        ab += x * z;
      }
    const [meanA, meanB] = [a / count, b / count];
    const others = Math.max(1, count - 1);
    const spread = (aa - a * meanA + (bb - b * meanB)) / others;
    const together = (ab - a * meanB) / others;
    return ((2 * meanA * meanB + c1) * (2 * together + c2)) / ((meanA ** 2 + meanB ** 2 + c1) * (spread + c2));
  };
  let [sum, windows] = [0, 0];
  for (let top = 0; top + down <= height; top += step)
    for (let left = 0; left + across <= width; left += step) {
      sum += windowAt(left, top);
      windows += 1;
    }
  return sum / windows;
};
