import { Badge, type Tone } from '../ui/badge.js';
import type { ProgressTone } from '../ui/progress.js';
import { words } from '../words/en.js';
import type { Standing } from './standing.js';

const tones: Readonly<Record<Standing, Tone>> = {
  moving: 'busy',
  waiting: 'idle',
  stuck: 'warn',
  finishing: 'busy',
  finished: 'good',
  cancelled: 'idle',
  expired: 'idle',
  corrupt: 'bad',
};

const barTones: Readonly<Record<Tone, ProgressTone>> = {
  busy: 'running',
  idle: 'running',
  warn: 'stuck',
  good: 'done',
  bad: 'failed',
};

/** How a bar looks for an upload that goes so. */
export const toneOf = (standing: Standing): ProgressTone => barTones[tones[standing]];

/** How an upload goes, in a word. */
export const StandingBadge = ({ standing }: { readonly standing: Standing }) => (
  <Badge tone={tones[standing]}>{words.standing[standing]}</Badge>
);
