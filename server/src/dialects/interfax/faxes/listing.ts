import type { FactReader } from '../../../engine/ports.js';
import type { Fax } from './fax.js';
import type { FaxQuery } from './faxes.js';
import {
  activeShelf,
  type BatchRecord,
  batchShelf,
  faxKey,
  faxShelf,
  findFax,
  needBatch,
  ownedShelf,
  ownerKey,
  toFax,
} from './records.js';

const pageSize = 200;

/** The faxes of a batch (see `Faxes.batch`). */
export const batchOf = async (facts: FactReader, parent: number): Promise<Fax[]> => {
  const first = await findFax(facts, parent);
  const batch = await batchShelf.get(facts, faxKey(parent));
  if (!batch || (first && first.parent !== parent)) return [];
  const found: Fax[] = [];
  for (let id = parent; id < parent + batch.count; id += 1) {
    const record = await faxShelf.get(facts, faxKey(id));
    if (record) found.push(toFax(id, record, batch));
  }
  return found;
};

/** An owner's faxes, the newest first (see `Faxes.list`). */
export const list = async (facts: FactReader, query: FaxQuery): Promise<Fax[]> => {
  const { owner, from = 1, to, active = false, hidden = false, matches, limit } = query;
  const within = `${ownerKey(owner)}/`;
  const batches = new Map<number, BatchRecord>();
  const batchWith = async (parent: number): Promise<BatchRecord> => {
    const batch = batches.get(parent) ?? (await needBatch(facts, parent));
    batches.set(parent, batch);
    return batch;
  };
  const found: Fax[] = [];
  let before = to === undefined ? undefined : `${within}${faxKey(Math.max(0, to + 1))}`;
  while (found.length < limit) {
    const page = await (active ? activeShelf : ownedShelf).list(facts, {
      within,
      reverse: true,
      limit: pageSize,
      ...(before !== undefined && { after: before }),
    });
    for (const { id: key } of page) {
      const id = Number(key.slice(within.length));
      if (id < from || found.length >= limit) return found;
      const record = await faxShelf.get(facts, faxKey(id));
      if (!record || (record.hidden && !hidden)) continue;
      const fax = toFax(id, record, await batchWith(record.parent));
      if (matches?.(fax) ?? true) found.push(fax);
    }
    if (page.length < pageSize) return found;
    before = page.at(-1)?.id;
  }
  return found;
};
