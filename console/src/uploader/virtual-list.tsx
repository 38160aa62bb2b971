import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { inView } from './rows.js';

interface VirtualListProps {
  /** What the list holds, for screen readers. */
  readonly label: string;
  readonly count: number;
  readonly keyOf: (index: number) => string;
  readonly render: (index: number) => ComponentChildren;
}

/** Height of a line in px: on phones there are more words below each other. */
const heights = { wide: 64, narrow: 92 } as const;
const narrow = '(max-width: 44rem)';

const useHeight = (): number => {
  const [isNarrow, set] = useState(() => matchMedia(narrow).matches);
  useEffect(() => {
    const query = matchMedia(narrow);
    const change = (): void => set(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, []);
  return isNarrow ? heights.narrow : heights.wide;
};

/** A list of lines of one height, of which only those in sight are in the page. It scrolls with the page. */
export const VirtualList = ({ label, count, keyOf, render }: VirtualListProps) => {
  const list = useRef<HTMLUListElement>(null);
  const height = useHeight();
  const [seen, setSeen] = useState({ from: 0, to: 30 });

  useLayoutEffect(() => {
    const look = (): void => {
      const top = -(list.current?.getBoundingClientRect().top ?? 0);
      const next = inView(count, { height, top: Math.max(0, top), view: innerHeight });
      setSeen((now) => (now.from === next.from && now.to === next.to ? now : next));
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [count, height]);

  const to = Math.min(count, seen.to);
  const lines = Array.from({ length: Math.max(0, to - seen.from) }, (_, n) => seen.from + n);
  return (
    <ul class="uploads" aria-label={label} ref={list} tabIndex={-1} style={{ height: `${count * height}px` }}>
      {lines.map((index) => (
        <li
          key={keyOf(index)}
          aria-setsize={count}
          aria-posinset={index + 1}
          style={{ height: `${height}px`, transform: `translateY(${index * height}px)` }}
        >
          {render(index)}
        </li>
      ))}
    </ul>
  );
};
