import sharp from 'sharp';
import type { Result } from './converting.js';

/** What is seen of pictures that were made. */

/** A pixel of a picture, as red, green, blue and alpha. */
export const pixel = async ({ bytes }: Result, x: number, y: number): Promise<number[]> => {
  const one = sharp(bytes).extract({ left: x, top: y, width: 1, height: 1 }).toColourspace('srgb').ensureAlpha();
  return [...(await one.raw().toBuffer())];
};

/** Red, green and blue of a pixel, as strong (1) or weak (0) as they are. */
export const colour = async (result: Result, x: number, y: number): Promise<string> =>
  (await pixel(result, x, y))
    .slice(0, 3)
    .map((value) => (value > 128 ? 1 : 0))
    .join('');

/** What format a picture has, how large it is, and how many frames it has. */
export const shape = async ({ bytes }: Result) => {
  const { format, width, height, pageHeight, pages } = await sharp(bytes).metadata();
  return { format, width, height: pageHeight ?? height, frames: pages ?? 1 };
};
