import { expect, test } from 'vitest';
import { RenderFailure } from '../failure.js';
import { type Block, flow, type Run } from './flow.js';
import { widthOf } from './font.js';

/** In a face of fixed width; a character is 0.602 of the size wide. */
const mono = (text: string): Run => ({ text, face: 'mono', size: 10 });
const bold = (text: string): Run => ({ text, face: 'monoBold', size: 10 });
const lines = (...runs: readonly Run[]): Block => ({ kind: 'lines', runs });

/** Room for 20 characters a line, and 5 lines of 12 points. */
const frame = { width: 2 * 10 + 20 * 6.03, height: 2 * 10 + 5 * 12 + 1, margin: 10 };

const set = (blocks: readonly Block[], limit = 100): string[][] =>
  flow(blocks, frame, limit).map(({ texts }) => {
    const rows = new Map<number, string>();
    for (const { text, y } of texts) rows.set(y, (rows.get(y) ?? '') + text);
    return [...rows.values()];
  });

test('widths are those of the font', () => {
  expect(widthOf('abc', 'mono', 10)).toBeCloseTo(18.06, 1);
  expect(widthOf('i', 'sans', 100)).toBeLessThan(widthOf('m', 'sans', 100) / 3);
  expect(widthOf('m', 'sansBold', 100)).toBeGreaterThan(widthOf('m', 'sans', 100));
  expect(widthOf('日', 'sans', 10)).toBe(10);
});

test('lines are broken at blanks, and the blanks go', () => {
  expect(set([lines(mono('The quick brown fox jumps over it'))])).toEqual([['The quick brown fox', 'jumps over it']]);
  expect(set([lines(mono(`${'x'.repeat(20)}   y`))])).toEqual([['x'.repeat(20), 'y']]);
  expect(set([{ kind: 'lines', runs: [mono('    indented')], verbatim: true }])).toEqual([['    indented']]);
  expect(set([lines(mono('    indented'))])).toEqual([['indented']]);
});

test('a word is broken only where it is wider than a line, and then fills it, however long', () => {
  expect(set([lines(mono(`a ${'x'.repeat(45)} b`))])).toEqual([['a', 'x'.repeat(20), 'x'.repeat(20), 'xxxxx b']]);
  const long = set([lines(mono('x'.repeat(1200)))]).flat();
  expect(long.map((line) => line.length)).toEqual(Array.from({ length: 60 }, () => 20));
});

test('what stands beside each other stays together, whatever its face', () => {
  expect(set([lines(mono('eighteen charactersX'), mono(' foo'), bold('bar'))])).toEqual([
    ['eighteen charactersX', 'foobar'],
  ]);
  expect(set([lines(mono('some words and foo'), bold('bars'))])).toEqual([['some words and', 'foobars']]);
});

test('a page that is full is turned, and so it is at a page break', () => {
  const five = Array.from({ length: 5 }, (_, i) => lines(mono(`line ${i}`)));
  expect(set(five)).toHaveLength(1);
  expect(set([...five, lines(mono('one more'))])[1]).toEqual(['one more']);
  expect(set([lines(mono('a')), { kind: 'page-break' }, lines(mono('b'))])).toEqual([['a'], ['b']]);
  expect(() => set([...five, ...five, ...five], 2)).toThrow(RenderFailure);
});

test('cells of a row stand side by side, and each is broken for itself', () => {
  const row: Block = { kind: 'row', cells: [[mono('left cell')], [mono('right')]] };
  const [page] = flow([row], frame, 1);
  expect(page?.texts.map(({ text, x, y }) => [text, Math.round(x), Math.round(y)])).toEqual([
    ['left cell', 10, 20],
    ['right', 70, 20],
  ]);
});
