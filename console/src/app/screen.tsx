import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { about } from '../server/about.js';
import { moved } from './router.js';

interface ScreenProps {
  readonly title: string;
  /** One sentence beneath the title. */
  readonly lead?: ComponentChildren;
  /** Buttons beside the title. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The frame of a screen: its heading, which is focused when somebody comes from another screen, and the document's title. */
export const Screen = ({ title, lead, actions, children }: ScreenProps) => {
  const heading = useRef<HTMLHeadingElement>(null);
  const server = about.value.name;
  useEffect(() => {
    document.title = `${title} · ${server}`;
  }, [title, server]);
  useEffect(() => {
    if (!moved.peek()) return;
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="screen">
      <header class="screen-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p class="soft">{lead}</p>}
        </div>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
};
