import { type FactReader, type Facts, ordered, shelf } from '../../../engine/ports.js';
import type { Fax, FaxDocument, FaxImage, FaxSettings } from './fax.js';

/** What all faxes of a batch have in common; under its first fax's id. */
export interface BatchRecord {
  readonly owner: string;
  readonly settings: FaxSettings;
  readonly documents: readonly FaxDocument[];
  /** What the documents were rendered to, once, for all of it; null for one fax alone, and before. */
  readonly pages: FaxImage | null;
  readonly submittedAt: number;
  readonly postponedTo: number | null;
  /** How many faxes it was made with; their ids follow one another. */
  readonly count: number;
  /** How many of them still need the documents, and how many are still on record. */
  readonly needing: number;
  readonly kept: number;
}

/** What a fax has of its own. */
export type FaxRecord = Omit<
  Fax,
  'id' | 'owner' | 'settings' | 'documents' | 'batchPages' | 'submittedAt' | 'postponedTo' | 'batchSize'
>;

/** Ids are `faxKey`s, also those of batches. */
export const faxShelf = shelf<FaxRecord>('interfax/fax');
export const batchShelf = shelf<BatchRecord>('interfax/batch');
/** `<owner>/<fax>`: every fax, and those that are not over. */
export const ownedShelf = shelf<null>('interfax/owned');
export const activeShelf = shelf<null>('interfax/active');
/** How many faxes an owner has that are not hidden. */
export const shownShelf = shelf<number>('interfax/shown');
/** The id that the next fax gets; one fact. */
const nextShelf = shelf<number>('interfax/next');
/** What is to be cleared away when: `<ordered ms>/<fax>`. */
export const clearShelf = shelf<'bytes' | 'record'>('interfax/clear');

export const faxKey = (id: number): string => ordered(id);
export const ownerKey = (owner: string): string => encodeURIComponent(owner);
export const ownedKey = (owner: string, id: number): string => `${ownerKey(owner)}/${faxKey(id)}`;

/** Transaction ids are below it: clients ask for 999999999 to be told of all (specs/interfax.md §3.2). */
const idsEnd = 999_999_999;

/** The first of `count` ids that follow one another and were never given, or so long ago that nothing is left of it. */
export const takeIds = async (facts: Facts, count: number): Promise<number> => {
  let first = (await nextShelf.get(facts, 'id')) ?? 1;
  if (first + count > idsEnd) first = 1;
  for (;;) {
    const [taken] = await faxShelf.list(facts, { after: faxKey(first - 1), limit: 1 });
    if (!taken || Number(taken.id) >= first + count) break;
    first = Number(taken.id) + 1;
    if (first + count > idsEnd) throw new Error('all transaction ids are taken');
  }
  nextShelf.put(facts, 'id', first + count);
  return first;
};

/** Counts an owner's faxes up or down. */
export const countShown = async (facts: Facts, owner: string, by: number): Promise<void> => {
  const key = ownerKey(owner);
  const count = ((await shownShelf.get(facts, key)) ?? 0) + by;
  if (count > 0) shownShelf.put(facts, key, count);
  else shownShelf.delete(facts, key);
};

/** A fax, of what it has of its own and what its batch has. */
export const toFax = (id: number, record: FaxRecord, batch: BatchRecord): Fax => {
  const { owner, settings, documents, pages: batchPages, submittedAt, postponedTo, count: batchSize } = batch;
  return { id, ...record, owner, settings, documents, batchPages, submittedAt, postponedTo, batchSize };
};

/** The batch of a fax that is on record. */
export const needBatch = async (facts: FactReader, parent: number): Promise<BatchRecord> => {
  const batch = await batchShelf.get(facts, faxKey(parent));
  if (!batch) throw new Error(`fax batch ${parent} is not on record`);
  return batch;
};

/** The fax of this id, as far as it is on record. */
export const findFax = async (facts: FactReader, id: number): Promise<Fax | undefined> => {
  if (!Number.isSafeInteger(id) || id < 1) return undefined;
  const record = await faxShelf.get(facts, faxKey(id));
  return record && toFax(id, record, await needBatch(facts, record.parent));
};

/** Puts another value in a fax's place: only what it has of its own may differ. */
export const putFax = (facts: Facts, fax: Fax): void => {
  const {
    id,
    owner: _o,
    settings: _s,
    documents: _d,
    batchPages: _r,
    submittedAt: _a,
    postponedTo: _p,
    batchSize: _b,
    ...record
  } = fax;
  faxShelf.put(facts, faxKey(id), record);
};
