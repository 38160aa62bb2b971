import type { Event } from 'longshore/api';
import { useEffect, useState } from 'preact/hooks';
import { Screen } from '../app/screen.js';
import { dialectNames, dialectTitle } from '../server/about.js';
import { api } from '../server/api.js';
import { usePages } from '../server/pages.js';
import { isAdmin } from '../server/session.js';
import { happened, mostHappened } from '../server/stream.js';
import { Badge, type Tone } from '../ui/badge.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { Field, Select } from '../ui/field.js';
import { More } from '../ui/more.js';
import { type Column, Table } from '../ui/table.js';
import { Bytes, Moment } from '../ui/values.js';
import { words } from '../words/en.js';
import { type EventFilter, eventFits, hasGap, joined, noEventFilter } from './events.js';

const { events } = words;

const tones: Readonly<Record<Event['kind'], Tone>> = {
  finished: 'good',
  cancelled: 'idle',
  expired: 'idle',
  corrupted: 'bad',
};

const kinds: readonly Event['kind'][] = ['finished', 'cancelled', 'expired', 'corrupted'];

const columns = (): readonly Column<Event>[] => [
  {
    name: 'kind',
    title: events.columns.kind,
    heads: true,
    cell: ({ kind }) => (
      <Badge tone={tones[kind]} {...(kind === 'cancelled' ? { icon: 'close' } : {})}>
        {words.eventKinds[kind]}
      </Badge>
    ),
  },
  { name: 'at', title: events.columns.at, cell: ({ at }) => <Moment at={at} /> },
  ...(isAdmin() ? [{ name: 'owner', title: events.columns.owner, cell: ({ owner }: Event) => owner }] : []),
  {
    name: 'dialect',
    title: events.columns.dialect,
    cell: ({ dialect }) => <span class="nowrap">{dialectTitle(dialect)}</span>,
  },
  { name: 'size', title: events.columns.size, align: 'end', cell: ({ size }) => <Bytes value={size} /> },
  { name: 'upload', title: events.columns.upload, phone: 'broad', cell: ({ upload }) => <code>{upload}</code> },
];

interface EventFiltersProps {
  readonly filter: EventFilter;
  readonly onChange: (filter: EventFilter) => void;
}

const EventFilters = ({ filter, onChange }: EventFiltersProps) => (
  <search class="filters">
    <div class="field grow">
      <Field
        label={events.find}
        type="search"
        value={filter.text}
        placeholder={events.findHint}
        exact
        onInput={(text) => onChange({ ...filter, text })}
      />
    </div>
    <Select
      label={events.kind}
      value={filter.kind}
      options={[
        { value: 'all', text: events.allKinds },
        ...kinds.map((value) => ({ value, text: words.eventKinds[value] })),
      ]}
      onChange={(kind) => onChange({ ...filter, kind })}
    />
    <Select
      label={events.dialect}
      value={filter.dialect}
      options={[
        { value: '', text: events.allDialects },
        ...dialectNames().map((value) => ({ value, text: dialectTitle(value) })),
      ]}
      onChange={(dialect) => onChange({ ...filter, dialect })}
    />
  </search>
);

/** How uploads ended, as it happens and page by page back in time. */
export const EventsScreen = () => {
  const [filter, setFilter] = useState(noEventFilter);
  const pages = usePages((before: number | undefined) => {
    const query = before === undefined ? {} : { before };
    return api.events(query).then((page) => ({ items: page.events, next: page.next }));
  }, 'events');
  const gap = hasGap(pages.items, happened.value, mostHappened);
  useEffect(() => {
    if (gap) pages.reload();
  }, [gap]);
  const all = joined(pages.items, happened.value);
  const shown = all.filter((event) => eventFits(event, filter));
  return (
    <Screen title={words.navigation.events} lead={events.lead}>
      <EventFilters filter={filter} onChange={setFilter} />
      {shown.length > 0 && (
        <Table label={events.table} columns={columns()} rows={shown} keyOf={({ number }) => number} />
      )}
      {pages.ready && shown.length === 0 && (
        <div class="card">
          {all.length === 0 ? (
            <Empty icon="events" title={events.none}>
              {events.noneHint}
            </Empty>
          ) : (
            <Empty icon="search" title={events.noneFits}>
              {pages.next !== null && <p>{events.noneFitsHint}</p>}
              <Button onClick={() => setFilter(noEventFilter)}>{events.showAll}</Button>
            </Empty>
          )}
        </div>
      )}
      <More pages={pages} text={events.older} />
    </Screen>
  );
};
