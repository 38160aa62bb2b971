import { open, readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import type { Pages } from '../pages.js';
import { type Fit, placeOn } from '../placing.js';
import { blank, lay, type Raster } from '../raster.js';
import type { Grid } from '../sheet.js';
import { type Directory, readDirectories } from '../tiff/directories.js';
import { readBitmap } from './bitmap.js';

/** The largest picture that is read, in pixels: a page of A4 at 1,200 dots an inch. */
const mostPixels = 150_000_000;

/** Dots an inch of a picture that does not say. */
const plainDensity = 96;

/** Size in inches, as it is to be looked at. */
interface Size {
  readonly width: number;
  readonly height: number;
}

const reading = { limitInputPixels: mostPixels, sequentialRead: true, failOn: 'error' } as const;

/** Draws a picture: turned as it says itself, on white, as large as it fits. */
const drawn = async (picture: Sharp, size: Size, canvas: Grid, fit: Fit): Promise<Raster> => {
  const { x, y, width, height } = placeOn(canvas, size, fit);
  const { data } = await picture
    .autoOrient()
    .flatten({ background: '#fff' })
    .toColourspace('b-w')
    .resize(width, height, { fit: 'fill' })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const whole = blank(canvas.width, canvas.height);
  lay(whole, { width, height, data }, x, y);
  return whole;
};

/** The size of a page of a TIFF file; of a page without densities, that of its pixels. */
const sizeOf = ({ width, height, xDensity, yDensity }: Directory, isTurned: boolean): Size => {
  const across = width / (xDensity ?? plainDensity);
  const down = height / (yDensity ?? xDensity ?? plainDensity);
  return isTurned ? { width: down, height: across } : { width: across, height: down };
};

/** Opens a TIFF file: one page for each of its directories, which may differ in size and density. */
const openTiff = async (path: string, fit: Fit, limit: number): Promise<Pages> => {
  const file = await open(path);
  const read = async (offset: number, length: number) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
  const directories = await readDirectories(read, limit + 1).finally(() => file.close());
  return {
    count: directories.length,
    draw: async (index, canvas) => {
      const directory = directories[index];
      if (!directory) throw new Error(`no page ${index + 1}`);
      const picture = sharp(path, { ...reading, page: index });
      const { orientation = 1 } = await picture.metadata();
      return drawn(picture, sizeOf(directory, orientation > 4), canvas, fit);
    },
  };
};

/** Opens a picture that libvips knows; of one that moves, the first picture. */
const openPlain = async (path: string, fit: Fit): Promise<Pages> => {
  const { autoOrient, density = plainDensity } = await sharp(path, reading).metadata();
  const size = { width: autoOrient.width / density, height: autoOrient.height / density };
  return { count: 1, draw: (_, canvas) => drawn(sharp(path, reading), size, canvas, fit) };
};

const openBitmap = async (path: string, fit: Fit): Promise<Pages> => {
  const { width, height, data } = readBitmap(await readFile(path), mostPixels);
  const size = { width: width / plainDensity, height: height / plainDensity };
  return {
    count: 1,
    draw: (_, canvas) => drawn(sharp(data, { raw: { width, height, channels: 1 } }), size, canvas, fit),
  };
};

/** By the bytes that a picture begins with. Names lie, and libvips would open kinds that nobody should send. */
const openers: readonly (readonly [start: RegExp, open: (path: string, fit: Fit, limit: number) => Promise<Pages>])[] =
  [
    [/^(?:II\*\0|MM\0\*)/, openTiff],
    [/^\x89PNG\r\n\x1a\n/, openPlain],
    [/^\xff\xd8\xff/, openPlain],
    [/^GIF8[79]a/, openPlain],
    [/^BM/, openBitmap],
  ];

/** Opens a TIFF, PNG, JPEG, GIF or BMP file; throws on anything else. More than `limit` pages are not looked for. */
export const openPicture = async (path: string, fit: Fit, limit: number): Promise<Pages> => {
  const file = await open(path);
  const head = Buffer.alloc(8);
  await file.read(head, 0, 8, 0).finally(() => file.close());
  const opener = openers.find(([start]) => start.test(head.toString('latin1')));
  if (!opener) throw new Error('no picture of a kind that is read');
  return opener[1](path, fit, limit);
};
