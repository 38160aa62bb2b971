import type { Upload } from 'longshore/api';

/** An upload that sends nothing for so many ms is stuck. */
export const stuckAfter = 60_000;

/** How an upload goes, as people see it. */
export type Standing = 'moving' | 'waiting' | 'stuck' | 'finishing' | 'finished' | 'cancelled' | 'expired' | 'corrupt';

/** How an upload goes at `now` (ms since 1970). `waiting`: nothing came for a moment, which is nothing to worry about. */
export const standingOf = ({ state, touchedAt, bytesPerSecond }: Upload, now: number): Standing => {
  if (state === 'sealed') return 'finishing';
  if (state !== 'open') return state;
  if (now - touchedAt >= stuckAfter) return 'stuck';
  return bytesPerSecond > 0 ? 'moving' : 'waiting';
};

/** The part that is there, 0 to 1; null: nobody knows how big the file is. */
export const shareOf = ({ size, received }: Upload): number | null => {
  if (size === null) return null;
  return size === 0 ? 1 : Math.min(1, received / size);
};

/** Seconds until the rest is there at this speed; null: not to be told. */
export const secondsLeft = ({ state, size, received, bytesPerSecond }: Upload): number | null =>
  state !== 'open' || size === null || bytesPerSecond <= 0 ? null : (size - received) / bytesPerSecond;

/** Sums over uploads. */
export interface Figures {
  readonly live: number;
  readonly stuck: number;
  readonly bytesPerSecond: number;
}

/** How many uploads live and are stuck at `now`, and what they send together. */
export const figuresOf = (uploads: Iterable<Upload>, now: number): Figures => {
  let live = 0;
  let stuck = 0;
  let bytesPerSecond = 0;
  for (const upload of uploads) {
    if (upload.state !== 'open' && upload.state !== 'sealed') continue;
    live += 1;
    bytesPerSecond += upload.bytesPerSecond;
    if (standingOf(upload, now) === 'stuck') stuck += 1;
  }
  return { live, stuck, bytesPerSecond };
};
