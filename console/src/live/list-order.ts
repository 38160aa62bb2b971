import { batch, computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import { now } from '../server/clock.js';
import { uploads } from '../server/stream.js';
import { arranged, type Filter, kept, noFilter, type SortKey } from './order.js';

/** What the list shows, and in which order. */
export const filter = signal<Filter>(noFilter);
export const sort = signal<SortKey>('newest');

/** Whether somebody points at the list or is in it with the keyboard: nothing moves meanwhile. */
export const held = signal(false);

// Re-sorted once in so many ms, so that eyes can follow.
const pace = 5000;

// Rows that are drawn at first, and whenever somebody comes near the end of those: the page stays quick to answer.
const someRows = 60;
/** More rows than this help nobody; a filter does. */
export const mostRows = 1000;

const order = signal<readonly string[]>([]);
const drawn = signal(someRows);

/** Ids in the order of the list, all that fit. */
export const fittingIds: ReadonlySignal<readonly string[]> = order;

/** Ids of the rows that are drawn. */
export const drawnIds = computed(() => order.value.slice(0, drawn.value));

/** Draws more rows, as far as there are any. */
export const drawMore = (): void => {
  if (drawn.peek() < Math.min(order.peek().length, mostRows)) drawn.value += someRows;
};

const values = () => [...uploads.byId.values()].map((upload) => upload.peek());

const arrangeNow = (): readonly string[] =>
  arranged(values(), { filter: filter.peek(), sort: sort.peek(), now: now.peek() });

/** Sorts anew, and takes away what has ended. */
export const rearrange = (): void => {
  uploads.sweep();
  order.value = arrangeNow();
};

/** Accounts and dialects that have live uploads, by name. */
export const present = computed(() => {
  uploads.changes.value;
  const all = values();
  const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
  return { owners: sorted(all.map(({ owner }) => owner)), dialects: sorted(all.map(({ dialect }) => dialect)) };
});

/** Keeps the order while the list is shown; ends with what it gives back. */
export const keepOrder = (): (() => void) => {
  let soon: ReturnType<typeof setTimeout> | undefined;
  const stopChosen = effect(() => {
    filter.value;
    sort.value;
    // What was pressed is shown first, and the list that comes of it right after.
    clearTimeout(soon);
    soon = setTimeout(() =>
      batch(() => {
        drawn.value = someRows;
        rearrange();
      }),
    );
  });
  const stopChanges = effect(() => {
    uploads.changes.value;
    untracked(() => {
      order.value = kept(order.peek(), arrangeNow(), (id) => uploads.byId.has(id));
    });
  });
  const timer = setInterval(() => {
    if (!held.peek()) rearrange();
  }, pace);
  return () => {
    clearInterval(timer);
    clearTimeout(soon);
    stopChosen();
    stopChanges();
  };
};
