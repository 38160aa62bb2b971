import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The faces that text is set in. */
export type Face = 'sans' | 'sansBold' | 'mono' | 'monoBold';

/** How a face is asked for in SVG, and the file that its widths are read from. */
export const faces = {
  sans: { family: 'DejaVu Sans', weight: 'normal', file: 'DejaVuSans.ttf' },
  sansBold: { family: 'DejaVu Sans', weight: 'bold', file: 'DejaVuSans-Bold.ttf' },
  mono: { family: 'DejaVu Sans Mono', weight: 'normal', file: 'DejaVuSansMono.ttf' },
  monoBold: { family: 'DejaVu Sans Mono', weight: 'bold', file: 'DejaVuSansMono-Bold.ttf' },
} as const satisfies Record<Face, { family: string; weight: string; file: string }>;

/** The folder with the font files. */
export const fontFolder = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');

/** Width of a character, in parts of the font's size. */
type Widths = (codePoint: number) => number;

/** Where the tables of a TrueType font lie. */
const tablesOf = (font: DataView): ReadonlyMap<string, number> =>
  new Map(
    Array.from({ length: font.getUint16(4) }, (_, i) => {
      const at = 12 + i * 16;
      const name = String.fromCharCode(...[0, 1, 2, 3].map((j) => font.getUint8(at + j)));
      return [name, font.getUint32(at + 8)];
    }),
  );

/** Which glyph a character has, by a table of format 12: groups of consecutive characters. */
const glyphs = (font: DataView, cmap: number): ((codePoint: number) => number | undefined) => {
  const count = font.getUint16(cmap + 2);
  const formats = Array.from({ length: count }, (_, i) => cmap + font.getUint32(cmap + 4 + i * 8 + 4));
  const table = formats.find((at) => font.getUint16(at) === 12);
  if (table === undefined) throw new Error('the font has no table of all characters');
  const groups = Array.from({ length: font.getUint32(table + 12) }, (_, i) => {
    const at = table + 16 + i * 12;
    return { first: font.getUint32(at), last: font.getUint32(at + 4), glyph: font.getUint32(at + 8) };
  });
  return (codePoint) => {
    const group = groups.find(({ first, last }) => first <= codePoint && codePoint <= last);
    return group && group.glyph + codePoint - group.first;
  };
};

const readWidths = (face: Face): Widths => {
  const bytes = readFileSync(join(fontFolder, faces[face].file));
  const font = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const tables = tablesOf(font);
  const table = (name: string): number => {
    const at = tables.get(name);
    if (at === undefined) throw new Error(`the font ${face} has no table ${name}`);
    return at;
  };
  const [hmtx, unitsPerEm, measured] = [
    table('hmtx'),
    font.getUint16(table('head') + 18),
    font.getUint16(table('hhea') + 34),
  ];
  const glyphOf = glyphs(font, table('cmap'));
  const known = new Map<number, number>();
  return (codePoint) => {
    const before = known.get(codePoint);
    if (before !== undefined) return before;
    const glyph = glyphOf(codePoint);
    // What the font lacks is drawn by another, mostly with a character that is as wide as it is high.
    const width = glyph === undefined ? 1 : font.getUint16(hmtx + Math.min(glyph, measured - 1) * 4) / unitsPerEm;
    known.set(codePoint, width);
    return width;
  };
};

const read = new Map<Face, Widths>();

/** Width of a text in points, set in a face of `size` points. */
export const widthOf = (text: string, face: Face, size: number): number => {
  const widths = read.get(face) ?? readWidths(face);
  read.set(face, widths);
  let sum = 0;
  for (const character of text) sum += widths(character.codePointAt(0) ?? 0);
  return sum * size;
};
