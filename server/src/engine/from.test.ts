import { beforeEach, expect, test } from 'vitest';
import { manualClock } from '../kit/clock.js';
import { countingIds } from '../kit/ids.js';
import { openMemoryLedger } from '../ledgers/memory/ledger.js';
import { openMemoryStore } from '../stores/memory/store.js';
import { createEngine } from './engine.js';
import type { StageSpec } from './verbs.js';

const from = '192.0.2.7';

/** What listeners heard, in short. */
let heard: [kind: string, bytes: number, from: string | null][];
let engine: ReturnType<typeof createEngine>;

beforeEach(async () => {
  heard = [];
  engine = createEngine({
    store: await openMemoryStore(),
    ledger: await openMemoryLedger(),
    clock: manualClock(),
    ids: countingIds(),
    presence: { self: 1, isGone: () => false },
    limits: { heldChunkBytes: 4, checkpointBytes: 4 },
  });
  engine.listen(({ kind, bytes, from }) => heard.push([kind, bytes, from]));
  return () => engine.close();
});

async function* pieces(text: string) {
  for (let at = 0; at < text.length; at += 2) yield Buffer.from(text.slice(at, at + 2));
}

const stage = (text: string, how: Partial<StageSpec>) => engine.stage(pieces(text), { keep: 'whole', from, ...how });

test('who opened an upload is told, and not kept', async () => {
  const upload = await engine.open({ dialect: 'test', owner: 'ann', from });
  const group = await engine.openGroup({ dialect: 'test', owner: 'ann', uploads: [{ from }, {}] });
  await engine.concat([upload.id], { dialect: 'test', owner: 'ann', from });
  expect(heard).toEqual([
    ['opened', 0, from],
    ['opened', 0, from],
    ['opened', 0, null],
    ['opened', 0, from],
  ]);
  expect(JSON.stringify([await engine.list(), group])).not.toContain(from);
});

test('who brought bytes is told wherever they waited for their place', async () => {
  const { id } = await engine.open({ dialect: 'test', owner: 'ann', size: 20 });
  await engine.accept(await stage('0123', { upload: id, offset: 0 }));
  await engine.accept(await stage('45', {}), { upload: id });
  await engine.accept(await stage('67890123', {}), { upload: id });
  await engine.accept(await stage('45', { upload: id, offset: 14 }), { finish: {} });
  await engine.accept(await stage('67', { upload: id, from: '192.0.2.8' }), { offset: 16, overlap: 'replace' });
  await engine.accept(await engine.stage(pieces('89'), { upload: id, offset: 18, keep: 'whole' }), { finish: {} });
  expect(heard).toEqual([
    ['opened', 0, null],
    ['progressed', 4, from],
    ['progressed', 2, from],
    ['progressed', 8, from],
    ['progressed', 2, from],
    ['progressed', 2, '192.0.2.8'],
    ['finished', 2, null],
  ]);
});

test('who brings a long chunk is told on the way', async () => {
  const { id } = await engine.open({ dialect: 'test', owner: 'ann', size: 12 });
  await engine.accept(await stage('012345678901', { upload: id, offset: 0, keep: 'arrived', length: 12 }));
  const bytes = heard.slice(1).map(([, bytes]) => bytes);
  expect(bytes.length).toBeGreaterThan(1);
  expect(bytes.reduce((sum, each) => sum + each)).toBe(12);
  expect(heard.slice(1).every(([kind, , by]) => kind === 'progressed' && by === from)).toBe(true);
});
