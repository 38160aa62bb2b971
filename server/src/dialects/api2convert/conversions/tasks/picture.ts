import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Matrix3x3, type Sharp } from 'sharp';
import { toBmp, toIco, toTga } from './bitmaps.js';
import { deskewed } from './deskew.js';
import { equalized } from './equalize.js';
import { boxOf } from './sizing.js';
import type { Made, PictureFormat, PictureSize, PictureSpec } from './task.js';

// One task, one process: nothing is worth keeping, and its threads would only take memory.
sharp.cache(false);
sharp.concurrency(1);
// libvips' own format is none for files of strangers.
sharp.block({ operation: ['VipsForeignLoadVips'] });

/** Pixels an inch where nobody says. */
const usualDensity = 72;

/** A picture that was opened, upright. */
export interface Source {
  /** Makes it anew; a pipeline is used once. */
  open(): Sharp;
  readonly width: number;
  /** Of one frame. */
  readonly height: number;
  readonly frames: number;
  readonly density: number;
  /** As sharp calls it. */
  readonly format: string;
}

/** Opens a picture file; only WebP and GIF keep more than its first frame. Throws on what is none or has too many pixels. */
export const openPicture = async (
  file: string,
  spec: Pick<PictureSpec, 'format' | 'dpi'>,
  pixels: number,
): Promise<Source> => {
  const options = { limitInputPixels: pixels, failOn: 'error' as const, ...(spec.dpi > 0 && { density: spec.dpi }) };
  const first = await sharp(file, options).metadata();
  const isAnimated =
    ['webp', 'gif', 'same'].includes(spec.format) && (first.format === 'gif' || first.format === 'webp');
  const animated = isAnimated && (first.pages ?? 1) > 1;
  const frames = animated ? (first.pages ?? 1) : 1;
  const turned = (first.orientation ?? 1) >= 5;
  const [width, height] = [first.width, first.pageHeight ?? first.height];
  if (width * height * frames > pixels) throw new Error('Input image exceeds pixel limit');
  return {
    open: () => {
      const opened = sharp(file, { ...options, animated });
      return animated ? opened : opened.autoOrient();
    },
    width: turned ? height : width,
    height: turned ? width : height,
    frames,
    density: first.density ?? usualDensity,
    format: first.format,
  };
};

/** Opens a picture file, of which only the first frame is seen. Throws as `openPicture` does. */
export const openStill = (file: string, pixels: number): Promise<Source> =>
  openPicture(file, { format: 'png', dpi: 0 }, pixels);

/** The picture as it is drawn from: level and even, where that is wanted. Moving pictures stay as they are. */
const prepared = async (source: Source, { deskew, equalize }: PictureSpec, folder: string): Promise<Source> => {
  if (source.frames > 1) return source;
  const level = deskew ? await deskewed(source, folder) : source;
  return equalize ? equalized(level) : level;
};

const fits = { inside: 'inside', crop: 'cover', stretch: 'fill', blurred: 'inside' } as const;
const grounds = { black: '#000f', white: '#ffff', transparent: '#0000' } as const;

const resized = async (source: Source, size: PictureSize, spec: PictureSpec, pixels: number): Promise<Sharp> => {
  const density = spec.dpi > 0 ? spec.dpi : source.density;
  const box = boxOf(size, source, { density, pixels: Math.floor(pixels / source.frames) });
  const kernel = spec.antialias ? 'lanczos3' : 'nearest';
  const { handling } = size;
  // A side that follows from the picture's shape was rounded; fitted into such a box the other one would come out smaller than it was asked for.
  if (size.ratio === 0 && (size.width === 0 || size.height === 0))
    return source.open().resize({ ...box, kernel, fit: 'fill' });
  if (handling === 'black' || handling === 'white' || handling === 'transparent') {
    const background = grounds[handling];
    return source.open().resize({ ...box, kernel, fit: 'contain', background });
  }
  const picture = source.open().resize({ ...box, kernel, fit: fits[handling] });
  if (handling !== 'blurred' || source.frames > 1) return picture;
  const input = await picture.png().toBuffer();
  const ground = source
    .open()
    .resize({ ...box, fit: 'cover' })
    .blur(20);
  // A composition is laid on at the end, before whatever else changes the picture: it has to be whole first.
  const whole = await ground
    .composite([{ input, gravity: 'centre' }])
    .png()
    .toBuffer();
  return sharp(whole);
};

/** Sepia, as the W3C's filter effects have it. */
const sepia: Matrix3x3 = [
  [0.393, 0.769, 0.189],
  [0.349, 0.686, 0.168],
  [0.272, 0.534, 0.131],
];

/** Colours that have faded towards yellow. */
const faded: Matrix3x3 = [
  [0.9, 0.12, 0.05],
  [0.08, 0.85, 0.05],
  [0.08, 0.12, 0.65],
];

const coloured = (picture: Sharp, { colouring }: PictureSpec): Sharp => {
  switch (colouring) {
    case 'colored':
      return picture;
    case 'gray':
      return picture.greyscale();
    case 'monochrome':
      return picture.greyscale().threshold(128);
    case 'negate':
      return picture.negate({ alpha: false });
    case '1980':
      return picture.recomb(faded);
    case '1900':
      return picture.recomb(sepia);
  }
};

const changed = (picture: Sharp, spec: PictureSpec): Sharp => {
  if (spec.despeckle) picture.median(3);
  if (spec.normalize || spec.enhance) picture.normalise();
  if (spec.sharpen || spec.enhance) picture.sharpen();
  return coloured(picture, spec);
};

const formats: Readonly<Record<string, PictureFormat>> = {
  png: 'png',
  jpeg: 'jpg',
  webp: 'webp',
  gif: 'gif',
  tiff: 'tiff',
  heif: 'avif',
};

/** Writes a picture and says how large it became. */
const written = async (picture: Sharp, format: PictureFormat, spec: PictureSpec, file: string) => {
  const quality = spec.quality > 0 ? { quality: spec.quality } : {};
  const isLossy = spec.quality > 0 && spec.quality < 100;
  const told = spec.dpi > 0 ? picture.withDensity(spec.dpi) : picture;
  switch (format) {
    case 'png':
      // Fewer colours, where a smaller file is wanted.
      return told.png(isLossy ? { ...quality, palette: true, compressionLevel: 9 } : {}).toFile(file);
    case 'jpg':
      return told
        .flatten({ background: '#fff' })
        .jpeg({ ...quality, mozjpeg: true })
        .toFile(file);
    case 'webp':
      return picture.webp(quality).toFile(file);
    case 'avif':
      return picture.avif({ ...quality, effort: 2 }).toFile(file);
    case 'gif':
      return picture.gif(isLossy ? { interFrameMaxError: 8 } : {}).toFile(file);
    case 'tiff':
      return told.tiff({ ...quality, compression: spec.quality > 0 ? 'jpeg' : 'lzw' }).toFile(file);
    case 'ico': {
      const { data, info } = await picture.ensureAlpha().png().toBuffer({ resolveWithObject: true });
      await writeFile(file, toIco(data, info));
      return info;
    }
    case 'bmp':
    case 'tga': {
      const ground = format === 'bmp' ? picture.flatten({ background: '#fff' }) : picture;
      const all = ground.toColourspace('srgb').ensureAlpha().raw();
      const { data, info } = await all.toBuffer({ resolveWithObject: true });
      const pixels = { width: info.width, height: info.height, data };
      await writeFile(file, format === 'bmp' ? toBmp(pixels, spec.dpi) : toTga(pixels));
      return info;
    }
  }
};

/** As large as an icon may be. */
const iconSize: PictureSize = { width: 256, height: 256, unit: 'px', handling: 'inside', ratio: 0, onlySmaller: true };

/** Makes a picture as `spec` says, in `folder`. */
export const makePicture = async (
  opened: Source,
  spec: PictureSpec,
  to: { readonly folder: string; readonly pixels: number; readonly page?: number; readonly pages?: number },
): Promise<Made> => {
  const { page = 1, pages = 1 } = to;
  const source = await prepared(opened, spec, to.folder);
  const format = spec.format === 'same' ? (formats[source.format] ?? 'png') : spec.format;
  const path = join(to.folder, `made-${page}.${format}`);
  const size = spec.size ?? (format === 'ico' ? iconSize : null);
  const picture = size ? await resized(source, size, spec, to.pixels) : source.open();
  const { width, height, pageHeight } = await written(changed(picture, spec), format, spec, path);
  return { path, format, width, height: pageHeight ?? height, page, pages };
};
