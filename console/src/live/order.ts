import type { Upload } from 'longshore/api';
import { secondsLeft, shareOf, standingOf } from './standing.js';

/** What the list can be sorted by. */
export type SortKey = 'attention' | 'newest' | 'oldest' | 'name' | 'owner' | 'progress' | 'speed' | 'left' | 'size';

/** All of them, in the order in which they are offered. */
export const sortKeys: readonly SortKey[] = [
  'newest',
  'oldest',
  'attention',
  'speed',
  'left',
  'progress',
  'size',
  'name',
  'owner',
];

/** Which uploads are shown; an empty text: whatever it is. */
export interface Filter {
  /** Found in the file's name, the owner, the address or the id. */
  readonly text: string;
  readonly dialect: string;
  readonly owner: string;
  readonly stuckOnly: boolean;
}

/** Shows everything. */
export const noFilter: Filter = { text: '', dialect: '', owner: '', stuckOnly: false };

const has = (value: string | null, text: string): boolean => value?.toLowerCase().includes(text) ?? false;

/** Whether the filter shows an upload at `now`. */
export const fits = (upload: Upload, { text, dialect, owner, stuckOnly }: Filter, now: number): boolean => {
  if (dialect !== '' && upload.dialect !== dialect) return false;
  if (owner !== '' && upload.owner !== owner) return false;
  if (stuckOnly && standingOf(upload, now) !== 'stuck') return false;
  const sought = text.trim().toLowerCase();
  return sought === '' || [upload.name, upload.owner, upload.from, upload.id].some((value) => has(value, sought));
};

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const last = Number.POSITIVE_INFINITY;

type Order = (a: Upload, b: Upload) => number;

// What has no value comes last; infinities that are subtracted are no number.
const by =
  (measure: (upload: Upload) => number): Order =>
  (a, b) =>
    measure(a) - measure(b) || 0;

const newest: Order = by(({ createdAt }) => -createdAt);

const orders: Readonly<Record<SortKey, (now: number) => Order>> = {
  newest: () => newest,
  oldest: () => by(({ createdAt }) => createdAt),
  attention: (now) => {
    const rank = (upload: Upload): number => (standingOf(upload, now) === 'stuck' ? upload.touchedAt : last);
    return by(rank);
  },
  speed: () => by(({ bytesPerSecond }) => -bytesPerSecond),
  left: () => by((upload) => secondsLeft(upload) ?? last),
  progress: () => by((upload) => -(shareOf(upload) ?? -1)),
  size: () => by(({ size }) => -(size ?? -1)),
  name: () => (a, b) => collator.compare(a.name ?? '\uffff', b.name ?? '\uffff'),
  owner: () => (a, b) => collator.compare(a.owner, b.owner),
};

/** Ids of the uploads that the filter shows, sorted; those that are alike stand as the newest first, and then by id, always. */
export const arranged = (
  uploads: Iterable<Upload>,
  { filter, sort, now }: { readonly filter: Filter; readonly sort: SortKey; readonly now: number },
): readonly string[] => {
  const order = orders[sort](now);
  const shown = [...uploads].filter((upload) => fits(upload, filter, now));
  shown.sort((a, b) => order(a, b) || newest(a, b) || (a.id < b.id ? -1 : 1));
  return shown.map(({ id }) => id);
};

/** The order that was, without those that are gone, with those that came at its end: nothing that stands moves up or down past another. */
export const kept = (
  before: readonly string[],
  arrangedNow: readonly string[],
  exists: (id: string) => boolean,
): readonly string[] => {
  const known = new Set(before);
  return [...before.filter(exists), ...arrangedNow.filter((id) => !known.has(id))];
};
