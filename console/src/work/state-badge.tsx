import type { WorkState } from 'longshore/api';
import { Badge, type Tone } from '../ui/badge.js';
import { words } from '../words/en.js';

const tones: Readonly<Record<WorkState, Tone>> = {
  waiting: 'idle',
  running: 'busy',
  done: 'good',
  failed: 'bad',
  cancelled: 'idle',
};

/** How a task or a job is, in a word. */
export const WorkBadge = ({ state }: { readonly state: WorkState }) => (
  <Badge tone={tones[state]} {...(state === 'cancelled' ? { icon: 'close' } : {})}>
    {words.workStates[state]}
  </Badge>
);
