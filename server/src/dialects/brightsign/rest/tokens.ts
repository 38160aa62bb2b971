import { shelf } from '../../../engine/ports.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import { callerOf } from '../../../services/accounts/caller.js';
import { openSecrets, type Secret } from '../../../services/expiring/secrets.js';
import type { Sweep } from '../../../services/janitor/janitor.js';
import type { Host } from '../../dialect.js';
import type { Login } from '../login.js';
import type { BrightSignOptions } from '../options.js';

/** A token as the ledger keeps it. */
interface TokenRecord extends Secret {
  readonly kind: 'access' | 'refresh';
  /** The network that was named at the login. */
  readonly network?: string;
  /** As in `Renewable`. */
  readonly until?: number;
}

const values = shelf<TokenRecord>('brightsign/token');
const due = shelf<null>('brightsign/token-due');

/** A login for which tokens are given, and given anew. */
export interface Renewable extends Login {
  /** ms since 1970: none of its tokens lives longer, however often they are renewed. Left out: as long as they are. */
  readonly until?: number;
}

/** Tokens as their holder is told them: this once. */
export interface Issued {
  readonly access: string;
  readonly refresh: string;
  /** When the access token ends, ms since 1970. */
  readonly expiresAt: number;
}

/** Tokens that clients show instead of a password (specs/brightsign.md §B1). The ledger holds their digests alone. */
export interface Tokens {
  issue(login: Renewable): Promise<Issued>;
  /** Who holds this access token. Nothing where it is none, has ended, or its account is gone or has another password. */
  find(access: string): Promise<Caller | undefined>;
  /** Who holds this refresh token; it ends with that. */
  redeem(refresh: string): Promise<Renewable | undefined>;
  readonly sweep: Sweep;
}

/** Opens the tokens that rest in the host's ledger. */
export const openTokens = (
  host: Host,
  { tokenLife, refreshTokenLife }: Pick<BrightSignOptions, 'tokenLife' | 'refreshTokenLife'>,
): Tokens => {
  const { ledger, clock, ids } = host;
  const secrets = openSecrets(host, { values, due });
  return {
    issue: async ({ caller: { account }, network, until }) => {
      const [access, refresh] = [ids.next(), ids.next()];
      const now = clock.now();
      const within = (life: number): number => (until === undefined ? life : Math.min(life, until - now));
      const life = within(tokenLife);
      const known = { ...(network !== undefined && { network }), ...(until !== undefined && { until }) };
      // Whoever's token is lost to a power failure logs in again.
      await ledger.transact(async (facts) => {
        secrets.add(facts, access, account, { life, more: { ...known, kind: 'access' } });
        secrets.add(facts, refresh, account, { life: within(refreshTokenLife), more: { ...known, kind: 'refresh' } });
      }, 'relaxed');
      return { access, refresh, expiresAt: now + life };
    },
    find: async (access) => {
      const shown = await secrets.find(access);
      return shown?.record.kind === 'access' ? callerOf(shown.account) : undefined;
    },
    redeem: async (refresh) => {
      const shown = await secrets.redeem(refresh, ({ kind }) => kind === 'refresh');
      if (!shown) return undefined;
      const { network, until } = shown.record;
      return {
        caller: callerOf(shown.account),
        ...(network !== undefined && { network }),
        ...(until !== undefined && { until }),
      };
    },
    sweep: { name: 'brightsign tokens', run: secrets.sweep },
  };
};
