import { createHash } from 'node:crypto';
import { shelf } from '../../../engine/ports.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import { callerOf } from '../../../services/accounts/caller.js';
import { type Expiring, expiringShelf } from '../../../services/expiring/shelf.js';
import type { Sweep } from '../../../services/janitor/janitor.js';
import type { Host } from '../../dialect.js';

/** A session key as the ledger keeps it, under the SHA-256 of the key: it has 128 random bits, so it needs no slow hash. */
interface KeyRecord extends Expiring {
  /** The account's name. */
  readonly account: string;
  /** When that account was made, so that a later one of its name has none of its keys. ms since 1970. */
  readonly since: number;
  /** The folder, by the catalog's id, for files that are posted without having been announced. */
  readonly dir: number;
}

const keyShelf = shelf<KeyRecord>('4shared/key');
const dueShelf = shelf<null>('4shared/key-due');

/** Whose a session key is, and which folder it was made for (the catalog's id). */
export interface Session {
  readonly caller: Caller;
  readonly dir: number;
}

/**
 * Upload session keys: all that the POST of a part shows of its sender (specs/fourshared.md §7). They end when nobody used
 * them for the time that the option `keyLife` says. The ledger holds their digests alone.
 */
export interface Keys {
  issue(caller: Caller, dir: number): Promise<string>;
  /**
   * Whose this key is; begins its time anew, which is written down once a minute at most. Nothing where it is none, has
   * ended, or its account is gone.
   */
  use(key: string): Promise<Session | undefined>;
  readonly sweep: Sweep;
}

const idOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Opens the keys that rest in the host's ledger. `life`: ms. */
export const openKeys = ({ ledger, accounts, clock, ids }: Host, life: number): Keys => {
  const records = expiringShelf(keyShelf, dueShelf, clock);
  const slack = Math.min(60_000, life / 100);

  return {
    issue: async ({ account: { name, createdAt } }, dir) => {
      const key = createHash('sha256').update(ids.next()).digest('hex').slice(0, 32);
      const record = { account: name, since: createdAt, dir, expiresAt: clock.now() + life };
      // Whoever's key is lost to a power failure gets another one.
      await ledger.transact(async (facts) => records.add(facts, idOf(key), record), 'relaxed');
      return key;
    },
    use: async (key) => {
      const id = idOf(key);
      const record = await ledger.read((facts) => records.find(facts, id));
      const account = record && (await accounts.find(record.account));
      if (!record || account?.createdAt !== record.since) return undefined;
      if (record.expiresAt + slack <= clock.now() + life)
        await ledger.transact(async (facts) => {
          const known = await records.find(facts, id);
          if (known) records.amend(facts, id, { ...known, expiresAt: clock.now() + life });
        }, 'relaxed');
      return { caller: callerOf(account), dir: record.dir };
    },
    sweep: { name: '4shared session keys', run: () => records.sweep(ledger) },
  };
};
