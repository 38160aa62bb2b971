import { listOverdue } from '../../../../engine/timed.js';
import type { Host } from '../../../dialect.js';
import { type DocumentRecord, documentDueShelf, documentShelf, noteDue, removeDocument } from './records.js';

/** How many documents one piece of sweeping looks at. */
const batch = 100;

/** Removes documents whose time is over, a bounded number of them; says whether there may be more. */
export const sweepDocuments = async ({
  engine,
  ledger,
  clock,
}: Pick<Host, 'engine' | 'ledger' | 'clock'>): Promise<boolean> => {
  const now = clock.now();
  const overdue = await ledger.read((facts) => listOverdue(facts, documentDueShelf, { now, limit: batch }));
  for (const { key, id } of overdue) {
    const upload = await engine.find(id);
    const uploadEnds = upload?.state === 'open' ? (upload.expiry?.at ?? now) : now;
    const endOf = ({ object, expiresAt }: DocumentRecord): number =>
      object === null ? uploadEnds : (expiresAt ?? now);
    await ledger.transact(async (facts) => {
      documentDueShelf.delete(facts, key);
      const record = await documentShelf.get(facts, id);
      if (!record) return;
      if (endOf(record) > now) noteDue(facts, id, endOf(record));
      else await removeDocument(facts, id, record);
    }, 'relaxed');
  }
  return overdue.length === batch;
};
