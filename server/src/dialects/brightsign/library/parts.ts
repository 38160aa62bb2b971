import { type FactReader, type Facts, ordered, shelf } from '../../../engine/ports.js';
import { listOverdue, timedKey } from '../../../engine/timed.js';

// Parts are files that are there for the sake of others: assets of web pages, thumbnails. What uses which is kept
// here; a part that nothing uses any more is an orphan, and is deleted when its time has come (§A10).

/** `<part>/<user>`. */
const useShelf = shelf<null>('brightsign/use');
/** When an orphan is to be deleted, ms since 1970; ids are parts. */
const orphanShelf = shelf<number>('brightsign/orphan');
/** `<ordered ms>/<part>`. */
const orphanDueShelf = shelf<null>('brightsign/orphan-due');

const dropOrphan = async (facts: Facts, part: number): Promise<void> => {
  const due = await orphanShelf.get(facts, ordered(part));
  if (due === undefined) return;
  orphanShelf.delete(facts, ordered(part));
  orphanDueShelf.delete(facts, timedKey(due, ordered(part)));
};

/** Marks a part that nothing uses for deletion at `due` (ms since 1970). */
export const orphan = async (facts: Facts, part: number, due: number): Promise<void> => {
  await dropOrphan(facts, part);
  orphanShelf.put(facts, ordered(part), due);
  orphanDueShelf.put(facts, timedKey(due, ordered(part)), null);
};

/** Notes that a content uses a part, which is no orphan then. */
export const use = async (facts: Facts, part: number, user: number): Promise<void> => {
  await dropOrphan(facts, part);
  useShelf.put(facts, `${ordered(part)}/${ordered(user)}`, null);
};

/** Contents that use a part: at least one, if there are any. */
export const usersOf = async (facts: FactReader, part: number, limit = 1): Promise<number[]> =>
  (await useShelf.list(facts, { within: `${ordered(part)}/`, limit })).map(({ id }) =>
    Number(id.slice(id.indexOf('/') + 1)),
  );

/** Notes that a content uses a part no more; if nothing does, it is an orphan, to be deleted at `due`. */
export const release = async (facts: Facts, part: number, user: number, due: number): Promise<void> => {
  useShelf.delete(facts, `${ordered(part)}/${ordered(user)}`);
  if ((await usersOf(facts, part)).length === 0) await orphan(facts, part, due);
};

/** Takes a part that is deleted off every list. */
export const forgetPart = async (facts: Facts, part: number): Promise<void> => {
  await dropOrphan(facts, part);
  for (const user of await usersOf(facts, part, 1_000)) useShelf.delete(facts, `${ordered(part)}/${ordered(user)}`);
};

/** Orphans whose time has come, at most `limit`. */
export const dueOrphans = async (facts: FactReader, now: number, limit: number): Promise<number[]> =>
  (await listOverdue(facts, orphanDueShelf, { now, limit })).map(({ id }) => Number(id));
