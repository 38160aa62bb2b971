import { type FactReader, type Facts, ordered, shelf } from '../../../engine/ports.js';
import { listOverdue, timedKey } from '../../../engine/timed.js';
import type { Home } from '../drive/places.js';

/** A file that is on its way. Ids are the catalog's. */
export interface Pending {
  /** Reserved for it; or that of the file that is to get a new content. */
  readonly id: number;
  readonly home: Home;
  /** The engine's upload. */
  readonly upload: string;
  readonly dir: number;
  readonly name: string;
  /** Does it bring a new content for a file that is there? */
  readonly update: boolean;
  /**
   * `open`: bytes may come, and once none is missing it may become a file. `filed`: it did so before its sender said that it
   * is finished. `damaged`: its sender named another MD5, so it waits for bytes, and to be told that it is finished.
   */
  readonly state: 'open' | 'filed' | 'damaged';
}

/** By the file's id. */
const pendingShelf = shelf<Pending>('4shared/upload');
/** `<drive>/<file>`: what is on its way to a drive. */
const ofShelf = shelf<null>('4shared/upload-of');
/** `<ms>/<file>`: when to look what became of it. */
const dueShelf = shelf<null>('4shared/upload-due');

const ofKey = ({ id, home }: Pending): string => `${ordered(home.drive)}/${ordered(id)}`;
const idIn = (key: string): number => Number(key.slice(key.indexOf('/') + 1));

/** What is on its way under this id. */
export const getPending = (facts: FactReader, id: number): Promise<Pending | undefined> =>
  Number.isSafeInteger(id) && id > 0 ? pendingShelf.get(facts, ordered(id)) : Promise.resolve(undefined);

/** Writes down what is on its way, in the place of what was on its way under this id. */
export const putPending = (facts: Facts, pending: Pending): void => {
  pendingShelf.put(facts, ordered(pending.id), pending);
  ofShelf.put(facts, ofKey(pending), null);
};

/** It is on its way no more. */
export const dropPending = (facts: Facts, pending: Pending): void => {
  pendingShelf.delete(facts, ordered(pending.id));
  ofShelf.delete(facts, ofKey(pending));
};

/** What is on its way to a drive, by id. */
export const listPending = async (facts: FactReader, { drive }: Home): Promise<Pending[]> => {
  const found: Pending[] = [];
  for (const { id: key } of await ofShelf.list(facts, { within: `${ordered(drive)}/` })) {
    const pending = await getPending(facts, idIn(key));
    if (pending) found.push(pending);
  }
  return found;
};

/** Sees to it that somebody looks at this file's upload at `at` (ms since 1970). */
export const noteDue = (facts: Facts, id: number, at: number): void =>
  dueShelf.put(facts, timedKey(at, ordered(id)), null);

/** Ids of uploads that are to be looked at by now, at most `limit`; they are noted no more. */
export const takeDue = async (facts: Facts, now: number, limit: number): Promise<number[]> => {
  const due = await listOverdue(facts, dueShelf, { now, limit });
  for (const { key } of due) dueShelf.delete(facts, key);
  return due.map(({ id }) => Number(id));
};
