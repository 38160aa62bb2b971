import type { Facts } from '../../../engine/ports.js';
import { listOverdue, timedKey } from '../../../engine/timed.js';
import type { Host } from '../../dialect.js';
import { batchHolder } from './entering.js';
import type { Fax } from './fax.js';
import { release } from './holds.js';
import {
  batchShelf,
  clearShelf,
  countShown,
  faxKey,
  faxShelf,
  findFax,
  needBatch,
  ownedKey,
  ownedShelf,
  putFax,
} from './records.js';

/** For how long what is left of a fax that is over is kept, ms from its end. */
export interface Keeping {
  /** Its documents and its image. */
  readonly bytes: number;
  /** Its record; no less than the bytes. */
  readonly record: number;
}

/** How many faxes one piece of sweeping clears. */
const batchSize = 100;

/** What holds the image of a fax. */
export const imageHolder = (id: number): string => `fax-${id}`;

/** Notes when a fax that ends at `now` is to be cleared away. */
export const noteClearing = (facts: Facts, id: number, now: number, { bytes }: Keeping): void =>
  clearShelf.put(facts, timedKey(now + bytes, faxKey(id)), 'bytes');

const clearBytes = async (facts: Facts, fax: Fax): Promise<void> => {
  if (fax.image) await release(facts, fax.image.object, imageHolder(fax.id));
  putFax(facts, { ...fax, image: null });
  const batch = await needBatch(facts, fax.parent);
  const needing = batch.needing - 1;
  if (needing > 0) return batchShelf.put(facts, faxKey(fax.parent), { ...batch, needing });
  const held = batch.pages ? [...batch.documents, batch.pages] : batch.documents;
  for (const { object } of held) await release(facts, object, batchHolder(fax.parent));
  batchShelf.put(facts, faxKey(fax.parent), { ...batch, needing, documents: [], pages: null });
};

const clearRecord = async (facts: Facts, fax: Fax): Promise<void> => {
  faxShelf.delete(facts, faxKey(fax.id));
  ownedShelf.delete(facts, ownedKey(fax.owner, fax.id));
  if (!fax.hidden) await countShown(facts, fax.owner, -1);
  const batch = await needBatch(facts, fax.parent);
  if (batch.kept > 1) batchShelf.put(facts, faxKey(fax.parent), { ...batch, kept: batch.kept - 1 });
  else batchShelf.delete(facts, faxKey(fax.parent));
};

/** Clears away what is overdue, a bounded number of faxes; says whether there may be more. */
export const clearOverdue = ({ ledger, clock }: Pick<Host, 'ledger' | 'clock'>, keeping: Keeping): Promise<boolean> =>
  ledger.transact(async (facts) => {
    const overdue = await listOverdue(facts, clearShelf, { now: clock.now(), limit: batchSize });
    for (const { key, id, value } of overdue) {
      clearShelf.delete(facts, key);
      const fax = await findFax(facts, Number(id));
      if (fax?.completedAt == null) continue;
      if (value === 'record') await clearRecord(facts, fax);
      else {
        await clearBytes(facts, fax);
        const at = fax.completedAt + Math.max(keeping.bytes, keeping.record);
        clearShelf.put(facts, timedKey(at, faxKey(fax.id)), 'record');
      }
    }
    return overdue.length === batchSize;
  });
