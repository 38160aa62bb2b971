import { percent } from '../words/format.js';

/** How something goes: the colour of a bar, never the only sign of it. */
export type ProgressTone = 'running' | 'done' | 'stuck' | 'failed' | 'idle';

interface ProgressProps {
  /** 0 to 1; null: under way, and nobody knows how far. */
  readonly share: number | null;
  /** What makes progress, for screen readers. */
  readonly label: string;
  readonly tone?: ProgressTone;
}

/** A bar that shows how much is done. */
export const Progress = ({ share, label, tone = 'running' }: ProgressProps) => (
  <div
    class={`progress ${tone} ${share === null ? 'unknown' : ''}`}
    role="progressbar"
    aria-label={label}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={share === null ? undefined : Math.floor(share * 100)}
    aria-valuetext={share === null ? undefined : percent(share)}
  >
    <div style={{ transform: share === null ? 'none' : `scaleX(${Math.min(1, Math.max(0, share))})` }} />
  </div>
);
