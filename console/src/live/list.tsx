import type { Upload } from 'longshore/api';
import { useEffect, useRef } from 'preact/hooks';
import { uploads } from '../server/stream.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { words } from '../words/en.js';
import { drawMore, drawnIds, filter, fittingIds, held, keepOrder, mostRows, rearrange, sort } from './list-order.js';
import { noFilter, type SortKey } from './order.js';
import { LiveRow } from './row.js';

const { live } = words;

const columns: readonly { readonly name: keyof typeof live.columns; readonly sort?: SortKey }[] = [
  { name: 'file', sort: 'name' },
  { name: 'owner', sort: 'owner' },
  { name: 'progress', sort: 'progress' },
  { name: 'speed', sort: 'speed' },
  { name: 'left', sort: 'left' },
  { name: 'from', sort: 'newest' },
];

const Head = () => (
  <div role="rowgroup" class="live-head">
    <div role="row" class="live-row">
      {columns.map(({ name, sort: key }) => (
        <div
          key={name}
          role="columnheader"
          class={`live-${name}`}
          aria-sort={
            key === sort.value ? (key === 'speed' || key === 'progress' ? 'descending' : 'ascending') : undefined
          }
        >
          <button
            type="button"
            class={key === sort.value ? 'sorted' : undefined}
            onClick={() => {
              if (key !== undefined) sort.value = key;
            }}
          >
            {live.columns[name]}
          </button>
        </div>
      ))}
      <div role="columnheader" class="live-actions">
        <span class="unseen">{live.columns.actions}</span>
      </div>
    </div>
  </div>
);

const Nothing = () =>
  uploads.byId.size === 0 ? (
    <Empty icon="live" title={live.none}>
      {live.noneHint}
    </Empty>
  ) : (
    <Empty icon="search" title={live.noneHere}>
      <Button
        onClick={() => {
          filter.value = noFilter;
        }}
      >
        {live.showAll}
      </Button>
    </Empty>
  );

/** Has more rows drawn before somebody sees the end of those that are there. */
const End = () => {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) drawMore();
      },
      { rootMargin: '1000px' },
    );
    if (end.current !== null) observer.observe(end.current);
    return () => observer.disconnect();
  }, []);
  return <div ref={end} />;
};

/** The live uploads that the filter shows. Nothing moves under a pointer or while the keyboard is in the list. */
export const LiveList = ({ onCancel }: { readonly onCancel: (upload: Upload) => void }) => {
  useEffect(keepOrder, []);
  const pointed = useRef(false);
  const focused = useRef(false);
  const hold = (ref: { current: boolean }, value: boolean) => (): void => {
    ref.current = value;
    held.value = pointed.current || focused.current;
  };
  useEffect(() => hold(pointed, false), []);
  const ids = fittingIds.value;
  const all = uploads.byId;
  return (
    <section class="stack" aria-label={live.table}>
      <div class="live-count">
        <p class="soft small">{live.shown(ids.length, Math.max(ids.length, all.size))}</p>
        <p class="soft small live-held">{held.value ? live.sortHeld : ''}</p>
        <Button icon="retry" kind="quiet" onClick={rearrange}>
          {live.sortAgain}
        </Button>
      </div>
      {ids.length === 0 ? (
        <div class="card">
          <Nothing />
        </div>
      ) : (
        <div
          role="table"
          class="live-table"
          aria-label={live.table}
          aria-rowcount={ids.length + 1}
          onPointerEnter={hold(pointed, true)}
          onPointerLeave={hold(pointed, false)}
          onFocusIn={hold(focused, true)}
          onFocusOut={hold(focused, false)}
        >
          <Head />
          <div role="rowgroup">
            {drawnIds.value.map((id) => {
              const upload = all.get(id);
              return upload && <LiveRow key={id} upload={upload} onCancel={onCancel} />;
            })}
          </div>
        </div>
      )}
      {/* Told of anew whenever there are other rows: what stays in sight is not told of twice. */}
      <End key={drawnIds.value.length} />
      {ids.length > mostRows && <p class="soft">{live.tooMany(ids.length - mostRows)}</p>}
    </section>
  );
};
