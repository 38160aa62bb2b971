import { readFile } from 'node:fs/promises';
import type { Pages } from '../pages.js';
import type { Grid } from '../sheet.js';
import { decodeText } from '../text/decode.js';
import { drawText, frameOf } from '../text/draw.js';
import { type Block, flow, type TextPage } from '../text/flow.js';

/** In points: some 84 columns on a sheet of A4, so that text for 80 columns keeps its lines. */
const size = 10;
const tabStop = 8;

/** With blanks up to the next tab stop instead of tabs. */
const expanded = (line: string): string => {
  if (!line.includes('\t')) return line;
  let result = '';
  for (const part of line.split(/(\t)/)) {
    result += part === '\t' ? ' '.repeat(tabStop - ([...result].length % tabStop)) : part;
  }
  return result;
};

function* blocksOf(text: string): Generator<Block> {
  const pages = text.split('\f');
  // A form feed at the very end is the end of the last page, and not an empty one more.
  if (pages.length > 1 && pages.at(-1)?.trim() === '') pages.pop();
  for (const [i, page] of pages.entries()) {
    if (i > 0) yield { kind: 'page-break' };
    for (const line of page.replace(/\r?\n$/, '').split(/\r\n|\n|\r/))
      yield { kind: 'lines', runs: [{ text: expanded(line), face: 'mono', size }], verbatim: true };
  }
}

/** The pages of a text that was set already. */
export const textPages = (pages: readonly TextPage[], set: Grid): Pages => ({
  count: pages.length,
  draw: (index, canvas) => {
    const page = pages[index];
    if (!page) throw new Error(`no page ${index + 1}`);
    return drawText(page, frameOf(set), canvas);
  },
});

/** Opens a plain text: in a face of fixed width, a new page at each form feed, long lines broken. */
export const openText = async (path: string, canvas: Grid, limit: number): Promise<Pages> =>
  textPages(flow(blocksOf(decodeText(await readFile(path))), frameOf(canvas), limit), canvas);
