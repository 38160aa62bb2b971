import type { ComponentChildren } from 'preact';
import type { Tone } from './badge.js';
import { Icon } from './icon.js';

interface FigureProps {
  readonly label: string;
  readonly value: ComponentChildren;
  /** What it means, in few words. */
  readonly note?: ComponentChildren;
  readonly tone?: Tone;
}

/** A number that matters, big. Figures stand in `Figures`. */
export const Figure = ({ label, value, note, tone }: FigureProps) => (
  <div class={`figure ${tone ?? ''}`}>
    <dt>
      {(tone === 'warn' || tone === 'bad') && <Icon name="warning" size={16} />}
      {label}
    </dt>
    <dd class="figure-value">{value}</dd>
    {note !== undefined && <dd class="soft small">{note}</dd>}
  </div>
);

/** A row of figures. */
export const Figures = ({ children }: { readonly children: ComponentChildren }) => <dl class="figures">{children}</dl>;
