import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.js';

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  /** What to do so that there is something. */
  readonly children?: ComponentChildren;
}

/** What stands where nothing is yet. */
export const Empty = ({ icon, title, children }: EmptyProps) => (
  <div class="empty">
    <Icon name={icon} size={32} />
    <p class="empty-title">{title}</p>
    {children !== undefined && <div class="soft">{children}</div>}
  </div>
);
