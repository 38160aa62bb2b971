import { type FactReader, type Facts, ordered, shelf } from '../../../engine/ports.js';
import type { Home, Place } from './places.js';

/** What can happen to an item. Its number on the wire is its place here: the vendor's own numbers are not public. */
export const happenings = ['added', 'changed', 'renamed', 'moved', 'copied', 'removed', 'restored', 'deleted'] as const;
export type Happening = (typeof happenings)[number];

/** Something that happened in a drive. Ids are the catalog's. */
export interface HistoryEntry {
  readonly what: Happening;
  /** ms since 1970. */
  readonly at: number;
  /** Ids from the drive's root down to the folder in which it happened. */
  readonly path: readonly number[];
  readonly dir?: number;
  readonly file?: number;
  /** Which folder or file it was copied from. */
  readonly sourceDir?: number;
  readonly sourceFile?: number;
}

/** Entries that are kept of each account: the newest. */
const most = 10_000;

/** `<drive>/<number>`: what happened in a drive. */
const historyShelf = shelf<HistoryEntry>('4shared/history');

const within = ({ drive }: Home): string => `${ordered(drive)}/`;

const numberIn = (id: string): number => Number(id.slice(id.indexOf('/') + 1));

/** The number of the last entry; 0 where there is none. */
export const lastEntry = async (facts: FactReader, home: Home): Promise<number> => {
  const [last] = await historyShelf.list(facts, { within: within(home), reverse: true, limit: 1 });
  return last ? numberIn(last.id) : 0;
};

/** Writes down what happened, in `place`. The oldest entry is dropped where there are too many. */
export const note = async (
  facts: Facts,
  home: Home,
  { path }: Pick<Place, 'path'>,
  entry: Omit<HistoryEntry, 'path'>,
): Promise<void> => {
  const number = (await lastEntry(facts, home)) + 1;
  historyShelf.put(facts, within(home) + ordered(number), { ...entry, path });
  if (number > most) historyShelf.delete(facts, within(home) + ordered(number - most));
};

/** Which entries are wanted. */
export interface HistoryQuery {
  /** The folder in which they happened, or in one below it unless `direct`. */
  readonly dir: number;
  readonly direct?: boolean;
  /** Only entries behind this number. */
  readonly after?: number;
}

/** What happened, the oldest first, each with its number. */
export const history = async (
  facts: FactReader,
  home: Home,
  { dir, direct = false, after = 0 }: HistoryQuery,
): Promise<{ number: number; entry: HistoryEntry }[]> => {
  const from = after > 0 ? { after: within(home) + ordered(after) } : {};
  const found = await historyShelf.list(facts, { within: within(home), ...from });
  return found
    .filter(({ value: { path } }) => (direct ? path.at(-1) === dir : path.includes(dir)))
    .map(({ id, value }) => ({ number: numberIn(id), entry: value }));
};
