import { expect, test } from 'vitest';
import type { Upload } from '../api/shapes/index.js';
import { linesOf } from './top-table.js';

const at = Date.UTC(2026, 0, 1, 12);
const MiB = 2 ** 20;

const upload = (more: Partial<Upload>): Upload => ({
  id: 'u1',
  dialect: 'tus',
  owner: 'ann',
  state: 'open',
  name: 'film.mov',
  size: 100 * MiB,
  received: 25 * MiB,
  from: '192.0.2.7',
  bytesPerSecond: 0,
  createdAt: at - 100_000,
  touchedAt: at,
  endedAt: null,
  expiresAt: null,
  ...more,
});

test('each upload has a line, the fastest first; what got nothing for a minute is stuck', () => {
  const uploads = [
    upload({ id: 'u1', name: 'slow.mov', bytesPerSecond: MiB }),
    upload({ id: 'u2', name: 'stuck.mov', touchedAt: at - 130_000 }),
    upload({ id: 'u3', name: null, size: null, bytesPerSecond: 5 * MiB, dialect: 'inforouter' }),
    upload({ id: 'u4', name: 'whole.mov', state: 'sealed', received: 100 * MiB, touchedAt: at - 90_000 }),
  ];
  expect(linesOf({ at, uploads }, { withFrom: true })).toEqual([
    '4 uploads, 1 stuck, 6.0 MiB/s',
    '',
    'FILE       PROTOCOL    OWNER  FROM       RECEIVED                   SPEED      LEFT   STATE',
    'u3         inforouter  ann    192.0.2.7  25 MiB of ?                5.0 MiB/s         open',
    'slow.mov   tus         ann    192.0.2.7  25 MiB of 100 MiB (25%)    1.0 MiB/s  1 min  open',
    'whole.mov  tus         ann    192.0.2.7  100 MiB of 100 MiB (100%)                    sealed',
    'stuck.mov  tus         ann    192.0.2.7  25 MiB of 100 MiB (25%)                      stuck 2 min',
  ]);
});

test('a terminal gets as much as it has room for', () => {
  const uploads = Array.from({ length: 50 }, (_, index) =>
    upload({ id: `u${index}`, name: `a very long name of a file that nobody can read ${index}.mov` }),
  );
  for (const [columns, rows] of [
    [80, 24],
    [40, 10],
    [10, 3],
    [1, 1],
  ] as const) {
    const lines = linesOf({ at, uploads }, { withFrom: true, room: { columns, rows } });
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
  }
  const lines = linesOf({ at, uploads }, { withFrom: false, room: { columns: 80, rows: 24 } });
  expect(lines[3]).toMatch(/^a very long .*~ {2}tus {2}/);
  expect(lines.at(-1)).toBe('and 30 more');
});

test('what a terminal would obey is not shown, and neither is a table of nothing', () => {
  const uploads = [upload({ name: 'a\x1b[2J\u202eb', owner: 'x\ny' })];
  expect(linesOf({ at, uploads }, { withFrom: false })[3]).toMatch(/^a\?\[2J\?b {2}tus {7}x\?y /);
  expect(linesOf({ at, uploads: [], note: 'the server is not there' }, { withFrom: false })).toEqual([
    '0 uploads, 0 B/s, the server is not there',
    '',
    'Nothing is being uploaded.',
  ]);
});
