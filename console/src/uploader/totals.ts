import { type Item, isMoving, isOver, type Phase } from './item.js';

/** Where a number of uploads stand together. */
export interface Totals {
  readonly files: number;
  /** How many are in each phase. */
  readonly phases: Readonly<Partial<Record<Phase, number>>>;
  /** Bytes of all that are done or still to come. */
  readonly bytes: number;
  /** Bytes of those that the server has confirmed. */
  readonly confirmed: number;
  /** How many are neither over nor stand still. */
  readonly moving: number;
  /** How many are not over. */
  readonly left: number;
}

const apart: ReadonlySet<Phase> = new Set(['refused', 'failed', 'cancelled', 'cancelling']);

/** Adds uploads up. What was refused, failed or cancelled is counted and its bytes are not. */
export const totalsOf = (items: Iterable<Item>): Totals => {
  const phases: Partial<Record<Phase, number>> = {};
  const sums = { files: 0, bytes: 0, confirmed: 0, moving: 0, left: 0 };
  for (const item of items) {
    phases[item.phase] = (phases[item.phase] ?? 0) + 1;
    sums.files += 1;
    if (isMoving(item)) sums.moving += 1;
    if (!isOver(item)) sums.left += 1;
    if (apart.has(item.phase)) continue;
    sums.bytes += item.size;
    sums.confirmed += item.confirmed;
  }
  return { ...sums, phases };
};

/** 0 to 1. Nothing at all is done when it is over. */
export const shareOf = ({ bytes, confirmed, left }: Totals): number =>
  bytes === 0 ? (left === 0 ? 1 : 0) : confirmed / bytes;

/** How fast bytes are confirmed, over the last seconds. */
export interface Speedometer {
  /** `bytes` more were confirmed at `at` (ms). */
  add(bytes: number, at: number): void;
  /** Bytes per second at `at` (ms). */
  at(at: number): number;
}

/** Measures over the last `span` ms. */
export const speedometer = (span = 8000): Speedometer => {
  let samples: { at: number; bytes: number }[] = [];
  let since: number | undefined;
  return {
    add: (bytes, at) => {
      since ??= at;
      samples.push({ at, bytes });
    },
    at: (at) => {
      samples = samples.filter((sample) => at - sample.at <= span);
      if (samples.length === 0) {
        since = undefined;
        return 0;
      }
      // Within the first second there is too little to divide by.
      const time = Math.max(1000, Math.min(span, at - (since ?? at)));
      return (samples.reduce((sum, { bytes }) => sum + bytes, 0) * 1000) / time;
    },
  };
};
