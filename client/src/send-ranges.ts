import { inParallel } from './parallel.js';
import type { Lane } from './progress.js';
import { contiguous, holds, include, type Range, total } from './ranges.js';
import type { Source } from './source.js';

/** How the ranges of a file of known size are sent. */
export interface RangesToSend {
  readonly source: Source;
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes of a range; the last one may be shorter. */
  readonly chunkSize: number;
  /** How many ranges are on their way at once. */
  readonly parallel: number;
  /** Where what is confirmed is told. */
  readonly lane: Lane;
  /** What the server holds already: it is not sent again. */
  readonly confirmed: readonly Range[];
  /** Sends one range; resolves when the server holds it. */
  send(range: Range, signal: AbortSignal): Promise<void>;
  /** Hears what is confirmed after each range. */
  confirm?(confirmed: readonly Range[]): void;
}

/** Sends every range that is not confirmed yet, some of them at once. Throws what `send` does, and where the source has changed. */
export const sendRanges = async (ranges: RangesToSend, run: AbortSignal): Promise<void> => {
  const { source, size, chunkSize, parallel, lane, send, confirm } = ranges;
  let { confirmed } = ranges;
  lane.begin(total(confirmed));
  let next = 0;
  await inParallel(parallel, run, async (_, signal) => {
    for (;;) {
      const from = next;
      next += chunkSize;
      if (from >= size) return;
      const range: Range = [from, Math.min(size, from + chunkSize)];
      if (holds(confirmed, range)) continue;
      await source.unchanged();
      await send(range, signal);
      confirmed = include(confirmed, range);
      confirm?.(confirmed);
      lane.confirm(total(confirmed));
      source.release(contiguous(confirmed));
    }
  });
};
