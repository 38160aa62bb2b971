import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.js';

/** What a badge means, shown by colour, drawing and words together. */
export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'idle';

const icons: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  warn: 'warning',
  bad: 'failed',
  busy: 'play',
  idle: 'waiting',
};

interface BadgeProps {
  readonly tone: Tone;
  readonly children: ComponentChildren;
  /** Another drawing than its tone's. */
  readonly icon?: IconName;
}

/** A state in a word or two. */
export const Badge = ({ tone, children, icon }: BadgeProps) => (
  <span class={`badge ${tone}`}>
    <Icon name={icon ?? icons[tone]} size={14} />
    <span>{children}</span>
  </span>
);
