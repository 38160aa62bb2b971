import { readFile } from 'node:fs/promises';
import type { Pages } from '../pages.js';
import type { Grid } from '../sheet.js';
import { decodeText } from '../text/decode.js';
import { frameOf } from '../text/draw.js';
import { type Block, flow, type Run } from '../text/flow.js';
import { type Tag, type Token, tokensOf } from './html-tokens.js';
import { textPages } from './text.js';

/** In points. */
const size = 11;
const indentOf = { list: 20, quote: 24 } as const;
const headings: Readonly<Record<string, number>> = { h1: 20, h2: 17, h3: 14, h4: 12, h5: 11, h6: 10 };

const blockElements = new Set(
  (
    'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 ' +
    'h5 h6 header hgroup html li main nav ol p pre section summary table tbody tfoot thead tr ul caption'
  ).split(' '),
);
/** Elements without content, and without an end. */
const voids = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
const bold = new Set(['b', 'strong', 'th', 'dt', ...Object.keys(headings)]);

/** Elements above which there is room, in points. */
const spaced: Readonly<Record<string, number>> = {
  ...{ p: 6, ul: 4, ol: 4, dl: 4, pre: 6, blockquote: 6, table: 6, figure: 6 },
  ...Object.fromEntries(Object.keys(headings).map((name) => [name, 10])),
};

interface Open {
  readonly name: string;
  /** Of an ordered list: the number of its next item. */
  next: number;
}

/** Turns tags and text into blocks, one after the other. */
class Reader {
  readonly #blocks: Block[] = [];
  #open: Open[] = [];
  #runs: Run[] = [];
  #above = 0;
  #mark: Run | undefined;
  /** The cells of the row that is being read. */
  #cells: Run[][] | undefined;
  #title = 0;

  #isIn(...names: readonly string[]): boolean {
    return this.#open.some(({ name }) => names.includes(name));
  }

  /** How text is set where we are. */
  #style(text: string): Run {
    const heading = this.#open.findLast(({ name }) => name in headings)?.name ?? '';
    const isBold = this.#open.some(({ name }) => bold.has(name));
    if (this.#isIn('pre', 'code', 'tt', 'kbd', 'samp')) return { text, face: isBold ? 'monoBold' : 'mono', size: 10 };
    return { text, face: isBold ? 'sansBold' : 'sans', size: headings[heading] ?? size };
  }

  #indent(): number {
    let sum = 0;
    for (const { name } of this.#open) {
      if (name === 'ul' || name === 'ol') sum += indentOf.list;
      if (name === 'blockquote' || name === 'dd') sum += indentOf.quote;
    }
    // Nesting without end would leave no room for the text.
    return Math.min(sum, 200);
  }

  /** Ends the lines that were begun. */
  #end(): void {
    const verbatim = this.#isIn('pre');
    const runs = verbatim ? this.#runs : trimmed(this.#runs);
    this.#runs = [];
    if (runs.length === 0 && !this.#mark) return;
    if (verbatim) {
      for (const line of linesOf(runs)) this.#push({ kind: 'lines', runs: line, verbatim: true });
    } else this.#push({ kind: 'lines', runs });
  }

  #push(block: Block & { kind: 'lines' }): void {
    const mark = this.#mark;
    this.#blocks.push({ ...block, indent: this.#indent(), above: this.#above, ...(mark && { mark }) });
    this.#above = 0;
    this.#mark = undefined;
  }

  /** Where text goes: into the cell, or into the lines. */
  #put(run: Run): void {
    const place = this.#cells?.at(-1) ?? this.#runs;
    const last = place.at(-1);
    if (last?.face === run.face && last.size === run.size)
      place[place.length - 1] = { ...last, text: last.text + run.text };
    else place.push(run);
  }

  #endRow(): void {
    const cells = this.#cells?.map(trimmed);
    this.#cells = undefined;
    if (cells?.some((cell) => cell.length > 0)) this.#blocks.push({ kind: 'row', cells });
  }

  #opened({ name, attributes }: Tag): void {
    if (name === 'title') this.#title += 1;
    if (name === 'br') this.#lineBreak();
    if (name === 'img' && attributes.get('alt')) this.#put(this.#style(`[${attributes.get('alt')}]`));
    if (name === 'hr') {
      this.#end();
      this.#blocks.push({ kind: 'rule' });
    }
    if (voids.has(name)) return;
    if (name === 'tr') {
      this.#end();
      this.#endRow();
      this.#cells = [];
    }
    if (name === 'td' || name === 'th') this.#cells?.push([]);
    if (blockElements.has(name) && !this.#cells) {
      this.#end();
      this.#above = Math.max(this.#above, spaced[name] ?? 0);
    }
    if (name === 'li') this.#mark = this.#style(this.#markOf());
    // Deeper nesting than any page has tells nothing more.
    if (this.#open.length < 200) this.#open.push({ name, next: Number(attributes.get('start') ?? 1) || 1 });
  }

  #markOf(): string {
    const list = this.#open.findLast(({ name }) => name === 'ol' || name === 'ul');
    if (list?.name !== 'ol') return '•';
    list.next += 1;
    return `${list.next - 1}.`;
  }

  #closed(name: string): void {
    if (name === 'title') this.#title = Math.max(0, this.#title - 1);
    if (name === 'tr' || name === 'table') this.#endRow();
    if (blockElements.has(name) && !this.#cells) {
      this.#end();
      this.#above = Math.max(this.#above, spaced[name] ?? 0);
    }
    const at = this.#open.findLastIndex((open) => open.name === name);
    if (at >= 0) this.#open = this.#open.slice(0, at);
  }

  #lineBreak(): void {
    if (this.#cells) this.#put(this.#style(' '));
    else if (this.#isIn('pre')) this.#runs.push(this.#style('\n'));
    else if (trimmed(this.#runs).length > 0) this.#end();
    else {
      this.#runs = [];
      this.#push({ kind: 'lines', runs: [this.#style(' ')], verbatim: true });
    }
  }

  take(token: Token): void {
    if (token.kind === 'open') this.#opened(token);
    else if (token.kind === 'close') this.#closed(token.name);
    else this.#said(token.text);
  }

  #said(text: string): void {
    if (this.#title > 0) return;
    const shown = this.#isIn('pre') ? text : text.replace(/[ \t\r\n\f]+/g, ' ');
    if (shown !== '') this.#put(this.#style(shown));
  }

  /** What there is by now. */
  drain(): Block[] {
    return this.#blocks.splice(0);
  }

  finish(): Block[] {
    this.#endRow();
    this.#end();
    return this.drain();
  }
}

/** Without blanks at either end; nothing where there are only blanks. */
const trimmed = (runs: readonly Run[]): Run[] => {
  const first = runs.findIndex(({ text }) => text.trim() !== '');
  const last = runs.findLastIndex(({ text }) => text.trim() !== '');
  return runs.slice(Math.max(0, first), last + 1).map((run, i, all) => {
    const start = i === 0 ? run.text.trimStart() : run.text;
    return { ...run, text: i === all.length - 1 ? start.trimEnd() : start };
  });
};

/** Runs parted at line feeds. */
const linesOf = (runs: readonly Run[]): Run[][] => {
  const lines: Run[][] = [[]];
  for (const run of runs) {
    run.text.split(/\r\n|\n|\r/).forEach((text, i) => {
      if (i > 0) lines.push([]);
      lines.at(-1)?.push({ ...run, text });
    });
  }
  return lines;
};

function* blocksOf(html: string): Generator<Block> {
  const reader = new Reader();
  for (const token of tokensOf(html)) {
    reader.take(token);
    yield* reader.drain();
  }
  yield* reader.finish();
}

/** The character set that a page declares for itself. */
const declaredSet = (bytes: Uint8Array): string | undefined =>
  /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,40})/i.exec(
    Buffer.from(bytes.subarray(0, 2048)).toString('latin1'),
  )?.[1];

/**
 * Opens a web page as text: headings, paragraphs, lists, rows of tables, bold. It has no style sheets and no pictures, and
 * nothing that it refers to is fetched.
 */
export const openHtml = async (path: string, canvas: Grid, limit: number): Promise<Pages> => {
  const bytes = await readFile(path);
  const html = decodeText(bytes, declaredSet(bytes));
  return textPages(flow(blocksOf(html), frameOf(canvas), limit), canvas);
};
