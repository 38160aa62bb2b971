import type { StreamEvents, Throughput } from 'longshore/api';

/** Throughput with a step that was told: the running one grows, new ones push the oldest out, and one that is over is put right. */
export const withStep = (known: Throughput, step: StreamEvents['throughput']): Throughput => {
  const steps = Math.max(1, ...Object.values(known.bytes).map(({ length }) => length));
  const moved = Math.round((step.at - known.at) / known.stepMs);
  if (moved <= -steps) return known;
  const at = steps - 1 + Math.min(0, moved);
  const names = new Set([...Object.keys(known.bytes), ...Object.keys(step.bytes)]);
  const bytes = Object.fromEntries(
    [...names].map((name) => {
      const before = known.bytes[name] ?? new Array<number>(steps).fill(0);
      const gap = new Array<number>(Math.min(Math.max(0, moved), steps)).fill(0);
      const line = [...before, ...gap].slice(-steps);
      return [name, line.with(at, step.bytes[name] ?? 0)];
    }),
  );
  return { stepMs: known.stepMs, at: moved > 0 ? step.at : known.at, bytes };
};

/** Bytes of all dialects in each step, the oldest first. */
export const totals = ({ bytes }: Throughput): readonly number[] => {
  const lines = Object.values(bytes);
  return (lines[0] ?? []).map((_, at) => lines.reduce((sum, line) => sum + (line[at] ?? 0), 0));
};
