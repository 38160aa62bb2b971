import { RenderFailure } from '../failure.js';
import { type Face, widthOf } from './font.js';

/** A piece of text in one face. */
export interface Run {
  readonly text: string;
  readonly face: Face;
  /** In points. */
  readonly size: number;
}

/** A part of a text, one below the other. Lengths are in points. */
export type Block =
  | {
      readonly kind: 'lines';
      readonly runs: readonly Run[];
      readonly indent?: number;
      /** Stands before the first line, left of the indent: `•`, `3.`. */
      readonly mark?: Run;
      /** Room above. */
      readonly above?: number;
      /** Are blanks kept as they are? */
      readonly verbatim?: boolean;
    }
  /** Cells beside each other, all columns of one width. */
  | { readonly kind: 'row'; readonly cells: readonly (readonly Run[])[] }
  | { readonly kind: 'rule' }
  | { readonly kind: 'page-break' };

/** A text on a page; `x` is its left end, `y` its base line, both in points from the upper left corner. */
export interface Placed extends Run {
  readonly x: number;
  readonly y: number;
}

/** A horizontal line. */
export interface Rule {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface TextPage {
  readonly texts: readonly Placed[];
  readonly rules: readonly Rule[];
}

/** Room that text has, in points. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
}

/** From one base line to the next, in sizes of the font. */
const leading = 1.2;

interface Word extends Run {
  readonly width: number;
  readonly isBlank: boolean;
}

/** Words and blanks; a word too long for any line comes in parts, so that cutting it costs little. */
const wordPattern = /\s{1,500}|\S{1,500}/gu;

function* wordsOf(runs: readonly Run[]): Generator<Word> {
  for (const { text, face, size } of runs) {
    for (const [part] of text.matchAll(wordPattern))
      yield { text: part, face, size, width: widthOf(part, face, size), isBlank: /^\s/.test(part) };
  }
}

/** Cuts off as much of a word as fits into `room`; at least one character. */
const cut = (word: Word, room: number): [Word, Word] => {
  const characters = [...word.text];
  let taken = 0;
  let width = 0;
  for (const character of characters) {
    const more = widthOf(character, word.face, word.size);
    if (taken > 0 && width + more > room) break;
    taken += 1;
    width += more;
  }
  const part = (text: string): Word => ({ ...word, text, width: widthOf(text, word.face, word.size) });
  return [part(characters.slice(0, taken).join('')), part(characters.slice(taken).join(''))];
};

const sum = (words: readonly Word[]): number => words.reduce((width, word) => width + word.width, 0);

/**
 * Breaks text into lines no wider than `room`, at blanks; where there is none, wherever a line ends. What stands beside each other without a
 * blank, such as a bold part of a word, stays together.
 */
function* linesOf(runs: readonly Run[], room: number, verbatim: boolean): Generator<Word[]> {
  let line: Word[] = [];
  let width = 0;
  const begin = (words: Word[]) => {
    [line, width] = [words, sum(words)];
  };
  for (const next of wordsOf(runs)) {
    let word: Word | undefined = next;
    while (word) {
      if (width + word.width <= room) {
        if (!word.isBlank || line.length > 0 || verbatim) {
          line.push(word);
          width += word.width;
        }
        break;
      }
      // Blanks at which a line is broken go.
      const blank: number = word.isBlank ? line.length : line.findLastIndex(({ isBlank }) => isBlank);
      if (line.slice(0, Math.max(0, blank)).some(({ isBlank }) => !isBlank)) {
        yield line.slice(0, blank);
        begin(line.slice(blank + 1));
        if (word.isBlank) break;
        continue;
      }
      if (word.isBlank && !verbatim) break;
      const [head, tail]: readonly [Word, Word] = cut(word, room - width);
      const isTooWide = line.length > 0 && width + head.width > room;
      yield isTooWide ? line : [...line, head];
      begin([]);
      if (!isTooWide) word = tail.text === '' ? undefined : tail;
    }
  }
  yield line;
}

/** The largest of these runs' sizes; that of plain text where there is none. */
const sizeOf = (runs: readonly Run[]): number =>
  runs.length === 0 ? 10 : runs.reduce((largest, { size }) => Math.max(largest, size), 0);

/** Sets text on pages, from above to below; refuses more than `limit` pages. */
export const flow = (blocks: Iterable<Block>, { width, height, margin }: Frame, limit: number): TextPage[] => {
  const pages: { texts: Placed[]; rules: Rule[] }[] = [{ texts: [], rules: [] }];
  let page = pages[0] ?? { texts: [], rules: [] };
  let y = margin;

  const turn = () => {
    if (pages.length >= limit) throw new RenderFailure('too-many-pages', `a text of more than ${limit} pages`);
    page = { texts: [], rules: [] };
    pages.push(page);
    y = margin;
  };
  const advance = (by: number) => {
    if (y + by > height - margin && y > margin) turn();
    y += by;
  };
  const set = (words: readonly Word[], left: number, line: number) => {
    let x = left;
    // Words of one face are one text: so letters are joined as the font wants them.
    let last: Placed | undefined;
    for (const { text, face, size, width: wide } of words) {
      if (last && last.face === face && last.size === size) {
        last = { ...last, text: last.text + text };
        page.texts[page.texts.length - 1] = last;
      } else {
        last = { text, face, size, x, y: line };
        page.texts.push(last);
      }
      x += wide;
    }
  };
  const row = (cells: readonly (readonly Run[])[]) => {
    const column = (width - 2 * margin) / Math.max(1, cells.length);
    const columns = cells.map((cell) => [...linesOf(cell, Math.max(1, column - 6), false)]);
    const step = sizeOf(cells.flat()) * leading;
    const rows = columns.reduce((most, lines) => Math.max(most, lines.length), 1);
    for (let line = 0; line < rows; line += 1) {
      advance(step);
      columns.forEach((lines, i) => set(lines[line] ?? [], margin + i * column, y - step + step / leading));
    }
  };

  for (const block of blocks) {
    switch (block.kind) {
      case 'page-break':
        turn();
        break;
      case 'rule':
        advance(8);
        page.rules.push({ x: margin, y: y - 4, width: width - 2 * margin });
        break;
      case 'row':
        row(block.cells);
        break;
      case 'lines': {
        const { runs, indent = 0, mark, above = 0, verbatim = false } = block;
        if (y > margin) y += above;
        const left = margin + indent;
        const step = sizeOf(runs) * leading;
        let isFirst = true;
        for (const line of linesOf(runs, Math.max(20, width - margin - left), verbatim)) {
          advance(step);
          const base = y - step + step / leading;
          if (mark && isFirst)
            page.texts.push({ ...mark, x: left - widthOf(mark.text, mark.face, mark.size) - 4, y: base });
          isFirst = false;
          set(line, left, base);
        }
      }
    }
  }
  return pages;
};
