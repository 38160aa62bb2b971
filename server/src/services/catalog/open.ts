import type { Clock } from '../../kit/clock.js';
import type { Catalog } from './catalog.js';
import { filesOfCatalog } from './files.js';
import { foldersOf } from './folders.js';
import { removeTree } from './trees.js';

/** The catalog. It keeps nothing but facts, so the transactions it is handed are all it needs, and the time. */
export const openCatalog = ({ clock }: { clock: Clock }): Catalog => {
  const verbs = { ...foldersOf(clock), ...filesOfCatalog(clock) };
  return { ...verbs, removeTree: (facts, id) => removeTree(verbs, facts, id) };
};
