import type { Sweep } from '../janitor/janitor.js';
import type { Catalog } from './catalog.js';
import { type FreeingParts, freeUnused } from './unused.js';

/** How many objects one piece of work frees. */
const batch = 100;

/** Frees what processes left behind that died between removing a file and its bytes. */
export const unusedSweep = (parts: FreeingParts & { readonly catalog: Pick<Catalog, 'unused' | 'freed'> }): Sweep => ({
  name: 'unused objects',
  run: async () => {
    const objects = await parts.ledger.read((facts) => parts.catalog.unused(facts, batch));
    await freeUnused(parts, objects);
    return objects.length === batch;
  },
});
