import type { Grid } from './sheet.js';

/** `scale`: as large as the page takes. `natural`: in its own size, smaller only where the page is. */
export type Fit = 'scale' | 'natural';

/** Where something comes to lie on a canvas, in its pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Places something of this size, in inches, on a canvas: as wide as it is high, in the middle, at the top. */
export const placeOn = (canvas: Grid, size: { width: number; height: number }, fit: Fit): Place => {
  const room = Math.min(canvas.width / canvas.xDensity / size.width, canvas.height / canvas.yDensity / size.height);
  const scale = fit === 'scale' ? room : Math.min(room, 1);
  const width = Math.max(1, Math.min(canvas.width, Math.round(size.width * scale * canvas.xDensity)));
  const height = Math.max(1, Math.min(canvas.height, Math.round(size.height * scale * canvas.yDensity)));
  return { x: Math.floor((canvas.width - width) / 2), y: 0, width, height };
};
