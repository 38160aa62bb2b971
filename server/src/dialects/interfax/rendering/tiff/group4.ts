import sharp from 'sharp';
import type { Raster } from '../raster.js';
import { readDirectories } from './directories.js';

/** Codes a picture that is black and white already in CCITT group 4, with 0 for white. */
export const group4 = async ({ width, height, data }: Raster): Promise<Uint8Array> => {
  const tiff = await sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1, miniswhite: true, tileHeight: height })
    .toBuffer();
  const [directory] = await readDirectories(async (offset, length) => tiff.subarray(offset, offset + length), 1);
  const [strip, more] = directory?.strips ?? [];
  if (!strip || more) throw new Error('libvips did not write one strip');
  return tiff.subarray(strip.offset, strip.offset + strip.length);
};
