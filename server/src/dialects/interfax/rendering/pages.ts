import type { Raster } from './raster.js';
import type { Grid } from './sheet.js';

/** A document that was opened: its pages can be drawn, one at a time, in any order. */
export interface Pages {
  readonly count: number;
  /** Draws a page (from 0 on) over the whole of a canvas. Throws on what cannot be read. */
  draw(index: number, canvas: Grid): Promise<Raster>;
  close?(): void;
}
