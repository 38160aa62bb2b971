import { crcHex } from '../../engine/digests.js';
import type { Store } from '../../engine/ports.js';
import { type ObjectRecord, objectShelf } from '../../engine/records.js';
import { crc32Of } from '../../kit/crc32.js';
import type { Checking } from './check.js';
import { everything } from './pages.js';

const crcOf = async (store: Store, name: string, size: number): Promise<string> => {
  let crc = 0;
  if (size > 0)
    for await (const bytes of store.read({ kind: 'object', name }, { start: 0, end: size })) crc = crc32Of(bytes, crc);
  return crcHex(crc);
};

const checkObject = async (checking: Checking, name: string, { size, crc32 }: ObjectRecord): Promise<void> => {
  const { ledger, store, found, digests } = checking;
  const actual = await store.size({ kind: 'object', name });
  if (actual === null) {
    // It may have been deleted since.
    if (!(await ledger.read((facts) => objectShelf.get(facts, name)))) return;
    const part = await store.size({ kind: 'part', name });
    const details = `${size} bytes`;
    if (part === null || part < size) await found('object-missing', { subject: name, details });
    else await found('publish-undone', { subject: name, details }, () => store.publish(name, name, size));
    return;
  }
  if (actual !== size)
    return found('object-size', { subject: name, details: `recorded with ${size} bytes, there are ${actual}` });
  if (!digests || crc32 === '') return;
  const crc = await crcOf(store, name, size);
  if (crc !== crc32)
    await found('object-digest', { subject: name, details: `CRC-32 ${crc32} is recorded, the bytes have ${crc}` });
};

/** Every object on record lies in the store, with its size and, if asked for, its checksum. */
export const checkObjects = async (checking: Checking): Promise<void> => {
  for await (const { id, value } of everything(checking.ledger, objectShelf.list))
    await checkObject(checking, id, value);
};
