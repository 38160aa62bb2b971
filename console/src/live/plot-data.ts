import type { Throughput } from 'longshore/api';

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

/** Rates of the steps that are over: the running one would always look like a fall. */
export const toPlot = ({ stepMs, at, bytes }: Throughput): PlotData => {
  const steps = Math.max(0, ...Object.values(bytes).map(({ length }) => length)) - 1;
  const times = Array.from({ length: Math.max(0, steps) }, (_, index) => (at - (steps - index) * stepMs) / 1000);
  const lines = Object.entries(bytes)
    .filter(([, line]) => line.some((step) => step > 0))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([dialect, line]) => ({ dialect, rates: line.slice(0, -1).map((step) => (step * 1000) / stepMs) }));
  return { times, lines };
};

/** Lines laid on each other, the topmost first, as a plot draws them. */
export const stacked = (lines: readonly Line[]): readonly (readonly number[])[] =>
  lines.map((_, index) =>
    (lines[0]?.rates ?? []).map((_, at) => lines.slice(index).reduce((sum, { rates }) => sum + (rates[at] ?? 0), 0)),
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
    const sums = Object.entries(bytes).map(
      ([dialect, line]) => [dialect, line.slice(begin, end).reduce((sum, step) => sum + step, 0)] as const,
    );
    return {
      from: at - (steps - 1 - begin) * stepMs,
      bytes: Object.fromEntries(sums),
      all: sums.reduce((sum, [, part]) => sum + part, 0),
    };
  });
};
