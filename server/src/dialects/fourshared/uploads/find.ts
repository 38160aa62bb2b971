import type { Context } from '../context.js';
import { fromWire } from '../ids.js';
import { openItem } from '../items.js';
import type { AccountItem } from '../types.js';

/** What is answered about a file of the caller's that is on its way, by the id that clients know; nothing where it is not. */
export const openUpload = async ({ uploads, home }: Context, id: number): Promise<AccountItem | undefined> => {
  const incoming = await uploads.find(fromWire(id));
  if (!incoming || incoming.pending.home.drive !== home.drive) return undefined;
  const { pending, upload } = incoming;
  const { contiguous, touchedAt } = upload;
  return openItem({ id: pending.id, dir: pending.dir, name: pending.name, contiguous, touchedAt });
};
