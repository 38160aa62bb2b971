import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64 } from './base64.js';
import { UploadError } from './errors.js';
import { inParallel } from './parallel.js';
import { openMeter, type Progress } from './progress.js';
import { contiguous, holds, include, type Range, total } from './ranges.js';
import { defaultPolicy, retryAfter, retrying } from './retry.js';

const signal = new AbortController().signal;

test('base64 is what everybody else writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    }),
  );
});

test('ranges hold exactly the bytes that were put in', () => {
  const range = fc
    .tuple(fc.nat(50), fc.integer({ min: 1, max: 20 }))
    .map(([start, length]): Range => [start, start + length]);
  fc.assert(
    fc.property(fc.array(range, { maxLength: 20 }), (all) => {
      const ranges = all.reduce<readonly Range[]>(include, []);
      const bytes = new Set(all.flatMap(([start, end]) => Array.from({ length: end - start }, (_, at) => start + at)));
      expect(total(ranges)).toBe(bytes.size);
      for (let at = 0; at < 80; at += 1) expect(holds(ranges, [at, at + 1])).toBe(bytes.has(at));
      let front = 0;
      while (bytes.has(front)) front += 1;
      expect(contiguous(ranges)).toBe(front);
    }),
  );
});

const failing = (times: number, error: UploadError) => {
  let left = times;
  return async (): Promise<string> => {
    left -= 1;
    if (left >= 0) throw error;
    return 'done';
  };
};

test('waits double up to their cap and are drawn from their full length', async () => {
  const waits: number[] = [];
  const policy = {
    ...defaultPolicy,
    base: 1000,
    cap: 5000,
    random: () => 0.5,
    sleep: async (ms: number) => void waits.push(ms),
  };
  expect(await retrying(policy, signal, failing(5, new UploadError('network', 'x')))).toBe('done');
  expect(waits).toEqual([500, 1000, 2000, 2500, 2500]);
});

test('progress renews the retries', async () => {
  let attempts = 0;
  const policy = { ...defaultPolicy, retries: 1, sleep: async () => undefined };
  const attempt = async (progressed: () => void): Promise<void> => {
    attempts += 1;
    if (attempts < 6) progressed();
    throw new UploadError('network', 'x');
  };
  await expect(retrying(policy, signal, attempt)).rejects.toThrow('x');
  expect(attempts).toBe(6);
});

test('a server that wants to be left alone for longer than anybody waits has refused', async () => {
  const error = new UploadError('refused', 'later', { status: 503, retryAfter: 1e12 });
  await expect(retrying(defaultPolicy, signal, failing(1, error))).rejects.toBe(error);
});

test('a wait ends with its signal', async () => {
  const stop = new AbortController();
  const policy = { ...defaultPolicy, base: 1e6, random: () => 0.99, onRetry: () => stop.abort() };
  const waiting = retrying(policy, stop.signal, failing(1, new UploadError('network', 'x')));
  await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
});

test('Retry-After is seconds or a date', () => {
  const now = Date.UTC(2026, 0, 1);
  expect(retryAfter('120', now)).toBe(120_000);
  expect(retryAfter('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000);
  expect(retryAfter('Thu, 01 Jan 2015 00:00:30 GMT', now)).toBe(0);
  expect(retryAfter('soon', now)).toBeUndefined();
  expect(retryAfter(null, now)).toBeUndefined();
});

test('speed is measured over the last ten seconds, and not by what was there before', () => {
  let at = 0;
  const told: Progress[] = [];
  const meter = openMeter(
    () => 10_000,
    (progress) => told.push(progress),
    () => at,
  );
  const lane = meter.lane();
  lane.begin(4000);
  expect(told.at(-1)).toEqual({ confirmed: 4000, sent: 4000, total: 10_000, speed: 0, eta: null });
  at = 2000;
  lane.confirm(5000);
  expect(told.at(-1)).toMatchObject({ confirmed: 5000, speed: 500, eta: 10 });
  at = 30_000;
  expect(meter.now().speed).toBe(0);
});

test('bytes on their way are not confirmed ones, and a failure takes them back', () => {
  const meter = openMeter(
    () => 100,
    () => undefined,
    () => 0,
  );
  const lane = meter.lane();
  lane.begin(0);
  lane.send(60);
  expect(meter.now()).toMatchObject({ confirmed: 0, sent: 60 });
  lane.begin(20);
  expect(meter.now()).toMatchObject({ confirmed: 20, sent: 20 });
});

test('the first failure stops the others and is the one thrown', async () => {
  const ended: number[] = [];
  const all = inParallel(3, signal, async (index, stop) => {
    if (index === 1) throw new Error('first');
    await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve()));
    ended.push(index);
    throw new Error('later');
  });
  await expect(all).rejects.toThrow('first');
  expect(ended).toEqual([0, 2]);
});
