import sharp from 'sharp';
import type { Source } from './picture.js';

/** What each of 256 values becomes, so that about as many are dark as light: the histogram is made even. */
const evenTable = (counts: Uint32Array): Uint8Array => {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const first = counts.find((count) => count > 0) ?? 0;
  const table = Uint8Array.from(counts.keys());
  if (all === first) return table;
  let below = 0;
  for (const [value, count] of counts.entries()) {
    below += count;
    table[value] = Math.max(0, Math.round(((below - first) / (all - first)) * 255));
  }
  return table;
};

/** The picture with each of its colours spread evenly over the whole range; how much shines through stays. */
export const equalized = async (source: Source): Promise<Source> => {
  const { data, info } = await source.open().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const colours = channels < 3 ? 1 : 3;
  for (let colour = 0; colour < colours; colour += 1) {
    const counts = new Uint32Array(256);
    for (let at = colour; at < data.length; at += channels) counts[data[at] ?? 0] = (counts[data[at] ?? 0] ?? 0) + 1;
    const table = evenTable(counts);
    for (let at = colour; at < data.length; at += channels) data[at] = table[data[at] ?? 0] ?? 0;
  }
  return { ...source, open: () => sharp(data, { raw: { width, height, channels } }), width, height };
};
