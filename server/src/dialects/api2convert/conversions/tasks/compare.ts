import { join } from 'node:path';
import sharp from 'sharp';
import { correlation, meanDifference, meanSquare, structuralSimilarity } from './likeness.js';
import type { Source } from './picture.js';
import type { Compared, Comparison } from './task.js';

/** Red, green and blue of every pixel, a byte each; what shines through is seen on white. */
const pixelsOf = ({ open }: Source, { width, height }: { width: number; height: number }): Promise<Buffer> =>
  open()
    .resize({ width, height, fit: 'fill' })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();

/** How alike two pictures are; null where that is infinite. */
const measured = (one: Buffer, other: Buffer, { method }: Comparison, width: number, different: number) => {
  switch (method) {
    case 'ae':
      return different;
    case 'mae':
      return meanDifference(one, other);
    case 'rmse':
      return Math.sqrt(meanSquare(one, other));
    case 'psnr': {
      const square = meanSquare(one, other);
      return square === 0 ? null : -10 * Math.log10(square);
    }
    case 'ncc':
      return correlation(one, other);
    case 'ssim':
      return structuralSimilarity(one, other, width);
  }
};

/**
 * Compares a picture with another, which is brought to the same size; writes a third one that shows the first one pale, and coloured
 * where they differ.
 */
export const compare = async (
  one: Source,
  other: Source,
  comparison: Comparison,
  folder: string,
): Promise<Compared> => {
  const { width, height } = one;
  const [mine, theirs] = [await pixelsOf(one, one), await pixelsOf(other, one)];
  const limit = (comparison.threshold / 100) * 255;
  const shown = Buffer.alloc(mine.length);
  let different = 0;
  for (let at = 0; at < mine.length; at += 3) {
    let most = 0;
    for (let colour = at; colour < at + 3; colour += 1) {
      const value = mine[colour] ?? 0;
      most = Math.max(most, Math.abs(value - (theirs[colour] ?? 0)));
      shown[colour] = 255 - ((255 - value) >> 2);
    }
    if (most <= limit) continue;
    different += 1;
    shown.set(comparison.colour, at);
  }
  const path = join(folder, 'compared.png');
  await sharp(shown, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
  const value = measured(mine, theirs, comparison, width, different);
  return { path, value, different, width, height, otherWidth: other.width, otherHeight: other.height };
};
