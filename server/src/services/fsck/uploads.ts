import { coverage } from '../../engine/coverage.js';
import type { FactReader } from '../../engine/ports.js';
import { objectShelf, type UploadRecord, uploadShelf } from '../../engine/records.js';
import type { Checking } from './check.js';
import { everything } from './pages.js';

/** Does this upload keep its bytes in a part? */
export const isUnfinished = ({ state }: UploadRecord): boolean => state === 'open' || state === 'sealed';

/** How far an unfinished upload's bytes go; nothing where there is none of that id any more. */
const reachOf = async (facts: FactReader, id: string): Promise<number | undefined> => {
  const record = await uploadShelf.get(facts, id);
  if (!record || !isUnfinished(record)) return undefined;
  return (await coverage(facts, id, record)).at(-1)?.end ?? 0;
};

const checkReach = async ({ ledger, store, found }: Checking, id: string): Promise<void> => {
  const reach = await ledger.read((facts) => reachOf(facts, id));
  if (!reach) return;
  const size = (await store.size({ kind: 'part', name: id })) ?? null;
  if (size !== null && size >= reach) return;
  // It may have ended since.
  if ((await ledger.read((facts) => reachOf(facts, id))) !== reach) return;
  const published = size === null && (await store.size({ kind: 'object', name: id })) !== null;
  if (published)
    await found('publish-unrecorded', { subject: id, details: `${reach} bytes` }, () => store.withdraw(id, id));
  else await found('bytes-missing', { subject: id, details: `counted up to byte ${reach}, there are ${size ?? 0}` });
};

const checkRedo = async ({ store, found }: Checking, id: string, { redo }: UploadRecord): Promise<void> => {
  if (!redo) return;
  const size = (await store.size({ kind: 'part', name: redo.part })) ?? 0;
  if (size >= redo.length) return;
  await found('bytes-missing', { subject: id, details: `a replacing chunk has ${size} of ${redo.length} bytes` });
};

const checkFinished = async ({ ledger, found }: Checking, id: string): Promise<void> => {
  const lost = await ledger.read(async (facts) => {
    const record = await uploadShelf.get(facts, id);
    if (record?.state !== 'finished' || record.object === null) return null;
    return (await objectShelf.get(facts, record.object)) ? null : record;
  });
  if (lost) await found('object-unrecorded', { subject: id, details: `${lost.received} bytes of ${lost.owner}` });
};

/** Every unfinished upload has the bytes that it counts; every finished one has an object on record. */
export const checkUploads = async (checking: Checking): Promise<void> => {
  for await (const { id, value } of everything(checking.ledger, uploadShelf.list)) {
    if (value.state === 'finished') await checkFinished(checking, id);
    if (!isUnfinished(value) || !checking.isOld(value.touchedAt)) continue;
    await checkReach(checking, id);
    await checkRedo(checking, id, value);
  }
};
