import { createHash } from 'node:crypto';
import type { Facts, Ledger, Shelf } from '../../engine/ports.js';
import type { Clock } from '../../kit/clock.js';
import type { Account, Accounts } from '../accounts/accounts.js';
import { type Expiring, expiringShelf } from './shelf.js';

/** A secret as the ledger keeps it: whose it is, and until when. */
export interface Secret extends Expiring {
  /** The account's name. */
  readonly account: string;
  /** Since when that account has had its password, so that neither another one nor a later account of its name has the secret. ms since 1970. */
  readonly since: number;
}

/** What is known of a secret that somebody has shown. */
export interface Shown<T extends Secret> {
  readonly account: Account;
  readonly record: T;
}

/**
 * Secrets that clients show in place of a password: tickets, tokens, session keys. They end by the clock, with that password, and with
 * their account. The ledger holds their SHA-256 alone; they have 128 random bits, so that needs no slow hash.
 */
export interface Secrets<T extends Secret> {
  /** Keeps a new secret of an account, for `life` ms; `more` is what else is to be known of it. */
  add(facts: Facts, secret: string, account: Account, how: { life: number; more: Omit<T, keyof Secret> }): void;
  /** Nothing where it is no secret of ours, has ended, or its account is gone or has another password. */
  find(secret: string): Promise<Shown<T> | undefined>;
  /** As `find`; the secret ends with that, where `may` says so of its record. */
  redeem(secret: string, may: (record: T) => boolean): Promise<Shown<T> | undefined>;
  /** Begins a secret's time anew: `life` ms. */
  prolong(secret: string, life: number): Promise<void>;
  /** As `prolong`, but written down once a minute at most. `known`: as it was found. */
  keepAlive(secret: string, known: Expiring, life: number): Promise<void>;
  /** Ends a secret. No such secret is no error. */
  end(secret: string): Promise<void>;
  /** Removes what has ended, a bounded number of them; says whether there may be more. */
  sweep(): Promise<boolean>;
}

const keyOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Since when an account has had its password. */
const sinceOf = ({ createdAt, passwordSetAt }: Account): number => passwordSetAt ?? createdAt;

/** Opens the secrets that rest on a shelf, with that which says when to look at which. */
export const openSecrets = <T extends Secret>(
  { ledger, accounts, clock }: { readonly ledger: Ledger; readonly accounts: Accounts; readonly clock: Clock },
  { values, due }: { readonly values: Shelf<T>; readonly due: Shelf<null> },
): Secrets<T> => {
  const records = expiringShelf(values, due, clock);

  const shown = async (record: T | undefined): Promise<Shown<T> | undefined> => {
    const account = record && (await accounts.find(record.account));
    return record && account && sinceOf(account) === record.since ? { account, record } : undefined;
  };

  return {
    add: (facts, secret, account, { life, more }) => {
      const record = { ...more, account: account.name, since: sinceOf(account), expiresAt: clock.now() + life } as T;
      records.add(facts, keyOf(secret), record);
    },
    find: async (secret) => shown(await ledger.read((facts) => records.find(facts, keyOf(secret)))),
    redeem: async (secret, may) =>
      shown(
        await ledger.transact(async (facts) => {
          const record = await records.find(facts, keyOf(secret));
          if (!record || !may(record)) return undefined;
          records.delete(facts, keyOf(secret));
          return record;
        }, 'relaxed'),
      ),
    prolong: (secret, life) => records.prolong(ledger, keyOf(secret), life),
    keepAlive: (secret, known, life) => records.keepAlive(ledger, keyOf(secret), known, life),
    end: (secret) => ledger.transact(async (facts) => records.delete(facts, keyOf(secret))),
    sweep: () => records.sweep(ledger),
  };
};
