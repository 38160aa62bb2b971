import { lay, type Raster } from './raster.js';
import type { Grid } from './sheet.js';
import { drawText } from './text/draw.js';
import { widthOf } from './text/font.js';

/** The line above each page. */
export type Header = {
  /** With placeholders in braces. Empty: no line. */
  readonly template: string;
  /** What stands for a placeholder, by its name in lower case. */
  readonly values: Readonly<Record<string, string>>;
};

const pointsAnInch = 72;
/** In points: a sixth of an inch, which pages have as a margin. */
const height = 12;
const indent = 18;
const largest = 9;
const smallest = 5;

const placeholders = /\{(\w{1,40})\}/g;

/** The names of the placeholders in a template, in lower case, also those that nothing stands for. */
export const namesIn = (template: string): string[] =>
  Array.from(template.matchAll(placeholders), ([, name = '']) => name.toLowerCase());

/**
 * A header's text on one page. `{PageNumber}` and `{TotalPages}` are known here, the others are the header's values; their
 * case does not matter, and what is no placeholder stays as it is.
 */
export const headerText = ({ template, values }: Header, page: number, total: number): string => {
  const all: Readonly<Record<string, string>> = { ...values, pagenumber: String(page), totalpages: String(total) };
  return template.replace(placeholders, (whole, name: string) => {
    const key = name.toLowerCase();
    return Object.hasOwn(all, key) ? (all[key] ?? '') : whole;
  });
};

/** Prints a line over the top margin of a page. What is too long is set smaller, and cut off in the end. */
export const printHeader = async (picture: Raster, page: Grid, text: string): Promise<void> => {
  if (text.trim() === '') return;
  const width = (page.width / page.xDensity) * pointsAnInch;
  const room = (width - 2 * indent) / widthOf(text, 'sans', 1);
  const size = Math.max(smallest, Math.min(largest, room));
  const rows = Math.round((height / pointsAnInch) * page.yDensity);
  const line = { texts: [{ text, face: 'sans' as const, size, x: indent, y: height - 3 }], rules: [] };
  const strip: Grid = { ...page, height: rows };
  lay(picture, await drawText(line, { width, height }, strip), 0, 0);
};
