import { createHmac } from 'node:crypto';
import { type Ledger, shelf } from '../../engine/ports.js';
import type { Clock } from '../../kit/clock.js';
import { newDigits } from '../../kit/guids.js';
import type { Ids } from '../../kit/ids.js';
import type { Account, Accounts } from '../../services/accounts/accounts.js';
import { openSecrets, type Secret } from '../../services/expiring/secrets.js';
import type { Sweep } from '../../services/janitor/janitor.js';
import type { ApiOptions } from '../options.js';

/** A session as the ledger keeps it, under the digest of its key. */
interface SessionRecord extends Secret {
  /** ms since 1970. */
  readonly startedAt: number;
  /** Id of the API key that it was begun with in place of a password. */
  readonly apiKey: string | null;
}

const values = shelf<SessionRecord>('session');
const due = shelf<null>('session-due');

/** Somebody's login. */
export interface Session {
  readonly account: Account;
  /** ms since 1970: until when it stands at the least. Being used makes it stand longer. */
  readonly expiresAt: number;
}

/**
 * Logins to the web page. They end when nobody has used them for a while, when they are old, with the account's password, with
 * the API key that they were begun with, or when they are ended. The ledger holds a digest alone.
 */
export interface Sessions {
  /** Begins a session, and tells its secret this once. `apiKey`: the id of the API key that stood in for the password. */
  begin(account: Account, apiKey: string | null): Promise<{ readonly secret: string; readonly expiresAt: number }>;
  /** Whose session this is, which begins its time of rest anew. */
  find(secret: string): Promise<Session | undefined>;
  /** As `find`, for who shows the session's key. */
  findByKey(key: string): Promise<Session | undefined>;
  /** Ends a session. No such session is no error. */
  end(secret: string): Promise<void>;
  readonly sweep: Sweep;
}

const derived = (secret: string, what: string) => createHmac('sha512', secret).update(what);

/**
 * What stands for a session in every protocol: looks like an API key, and is known by the same record, so that it ends with the
 * session. From it nobody learns the session's secret.
 */
export const keyOf = (secret: string): string => {
  const digits = derived(secret, 'key').digest('hex');
  return `lsk_${digits.slice(0, 26)}_${digits.slice(26, 74)}`;
};

/** What a page shows beside the cookie, so that no other page can act in its name. */
export const csrfOf = (secret: string): string => derived(secret, 'csrf').digest('base64url').slice(0, 32);

const hour = 3_600_000;
/** Uses within so many ms may be written down as one. */
const slack = 60_000;

/** Opens the sessions that rest in the ledger. */
export const openSessions = (
  parts: { readonly ledger: Ledger; readonly accounts: Accounts; readonly clock: Clock; readonly ids: Ids },
  { sessionHours, sessionDays }: ApiOptions,
): Sessions => {
  const { ledger, accounts, clock, ids } = parts;
  const secrets = openSecrets(parts, { values, due });
  /** How long a session that began then may rest from now on. */
  const lifeOf = (startedAt: number): number =>
    Math.min(sessionHours * hour, startedAt + sessionDays * 24 * hour - clock.now());

  const findByKey = async (key: string): Promise<Session | undefined> => {
    const shown = await secrets.find(key);
    if (!shown) return undefined;
    const { account, record } = shown;
    if (record.apiKey !== null && !(await accounts.hasKey(record.apiKey))) return undefined;
    const life = lifeOf(record.startedAt);
    await secrets.keepAlive(key, record, life);
    return { account, expiresAt: Math.max(record.expiresAt, clock.now() + life - slack) };
  };

  return {
    begin: async (account, apiKey) => {
      const secret = newDigits(ids);
      const startedAt = clock.now();
      const life = lifeOf(startedAt);
      await ledger.transact(
        async (facts) => secrets.add(facts, keyOf(secret), account, { life, more: { startedAt, apiKey } }),
        'relaxed',
      );
      return { secret, expiresAt: startedAt + life };
    },
    find: async (secret) => (/^[0-9a-f]{32}$/.test(secret) ? findByKey(keyOf(secret)) : undefined),
    findByKey,
    end: (secret) => secrets.end(keyOf(secret)),
    sweep: { name: 'sessions', run: secrets.sweep },
  };
};
