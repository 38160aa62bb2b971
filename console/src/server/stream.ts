import { signal } from '@preact/signals';
import type { Event as HappenedEvent, Health, Job, StreamEvents, Task, Throughput } from 'longshore/api';
import { setClock } from './clock.js';
import { address } from './request.js';
import { findSession, session } from './session.js';
import { withStep } from './throughput.js';
import { liveUploads } from './uploads.js';

/** How the stream is: what is shown is live, is being asked for, or may be out of date. */
export const connection = signal<'connecting' | 'live' | 'lost'>('connecting');

/** Rises whenever the stream is back after it was lost: what was read before may have changed without a word. */
export const returns = signal(0);

/** The uploads that live. */
export const uploads = liveUploads();

/** Bytes that became durable over the past hour; null: not told yet. */
export const throughput = signal<Throughput | null>(null);

/** So many events are kept of what happened. */
export const mostHappened = 200;

/** What happened since the page is open or the server was back, the newest first, at most `mostHappened`. */
export const happened = signal<readonly HappenedEvent[]>([]);

/** Tasks and jobs that changed since the page is open, by dialect and id, and by id. */
export const changedTasks = signal<ReadonlyMap<string, Task>>(new Map());
export const changedJobs = signal<ReadonlyMap<string, Job>>(new Map());

/** How the server is; null: not told, as to those who do not run it. */
export const health = signal<Health | null>(null);

/** What a task is told apart by. */
export const taskKey = ({ dialect, id }: Task): string => `${dialect}/${id}`;

const kept = 500;

/** `before` with `items` put in, by key; the oldest go when there are too many. */
export const withChanges = <Item>(
  before: ReadonlyMap<string, Item>,
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, Item> => {
  const next = new Map(before);
  for (const item of items) {
    next.delete(keyOf(item));
    next.set(keyOf(item), item);
  }
  return next.size <= kept ? next : new Map([...next].slice(-kept));
};

type Listeners = { readonly [Name in keyof StreamEvents]: (told: StreamEvents[Name]) => void };

const listeners: Listeners = {
  hello: (told) => {
    setClock(told.at);
    uploads.replace(told.uploads);
    throughput.value = told.throughput;
    if (connection.value === 'lost') {
      happened.value = [];
      changedTasks.value = new Map();
      changedJobs.value = new Map();
      returns.value += 1;
    }
    connection.value = 'live';
  },
  uploads: (told) => {
    setClock(told.at);
    uploads.merge(told.uploads);
  },
  event: (told) => {
    if (happened.value.every(({ number }) => number !== told.number))
      happened.value = [told, ...happened.value].slice(0, mostHappened);
  },
  throughput: (told) => {
    if (throughput.value !== null) throughput.value = withStep(throughput.value, told);
  },
  tasks: (told) => {
    changedTasks.value = withChanges(changedTasks.value, told.tasks, taskKey);
  },
  jobs: (told) => {
    changedJobs.value = withChanges(changedJobs.value, told.jobs, ({ id }) => id);
  },
  health: (told) => {
    health.value = told;
  },
};

const forget = (): void => {
  uploads.replace([]);
  throughput.value = null;
  happened.value = [];
  changedTasks.value = new Map();
  changedJobs.value = new Map();
  health.value = null;
};

/** Listens to the stream until the returned function is called; asks again, ever more slowly, when it breaks. */
export const listen = (): (() => void) => {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = 1000;
  let over = false;

  const again = (): void => {
    connection.value = 'lost';
    source?.close();
    clearTimeout(timer);
    timer = setTimeout(() => {
      // A session that has ended is no lost connection.
      findSession().then(
        () => {
          if (!over && session.value) open();
        },
        () => {
          if (!over) again();
        },
      );
    }, wait);
    wait = Math.min(wait * 2, 15_000);
  };
  const open = (): void => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(address('stream'));
    source.addEventListener('error', again);
    source.addEventListener('open', () => {
      wait = 1000;
    });
    for (const [name, tell] of Object.entries(listeners) as [string, (told: unknown) => void][])
      source.addEventListener(name, ({ data }: MessageEvent<string>) => tell(JSON.parse(data)));
  };
  // A connection of the network before is dead, and nobody may have been told.
  const wake = (): void => {
    connection.value = 'lost';
    wait = 1000;
    open();
  };

  connection.value = 'connecting';
  open();
  addEventListener('online', wake);
  return () => {
    over = true;
    removeEventListener('online', wake);
    clearTimeout(timer);
    source?.close();
    forget();
  };
};
