import type { UploadEvent } from '../../engine/events.js';
import type { StreamEvents, Throughput } from '../shapes/index.js';
import { Steps } from './steps.js';

/** In ms. */
const step = 5_000;
const hour = 3_600_000;

type Running = StreamEvents['throughput'];

/** How many bytes became durable through this process in the past hour, by dialect. */
export interface Flow {
  hear(event: UploadEvent): void;
  /** All steps. `now`: ms since 1970. */
  all(now: number): Throughput;
  /** The step that is running; before it, once, the end of the one that was running at `before`, if that is over. */
  since(before: number, now: number): Running[];
}

/** Begins to count. */
export const openFlow = (): Flow => {
  const dialects = new Map<string, Steps>();

  const stepsOf = (dialect: string): Steps => {
    const known = dialects.get(dialect) ?? new Steps(step, hour / step);
    dialects.set(dialect, known);
    return known;
  };
  const beginOf = (at: number): number => Math.floor(at / step) * step;
  const each = <T>(read: (steps: Steps) => T): Record<string, T> =>
    Object.fromEntries([...dialects].map(([dialect, steps]) => [dialect, read(steps)]));

  return {
    hear: ({ upload, bytes, at }) => {
      if (bytes > 0) stepsOf(upload.dialect).add(at, bytes);
    },
    all: (now) => ({ stepMs: step, at: beginOf(now), bytes: each((steps) => steps.sums(now)) }),
    since: (before, now) => {
      const running = (back: number): Running => ({
        at: beginOf(now) - back * step,
        stepMs: step,
        bytes: each((steps) => steps.sums(now).at(-1 - back) ?? 0),
      });
      return beginOf(before) < beginOf(now) ? [running(1), running(0)] : [running(0)];
    },
  };
};
