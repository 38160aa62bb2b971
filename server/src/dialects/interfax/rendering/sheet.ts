import type { Orientation, PageSize, Resolution } from '../faxes/fax.js';

/** A grid of pixels of a physical size; the pixels of a fax are no squares. */
export type Grid = {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels an inch, across and down. */
  readonly xDensity: number;
  readonly yDensity: number;
};

/** What a page is drawn on and how it is sent. */
export type Sheet = {
  /** As it goes over the line: always upright, as wide as the modem's scan line. */
  readonly page: Grid;
  /** As it is read: the page itself, or the page turned by a quarter for landscape. */
  readonly canvas: Grid;
  readonly landscape: boolean;
};

/** Scan lines of ITU-T T.4: 1,728 pixels for paper of A4's width, 2,048 for B4's (ISO B4, 250 by 353 mm); 204 pixels an inch. */
const papers: Readonly<Record<PageSize, { readonly width: number; readonly inches: number }>> = {
  A4: { width: 1728, inches: 297 / 25.4 },
  Letter: { width: 1728, inches: 11 },
  Legal: { width: 1728, inches: 14 },
  B4: { width: 2048, inches: 353 / 25.4 },
};

const xDensity = 204;
const yDensity: Readonly<Record<Resolution, number>> = { Standard: 98, Fine: 196 };

/** The sheet of this paper. A standard page has exactly half as many lines as a fine one. */
export const sheetOf = (paper: PageSize, orientation: Orientation, resolution: Resolution): Sheet => {
  const { width, inches } = papers[paper];
  const lines = Math.round((inches * yDensity.Fine) / 2) * (resolution === 'Fine' ? 2 : 1);
  const page: Grid = { width, height: lines, xDensity, yDensity: yDensity[resolution] };
  const landscape = orientation === 'Landscape';
  const turned: Grid = { width: lines, height: width, xDensity: page.yDensity, yDensity: xDensity };
  return { page, canvas: landscape ? turned : page, landscape };
};
