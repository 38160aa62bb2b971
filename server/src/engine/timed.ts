import { type FactReader, ordered, type Shelf } from './ports.js';

/** A key of what has its moment (ms since 1970): `<ordered ms>/<id>`. Keys of a shelf lie in the order of their moments. */
export const timedKey = (at: number, id: string): string => `${ordered(at)}/${id}`;

/** What `timedKey` made a key of. */
export const readTimed = (key: string): { readonly at: number; readonly id: string } => {
  const slash = key.indexOf('/');
  return { at: Number(key.slice(0, slash)), id: key.slice(slash + 1) };
};

/** A fact of which the moment has come. */
export interface Overdue<T> {
  /** By which it lies on its shelf. */
  readonly key: string;
  readonly id: string;
  readonly value: T;
}

/** Of a shelf by `timedKey`: what has its moment at `now` or had it before, the oldest first, at most `limit`. */
export const listOverdue = async <T>(
  facts: FactReader,
  shelf: Shelf<T>,
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<Overdue<T>[]> => {
  const page = await shelf.list(facts, { limit });
  return page
    .map(({ id: key, value }) => ({ key, value, ...readTimed(key) }))
    .filter(({ at }) => at <= now)
    .map(({ key, id, value }) => ({ key, id, value }));
};
