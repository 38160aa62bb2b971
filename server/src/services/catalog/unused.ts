import type { Ledger } from '../../engine/ports.js';
import type { Engine } from '../../engine/verbs.js';
import type { Catalog } from './catalog.js';

/** What frees unused objects. */
export interface FreeingParts {
  readonly engine: Pick<Engine, 'forget'>;
  readonly ledger: Ledger;
  readonly catalog: Pick<Catalog, 'freed'>;
}

/**
 * Removes the bytes of objects that nobody refers to any more, and gives their room back to their owners. Call it after the
 * transaction that removed the last file: should the process die in between, `unusedSweep` does it later. Freeing what
 * is free is no error.
 */
export const freeUnused = async (
  { engine, ledger, catalog }: FreeingParts,
  objects: readonly string[],
): Promise<void> => {
  // An object has the name of its upload.
  for (const object of objects) await engine.forget(object, { withBytes: true });
  // Lost, this is done once more, which harms nobody.
  if (objects.length > 0)
    await ledger.transact(async (facts) => {
      for (const object of objects) catalog.freed(facts, object);
    }, 'relaxed');
};
