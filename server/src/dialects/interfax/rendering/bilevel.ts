import type { Rendering } from '../faxes/fax.js';
import type { Raster } from './raster.js';

/** Darker than this is black. Above the middle, so that a thin line that falls between two rows is kept. */
const limit = 160;

const threshold = ({ data }: Raster): void => {
  for (let i = 0; i < data.length; i += 1) data[i] = (data[i] ?? 255) < limit ? 0 : 255;
};

/** Floyd and Steinberg's error diffusion: what a pixel is off by is handed to those right of it and below it. */
const dither = ({ width, height, data }: Raster): void => {
  // Errors in sixteenths, with a column on each side, so that no edge needs a question.
  let here = new Int32Array(width + 2);
  let below = new Int32Array(width + 2);
  for (let y = 0; y < height; y += 1) {
    below.fill(0);
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      const wanted = (data[at] ?? 255) + ((here[x + 1] ?? 0) >> 4);
      const got = wanted < 128 ? 0 : 255;
      const error = wanted - got;
      data[at] = got;
      here[x + 2] = (here[x + 2] ?? 0) + error * 7;
      below[x] = (below[x] ?? 0) + error * 3;
      below[x + 1] = (below[x + 1] ?? 0) + error * 5;
      below[x + 2] = (below[x + 2] ?? 0) + error;
    }
    [here, below] = [below, here];
  }
};

/** Makes every pixel of a picture, in place, black (0) or white (255). */
export const toBilevel = (picture: Raster, rendering: Rendering): void =>
  rendering === 'Greyscale' ? dither(picture) : threshold(picture);
