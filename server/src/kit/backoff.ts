/** Milliseconds to wait after the nth failure in a row, counted from 1. */
export type Backoff = (failures: number) => number;

/**
 * Waits `first` ms, then twice as long each time, up to `longest`; each wait shortened by a random part of up to a half,
 * so that those who failed together do not come back together.
 */
export const backoff =
  ({ first, longest, random = Math.random }: { first: number; longest: number; random?: () => number }): Backoff =>
  (failures) =>
    Math.round(Math.min(longest, first * 2 ** (failures - 1)) * (1 - random() / 2));
