import type { Throughput } from 'longshore/api';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** A line of the plot: a dialect, and its bytes per second in each step. */
export interface Line {
  readonly dialect: string;
  readonly rates: readonly number[];
}

/** What is drawn: when each step began (seconds since 1970), and the dialects that had something, by name. */
export interface PlotData {
  readonly times: readonly number[];
  readonly lines: readonly Line[];
}

/**
 * Rates of the steps that are over: the running one would always look like a fall. Steps are put together until there are at
 * most `most` points.
 */
export const toPlot = ({ stepMs, at, bytes }: Throughput, most: number): PlotData => {
  const steps = Math.max(0, ...Object.values(bytes).map(({ length }) => length)) - 1;
  const size = Math.max(1, Math.ceil(steps / most));
  const points = Math.max(0, Math.floor(steps / size));
  const first = steps - points * size;
  const starts = Array.from({ length: points }, (_, index) => first + index * size);
  const lines = Object.entries(bytes)
    .filter(([, line]) => line.some((step) => step > 0))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([dialect, line]) => ({
      dialect,
      rates: starts.map((start) => (sum(line.slice(start, start + size)) * 1000) / (size * stepMs)),
    }));
  return { times: starts.map((start) => (at - (steps - start) * stepMs) / 1000), lines };
};

/** Lines laid on each other, the topmost first, as a plot draws them. */
export const stacked = (lines: readonly Line[]): readonly (readonly number[])[] =>
  lines.map((_, index) =>
    (lines[0]?.rates ?? []).map((_, at) => sum(lines.slice(index).map(({ rates }) => rates[at] ?? 0))),
  );

/** Sums over spans of time. */
export interface Span {
  /** ms since 1970. */
  readonly from: number;
  /** By dialect. */
  readonly bytes: Readonly<Record<string, number>>;
  readonly all: number;
}

/** What came in each of the last `count` spans of equal length, the newest first, with what is running. */
export const spans = ({ stepMs, at, bytes }: Throughput, count: number): readonly Span[] => {
  const steps = Math.max(0, ...Object.values(bytes).map(({ length }) => length));
  const size = Math.max(1, Math.ceil(steps / count));
  return Array.from({ length: Math.ceil(steps / size) }, (_, index) => {
    const end = steps - index * size;
    const begin = Math.max(0, end - size);
    const sums = Object.entries(bytes).map(([dialect, line]) => [dialect, sum(line.slice(begin, end))] as const);
    return {
      from: at - (steps - 1 - begin) * stepMs,
      bytes: Object.fromEntries(sums),
      all: sum(sums.map(([, part]) => part)),
    };
  });
};
