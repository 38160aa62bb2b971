import type { StreamEvents, Throughput } from 'longshore/api';

/** Throughput with the step that was told last: the running one grows, and new ones push the oldest out. */
export const withStep = (known: Throughput, step: StreamEvents['throughput']): Throughput => {
  const steps = Math.max(1, ...Object.values(known.bytes).map(({ length }) => length));
  const moved = Math.round((step.at - known.at) / known.stepMs);
  if (moved < 0) return known;
  const names = new Set([...Object.keys(known.bytes), ...Object.keys(step.bytes)]);
  const bytes = Object.fromEntries(
    [...names].map((name) => {
      const before = known.bytes[name] ?? new Array<number>(steps).fill(0);
      const gap = new Array<number>(Math.min(moved, steps)).fill(0);
      const line = [...before, ...gap].slice(-steps);
      return [name, [...line.slice(0, -1), step.bytes[name] ?? 0]];
    }),
  );
  return { stepMs: known.stepMs, at: moved === 0 ? known.at : step.at, bytes };
};

/** Bytes of all dialects in each step, the oldest first. */
export const totals = ({ bytes }: Throughput): readonly number[] => {
  const lines = Object.values(bytes);
  return (lines[0] ?? []).map((_, at) => lines.reduce((sum, line) => sum + (line[at] ?? 0), 0));
};
