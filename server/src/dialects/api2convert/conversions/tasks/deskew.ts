import { join } from 'node:path';
import sharp from 'sharp';
import type { Source } from './picture.js';

/** Degrees to both sides in which lines are looked for. */
const widest = 15;
/** Pixels of the longer side of the picture in which they are looked for, and how many dark ones at most. */
const looked = 1000;
const mostPoints = 100_000;
/** How many times as clear as is usual for a picture the best angle has to stand out; else there are no lines. */
const clear = 1.5;

/** Pixels of one byte each, 0 black. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const mostFrequent = (data: Uint8Array): number => {
  const counts = new Uint32Array(256);
  for (const value of data) counts[value] = (counts[value] ?? 0) + 1;
  return counts.indexOf(Math.max(...counts));
};

/** Where pixels are unlike the ground: x and y in turn. */
const pointsOf = ({ width, height, data }: Grey, ground: number): Int32Array => {
  const all: number[] = [];
  for (let at = 0; at < width * height; at += 1)
    if (Math.abs((data[at] ?? ground) - ground) > 64) all.push(at % width, Math.floor(at / width));
  const step = Math.ceil(all.length / 2 / mostPoints);
  return Int32Array.from(all.filter((_, index) => Math.floor(index / 2) % step === 0));
};

/**
 * How sharply rows of ink begin and end, seen at an angle: the squares of the differences between neighbouring lines (W. Postl, Detection of
 * linear oblique structures and skew scan in digitized documents, 1986).
 */
const clarity = (points: Int32Array, diagonal: number, degrees: number): number => {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const lines = new Int32Array(2 * diagonal + 2);
  for (let at = 0; at < points.length; at += 2) {
    const line = Math.round((points[at + 1] ?? 0) * cos - (points[at] ?? 0) * sin) + diagonal;
    lines[line] = (lines[line] ?? 0) + 1;
  }
  let sum = 0;
  for (let at = 1; at < lines.length; at += 1) sum += ((lines[at] ?? 0) - (lines[at - 1] ?? 0)) ** 2;
  return sum;
};

/** By how many degrees the lines of a page are turned clockwise; 0 where there are none to be seen. */
export const skewOf = (grey: Grey): number => {
  const points = pointsOf(grey, mostFrequent(grey.data));
  const diagonal = Math.ceil(Math.hypot(grey.width, grey.height));
  const seen = new Map<number, number>();
  const best = (middle: number, reach: number, step: number): number => {
    const count = Math.round(reach / step);
    const angles = [...Array(2 * count + 1).keys()].map((index) => middle + (index - count) * step);
    for (const angle of angles) seen.set(angle, clarity(points, diagonal, angle));
    return angles.reduce((one, other) => ((seen.get(other) ?? 0) > (seen.get(one) ?? 0) ? other : one));
  };
  const coarse = best(0, widest, 0.5);
  const usual = [...seen.values()].toSorted((one, other) => one - other)[Math.floor(seen.size / 2)] ?? 0;
  const fine = best(best(coarse, 0.5, 0.1), 0.1, 0.02);
  return (seen.get(fine) ?? 0) > usual * clear ? fine : 0;
};

/** The picture turned so that its lines are level; what comes into view at its corners is white, or black on a dark page. */
export const deskewed = async (source: Source, folder: string): Promise<Source> => {
  const { data, info } = await source
    .open()
    .flatten({ background: '#fff' })
    .resize({ width: looked, height: looked, fit: 'inside', withoutEnlargement: true })
    .greyscale()
    .normalise()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const degrees = skewOf({ width: info.width, height: info.height, data });
  if (degrees === 0) return source;
  const background = mostFrequent(data) < 128 ? '#000' : '#fff';
  const file = join(folder, 'level.tiff');
  const { width, height } = await source
    .open()
    .rotate(-degrees, { background })
    .tiff({ compression: 'none' })
    .toFile(file);
  return { ...source, open: () => sharp(file, { limitInputPixels: false }), width, height };
};
