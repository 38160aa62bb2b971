import { isRefusal } from '../../../engine/refusals.js';
import { freeUnused } from '../../../services/catalog/unused.js';
import type { Sweep } from '../../../services/janitor/janitor.js';
import type { Host } from '../../dialect.js';
import { contentFacts } from '../facts.js';
import { dueOrphans, forgetPart, orphan, usersOf } from './parts.js';

/** How long an orphan stays, ms (specs/brightsign.md §A10). */
export const orphanLife = 24 * 60 * 60 * 1000;

const batch = 100;

/** Is the session or upload that a part is for still open? */
const isAwaited = async ({ engine }: Host, awaits: string | undefined): Promise<boolean> => {
  if (awaits === undefined) return false;
  const upload = await engine.find(awaits);
  if (upload) return upload.state === 'open' || upload.state === 'sealed';
  try {
    return (await engine.lookGroup(awaits)).state === 'open';
  } catch (error) {
    if (isRefusal(error, 'no-such-group')) return false;
    throw error;
  }
};

/** Deletes one orphan, unless somebody uses it by now, or still may; gives the objects that nobody refers to any more. */
const deleteOrphan = async (host: Host, id: number): Promise<string[]> => {
  const { ledger, catalog, clock } = host;
  const file = await ledger.read((facts) => catalog.findFile(facts, id));
  const awaited = file !== undefined && (await isAwaited(host, contentFacts(file.metadata).awaits));
  return ledger.transact(async (facts) => {
    if (awaited) {
      await orphan(facts, id, clock.now() + orphanLife);
      return [];
    }
    const used = (await usersOf(facts, id)).length > 0;
    if (!used) await forgetPart(facts, id);
    const unused = !used && (await catalog.findFile(facts, id)) ? await catalog.removeFile(facts, id) : [];
    return unused;
  });
};

/** Deletes assets and thumbnails that nothing has used for 24 hours. */
export const orphanSweep = (host: Host): Sweep => ({
  name: 'brightsign orphans',
  run: async (signal) => {
    const due = await host.ledger.read((facts) => dueOrphans(facts, host.clock.now(), batch));
    for (const id of due) {
      if (signal.aborted) return false;
      await freeUnused(host, await deleteOrphan(host, id));
    }
    return due.length === batch;
  },
});
