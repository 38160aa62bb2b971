import type { Upload } from '../api/shapes/index.js';
import { bytes } from './table.js';
import { duration } from './upload-display.js';

/** What `longshore top` shows at one moment. */
export interface Picture {
  /** ms since 1970, by the clock of who knows the uploads. */
  readonly at: number;
  readonly uploads: readonly Upload[];
  /** Something that is to be known beside them. */
  readonly note?: string;
}

/** How much fits on the terminal; left out where it does not matter. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** An open upload that got nothing for so many ms is stuck. */
const stuckAfter = 60_000;

const isStuck = ({ state, touchedAt }: Upload, at: number): boolean => state === 'open' && at - touchedAt >= stuckAfter;

const received = ({ received, size }: Upload): string => {
  if (size === null) return `${bytes(received)} of ?`;
  return `${bytes(received)} of ${bytes(size)} (${size === 0 ? 100 : Math.floor((received / size) * 100)}%)`;
};

const left = ({ received, size, bytesPerSecond }: Upload): string =>
  size === null || bytesPerSecond === 0 ? '' : duration((size - received) / bytesPerSecond);

const stateOf = (upload: Upload, at: number): string =>
  isStuck(upload, at) ? `stuck ${duration((at - upload.touchedAt) / 1000)}` : upload.state;

// A name may hold anything, and a terminal obeys control characters.
const shown = (text: string): string => text.replace(/\p{C}/gu, '?');

/** The fastest first, then those that moved last. */
const inOrder = (uploads: readonly Upload[]): Upload[] =>
  [...uploads].sort(
    (one, other) =>
      other.bytesPerSecond - one.bytesPerSecond || other.touchedAt - one.touchedAt || (one.id < other.id ? -1 : 1),
  );

/** Bytes per second of all uploads together. */
export const totalRate = ({ uploads }: Picture): number => uploads.reduce((sum, each) => sum + each.bytesPerSecond, 0);

const summary = (picture: Picture): string => {
  const { at, uploads, note } = picture;
  const stuck = uploads.filter((each) => isStuck(each, at)).length;
  const parts = [
    `${uploads.length} ${uploads.length === 1 ? 'upload' : 'uploads'}`,
    ...(stuck > 0 ? [`${stuck} stuck`] : []),
    `${bytes(totalRate(picture))}/s`,
    ...(note === undefined ? [] : [note]),
  ];
  return parts.join(', ');
};

const rowOf = (upload: Upload, { at, withFrom }: { at: number; withFrom: boolean }): string[] => [
  shown(upload.name ?? upload.id),
  upload.dialect,
  shown(upload.owner),
  ...(withFrom ? [upload.from ?? ''] : []),
  received(upload),
  upload.bytesPerSecond > 0 ? `${bytes(upload.bytesPerSecond)}/s` : '',
  left(upload),
  stateOf(upload, at),
];

const gap = 2;
const narrowest = 8;

const cut = (text: string, width: number): string => {
  const letters = [...text];
  return letters.length <= width ? text.padEnd(width) : `${letters.slice(0, Math.max(0, width - 1)).join('')}~`;
};

/** Rows as columns; the first column gives way where the terminal is narrow, then lines are cut. */
const columnsOf = (rows: readonly (readonly string[])[], columns: number): string[] => {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => [...(row[index] ?? '')].length)));
  const rest = widths.slice(1).reduce((sum, width) => sum + width + gap, 0);
  const widest = widths[0] ?? 0;
  const first = Math.min(widest, Math.max(narrowest, columns - rest));
  return rows.map((row) => {
    const line = row.map((cell, index) => cut(cell, index === 0 ? first : (widths[index] ?? 0))).join(' '.repeat(gap));
    return [...line].slice(0, columns).join('').trimEnd();
  });
};

/** The lines of a picture: what goes on in all, then a table of the uploads, as much of it as there is room for. */
export const linesOf = (picture: Picture, { withFrom, room }: { withFrom: boolean; room?: Room }): string[] => {
  const { at, uploads } = picture;
  const { columns, rows } = room ?? { columns: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY };
  const head = [summary(picture), ''].map((line) => [...line].slice(0, columns).join(''));
  if (uploads.length === 0) return [...head, 'Nothing is being uploaded.'].slice(0, rows);
  const titles = ['FILE', 'PROTOCOL', 'OWNER', ...(withFrom ? ['FROM'] : []), 'RECEIVED', 'SPEED', 'LEFT', 'STATE'];
  const fit = Math.max(0, rows - head.length - 1);
  const fits = uploads.length <= fit ? uploads.length : Math.max(0, fit - 1);
  const body = inOrder(uploads)
    .slice(0, fits)
    .map((each) => rowOf(each, { at, withFrom }));
  const more = uploads.length > fits ? [`and ${uploads.length - fits} more`] : [];
  return [...head, ...columnsOf([titles, ...body], columns), ...more].slice(0, rows);
};
