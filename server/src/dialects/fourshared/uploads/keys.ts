import { shelf } from '../../../engine/ports.js';
import { newDigits } from '../../../kit/guids.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import { callerOf } from '../../../services/accounts/caller.js';
import { openSecrets, type Secret } from '../../../services/expiring/secrets.js';
import type { Sweep } from '../../../services/janitor/janitor.js';
import type { Host } from '../../dialect.js';

/** A session key as the ledger keeps it. */
interface KeyRecord extends Secret {
  /** The folder, by the catalog's id, for files that are posted without having been announced. */
  readonly dir: number;
}

const values = shelf<KeyRecord>('4shared/key');
const due = shelf<null>('4shared/key-due');

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
   * ended, or its account is gone or has another password.
   */
  use(key: string): Promise<Session | undefined>;
  readonly sweep: Sweep;
}

/** Opens the keys that rest in the host's ledger. `life`: ms. */
export const openKeys = (host: Host, life: number): Keys => {
  const { ledger, ids } = host;
  const secrets = openSecrets(host, { values, due });
  return {
    issue: async ({ account }, dir) => {
      const key = newDigits(ids);
      // Whoever's key is lost to a power failure gets another one.
      await ledger.transact(async (facts) => secrets.add(facts, key, account, { life, more: { dir } }), 'relaxed');
      return key;
    },
    use: async (key) => {
      const shown = await secrets.find(key);
      if (!shown) return undefined;
      await secrets.keepAlive(key, shown.record, life);
      return { caller: callerOf(shown.account), dir: shown.record.dir };
    },
    sweep: { name: '4shared session keys', run: secrets.sweep },
  };
};
