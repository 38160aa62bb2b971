import { createHash } from 'node:crypto';
import { shelf } from '../../../engine/ports.js';
import type { Account, Caller } from '../../../services/accounts/accounts.js';
import { callerOf } from '../../../services/accounts/caller.js';
import { type Expiring, expiringShelf } from '../../../services/expiring/shelf.js';
import type { Sweep } from '../../../services/janitor/janitor.js';
import type { Host } from '../../dialect.js';
import type { Login } from '../login.js';
import type { BrightSignOptions } from '../options.js';

/** A token as the ledger keeps it, under its SHA-256: it has 130 random bits, so it needs no slow hash. */
interface TokenRecord extends Expiring {
  readonly kind: 'access' | 'refresh';
  /** The account's name. */
  readonly account: string;
  /** When that account was made, so that a later one of its name has none of its tokens. ms since 1970. */
  readonly since: number;
  /** The network that was named at the login. */
  readonly network?: string;
}

const tokenShelf = shelf<TokenRecord>('brightsign/token');
const dueShelf = shelf<null>('brightsign/token-due');

/** Tokens as their holder is told them: this once. */
export interface Issued {
  readonly access: string;
  readonly refresh: string;
  /** When the access token ends, ms since 1970. */
  readonly expiresAt: number;
}

/** Tokens that clients show instead of a password (specs/brightsign.md §B1). The ledger holds their digests alone. */
export interface Tokens {
  issue(login: Login): Promise<Issued>;
  /** Who holds this access token. Nothing where it is none, has ended, or its account is gone. */
  find(access: string): Promise<Caller | undefined>;
  /** Who holds this refresh token; it ends with that. */
  redeem(refresh: string): Promise<Login | undefined>;
  readonly sweep: Sweep;
}

const keyOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Opens the tokens that rest in the host's ledger. */
export const openTokens = (
  { ledger, accounts, clock, ids }: Host,
  { tokenLife, refreshTokenLife }: Pick<BrightSignOptions, 'tokenLife' | 'refreshTokenLife'>,
): Tokens => {
  const records = expiringShelf(tokenShelf, dueShelf, clock);

  const holderOf = async (record: TokenRecord | undefined): Promise<Account | undefined> => {
    const account = record && (await accounts.find(record.account));
    return account?.createdAt === record?.since ? account : undefined;
  };

  return {
    issue: async ({ caller: { account }, network }) => {
      const [access, refresh] = [ids.next(), ids.next()];
      const now = clock.now();
      const known = { account: account.name, since: account.createdAt, ...(network !== undefined && { network }) };
      // Whoever's token is lost to a power failure logs in again.
      await ledger.transact(async (facts) => {
        records.add(facts, keyOf(access), { ...known, kind: 'access', expiresAt: now + tokenLife });
        records.add(facts, keyOf(refresh), { ...known, kind: 'refresh', expiresAt: now + refreshTokenLife });
      }, 'relaxed');
      return { access, refresh, expiresAt: now + tokenLife };
    },
    find: async (access) => {
      const record = await ledger.read((facts) => records.find(facts, keyOf(access)));
      const account = record?.kind === 'access' ? await holderOf(record) : undefined;
      return account && callerOf(account);
    },
    redeem: async (refresh) => {
      const record = await ledger.transact(async (facts) => {
        const found = await records.find(facts, keyOf(refresh));
        if (found?.kind !== 'refresh') return undefined;
        records.delete(facts, keyOf(refresh));
        return found;
      }, 'relaxed');
      const account = await holderOf(record);
      if (!record || !account) return undefined;
      return { caller: callerOf(account), ...(record.network !== undefined && { network: record.network }) };
    },
    sweep: { name: 'brightsign tokens', run: () => records.sweep(ledger) },
  };
};
