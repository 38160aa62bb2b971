import type { FactReader, Place } from '../../engine/ports.js';
import { objectShelf, uploadShelf } from '../../engine/records.js';
import type { Checking } from './check.js';
import { everything } from './pages.js';
import { isUnfinished } from './uploads.js';

/** Does the ledger know whose bytes these are? Half-done publishes are known under either kind. */
const isKnown = async (facts: FactReader, { name }: Place): Promise<boolean> => {
  const upload = await uploadShelf.get(facts, name);
  if (upload && (isUnfinished(upload) || upload.object === name)) return true;
  return (await objectShelf.get(facts, name)) !== undefined;
};

/** Nothing of these kinds rests in the store that nobody knows. What is in `wanted` is known to somebody else. */
export const checkOrphans = async (
  { ledger, store, isOld, found }: Pick<Checking, 'ledger' | 'store' | 'isOld' | 'found'>,
  { kinds, wanted }: { kinds: readonly Place['kind'][]; wanted: ReadonlySet<string> },
): Promise<void> => {
  const redo = new Set<string>();
  for await (const { value } of everything(ledger, uploadShelf.list)) if (value.redo) redo.add(value.redo.part);

  for await (const place of store.list()) {
    const { kind, name, size, modifiedAt } = place;
    if (!kinds.includes(kind) || !isOld(modifiedAt) || redo.has(name) || wanted.has(name)) continue;
    if (await ledger.read((facts) => isKnown(facts, place))) continue;
    await found(kind === 'part' ? 'orphan-part' : 'orphan-object', { subject: name, details: `${size} bytes` }, () =>
      store.remove({ kind, name }),
    );
  }
};
