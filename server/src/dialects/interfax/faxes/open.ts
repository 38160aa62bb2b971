import type { Facts } from '../../../engine/ports.js';
import type { Sweep } from '../../../services/janitor/janitor.js';
import type { Host } from '../../dialect.js';
import { clearOverdue, imageHolder, type Keeping, noteClearing } from './clearing.js';
import { batchHolder, submit } from './entering.js';
import type { Fax, FaxProgress } from './fax.js';
import type { Faxes } from './faxes.js';
import { abandon, freeUnused, hold, release } from './holds.js';
import { batchOf, list } from './listing.js';
import {
  activeShelf,
  batchShelf,
  countShown,
  faxKey,
  findFax,
  ownedKey,
  ownerKey,
  putFax,
  shownShelf,
} from './records.js';
import { isActive, type Status, statuses } from './statuses.js';

/** May a fax still be cancelled? Not while it is on the line (specs/interfax.md §4). */
const isWaiting = ({ status, onLine }: Fax): boolean => isActive(status) && !onLine;

/** Opens the faxes that rest in the host's ledger. The sweep clears away those that have been over for long. */
export const openFaxes = (host: Host, keeping: Keeping): Faxes & { readonly sweep: Sweep } => {
  const { ledger, clock, jobs } = host;

  const end = (facts: Facts, fax: Fax, change: { status: Status } & Partial<FaxProgress>): void => {
    const completedAt = clock.now();
    putFax(facts, { ...fax, onLine: false, ...change, completedAt });
    activeShelf.delete(facts, ownedKey(fax.owner, fax.id));
    noteClearing(facts, fax.id, completedAt, keeping);
  };

  /** Changes a fax that is not over; false where it is. */
  const change = (id: number, how: (facts: Facts, fax: Fax) => void): Promise<boolean> =>
    ledger.transact(async (facts) => {
      const fax = await findFax(facts, id);
      if (!fax || !isActive(fax.status)) return false;
      how(facts, fax);
      return true;
    });

  return {
    submit: (facts, order) => submit(host, facts, order),
    find: findFax,
    batch: batchOf,
    list,
    count: async (facts, owner) => (await shownShelf.get(facts, ownerKey(owner))) ?? 0,
    cancel: async (ids) => {
      const ended = await ledger.transact(async (facts) => {
        const found: Fax[] = [];
        for (const id of ids) {
          const fax = await findFax(facts, id);
          if (!fax || !isWaiting(fax)) continue;
          end(facts, fax, { status: statuses.cancelled });
          found.push(fax);
        }
        return found;
      });
      // Should this be lost, the job runs and finds nothing to do.
      await Promise.all(ended.map(({ job }) => jobs.cancel(job)));
      return ended.map(({ id }) => id);
    },
    hide: async (facts, id) => {
      const fax = await findFax(facts, id);
      if (!fax || fax.hidden) return;
      putFax(facts, { ...fax, hidden: true });
      await countShown(facts, fax.owner, -1);
    },
    take: async (id) => {
      const fax = await ledger.read((facts) => findFax(facts, id));
      return fax && isActive(fax.status) ? fax : undefined;
    },
    progress: (id, status, known = {}) =>
      change(id, (facts, fax) => putFax(facts, { ...fax, onLine: false, ...known, status })),
    batchRendered: async (facts, parent, pages) => {
      const batch = await batchShelf.get(facts, faxKey(parent));
      if (!batch || batch.pages || batch.needing === 0) {
        abandon(facts, pages.object);
        return false;
      }
      hold(facts, pages.object, batchHolder(parent));
      batchShelf.put(facts, faxKey(parent), { ...batch, pages });
      return true;
    },
    rendered: async (facts, id, image) => {
      const fax = await findFax(facts, id);
      if (!fax || fax.image || !isActive(fax.status)) {
        if (image.object !== fax?.image?.object) await release(facts, image.object, imageHolder(id));
        return false;
      }
      hold(facts, image.object, imageHolder(id));
      putFax(facts, { ...fax, image, pagesSubmitted: image.pages });
      return true;
    },
    batchFinished: (parent, status) =>
      ledger.transact(async (facts) => {
        for (const fax of await batchOf(facts, parent)) if (isActive(fax.status)) end(facts, fax, { status });
      }),
    finished: (id, status, known = {}) => change(id, (facts, fax) => end(facts, fax, { ...known, status })),
    image: async (id) => (await ledger.read((facts) => findFax(facts, id)))?.image ?? undefined,
    sweep: {
      name: 'InterFAX faxes',
      run: async () => {
        const more = await clearOverdue(host, keeping);
        return (await freeUnused(host)) || more;
      },
    },
  };
};
