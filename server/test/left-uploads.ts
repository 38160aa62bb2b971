import type { Finished, Upload, UploadOptions, UploadState } from '@longshore/client';
import { expect } from 'vitest';

/**
 * Leaves an upload when more than 500,000 bytes are confirmed, and goes on with another one from what the first
 * remembered: it must not begin before that. Gives what the second one tells.
 */
export const leaveAndGoOn = async (
  begin: (more: Pick<UploadOptions, 'signal' | 'state' | 'onState' | 'onProgress'>) => Upload,
): Promise<Finished> => {
  const stop = new AbortController();
  let state: UploadState | undefined;
  const first = begin({
    signal: stop.signal,
    onState: (now) => {
      state = now;
    },
    onProgress: ({ confirmed }) => {
      if (confirmed > 500_000) stop.abort();
    },
  });
  await expect(first.done).rejects.toMatchObject({ kind: 'aborted' });
  const confirmed: number[] = [];
  const second = begin({ state, onProgress: (progress) => void confirmed.push(progress.confirmed) });
  const finished = await second.done;
  expect(confirmed.find((each) => each > 0)).toBeGreaterThan(500_000);
  return finished;
};

/** Cancels an upload as soon as any byte of it is confirmed. */
export const cancelBegun = async (up: Upload): Promise<void> => {
  up.done.catch(() => undefined);
  while (up.progress.confirmed === 0) await new Promise((resolve) => setImmediate(resolve));
  await up.cancel();
};
