import type { Facts } from '../../../engine/ports.js';
import { freeUnused } from '../../../services/catalog/unused.js';
import type { Context } from '../context.js';

/**
 * Removes something in one transaction, and then the bytes that nobody refers to any more. What is removed stays so where the
 * bytes cannot be: a later sweep will have them.
 */
export const removing = async ({ host }: Context, remove: (facts: Facts) => Promise<string[]>): Promise<void> => {
  const unused = await host.ledger.transact(remove);
  try {
    await freeUnused(host, unused);
  } catch (error) {
    host.log.warn({ err: error, objects: unused.length }, 'bytes of removed documents could not be removed yet');
  }
};
