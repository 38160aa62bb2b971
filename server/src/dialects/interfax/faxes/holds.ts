import { type Facts, shelf } from '../../../engine/ports.js';
import type { Host } from '../../dialect.js';

/** Who needs an object's bytes: `<object>/<holder>`. */
const holdShelf = shelf<null>('interfax/hold');
/** Objects that nobody needs any more and whose bytes may still be there. */
const unusedShelf = shelf<null>('interfax/unused');

/** How many objects one piece of sweeping frees. */
const batch = 50;

/** Notes that `holder` (printable ASCII, no `/`) needs the bytes of `object`. */
export const hold = (facts: Facts, object: string, holder: string): void => {
  holdShelf.put(facts, `${object}/${holder}`, null);
  unusedShelf.delete(facts, object);
};

/** Notes that `object` is needed by nobody, to be freed by `freeUnused`. */
export const abandon = (facts: Facts, object: string): void => unusedShelf.put(facts, object, null);

/** Notes that `holder` needs `object` no longer; the last one to say so abandons it. */
export const release = async (facts: Facts, object: string, holder: string): Promise<void> => {
  holdShelf.delete(facts, `${object}/${holder}`);
  const others = await holdShelf.list(facts, { within: `${object}/`, limit: 1 });
  if (others.length === 0) abandon(facts, object);
};

/** Removes the bytes of objects that nobody needs, a bounded number of them; says whether there may be more. */
export const freeUnused = async ({ engine, ledger }: Pick<Host, 'engine' | 'ledger'>): Promise<boolean> => {
  const unused = await ledger.read((facts) => unusedShelf.list(facts, { limit: batch }));
  // An object has the name of its upload.
  for (const { id } of unused) await engine.forget(id, { withBytes: true });
  // Lost, this is done once more, which harms nobody.
  if (unused.length > 0)
    await ledger.transact(async (facts) => {
      for (const { id } of unused) unusedShelf.delete(facts, id);
    }, 'relaxed');
  return unused.length === batch;
};
