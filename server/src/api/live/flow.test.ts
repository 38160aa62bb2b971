import { expect, test } from 'vitest';
import type { UploadEvent } from '../../engine/events.js';
import { openFlow } from './flow.js';

const t0 = Date.UTC(2026, 0, 1);

const brought = (dialect: string, at: number, bytes: number): UploadEvent => ({
  kind: 'progressed',
  at,
  bytes,
  from: null,
  upload: { dialect } as UploadEvent['upload'],
});

test('an hour in steps of five seconds, by dialect; a step that is over is told once more', () => {
  const flow = openFlow();
  expect(flow.all(t0)).toEqual({ stepMs: 5_000, at: t0, bytes: {} });
  flow.hear(brought('tus', t0 + 1_000, 10));
  expect(flow.since(t0, t0 + 1_500)).toEqual([{ at: t0, stepMs: 5_000, bytes: { tus: 10 } }]);
  flow.hear(brought('tus', t0 + 4_900, 5));
  flow.hear(brought('interfax', t0 + 5_100, 7));
  expect(flow.since(t0 + 4_500, t0 + 5_500)).toEqual([
    { at: t0, stepMs: 5_000, bytes: { tus: 15, interfax: 0 } },
    { at: t0 + 5_000, stepMs: 5_000, bytes: { tus: 0, interfax: 7 } },
  ]);
  const { bytes, at } = flow.all(t0 + 3_599_999);
  expect(at).toBe(t0 + 3_595_000);
  expect([bytes.tus?.[0], bytes.interfax?.[1]]).toEqual([15, 7]);
  expect(flow.all(t0 + 3_600_000).bytes.tus).toEqual(Array.from({ length: 720 }, () => 0));
});
