import { shelf } from '../../engine/ports.js';
import { hyphenated, newDigits } from '../../kit/guids.js';
import type { Account, Caller } from '../../services/accounts/accounts.js';
import { callerOf } from '../../services/accounts/caller.js';
import { openSecrets, type Secret } from '../../services/expiring/secrets.js';
import type { Sweep } from '../../services/janitor/janitor.js';
import type { Host } from '../dialect.js';
import { readGuid } from './guids.js';

const values = shelf<Secret>('inforouter/ticket');
const due = shelf<null>('inforouter/ticket-due');

/** Who holds a ticket, and until when (ms since 1970). */
export interface Session {
  readonly caller: Caller;
  readonly expiresAt: number;
}

/** A ticket as its holder is told it: this once. */
export interface Issued {
  readonly ticket: string;
  readonly expiresAt: number;
}

/**
 * Tickets: what clients show instead of a password (specs/inforouter.md §5.1). They end when nobody used them for the time
 * that the option `ticketLife` says. The ledger holds their digests alone.
 */
export interface Tickets {
  issue(account: Account): Promise<Issued>;
  /** Who holds this ticket. Nothing where it is none, has ended, or its account is gone or has another password. */
  find(ticket: string): Promise<Session | undefined>;
  /** Begins the ticket's time anew. Written down once a minute at most. */
  prolong(ticket: string, session: Session): Promise<void>;
  /** Begins the time of the account's own ticket anew; issues another where this is none of its tickets. */
  renew(ticket: string, account: Account): Promise<Issued>;
  /** Ends a ticket. No such ticket is no error. */
  end(ticket: string): Promise<void>;
  readonly sweep: Sweep;
}

/** Opens the tickets that rest in the host's ledger. `life`: ms. */
export const openTickets = (host: Host, life: number): Tickets => {
  const { ledger, clock, ids } = host;
  const secrets = openSecrets(host, { values, due });

  const issue = async (account: Account): Promise<Issued> => {
    const guid = newDigits(ids);
    const expiresAt = clock.now() + life;
    // Whoever's ticket is lost to a power failure logs in again.
    await ledger.transact(async (facts) => secrets.add(facts, guid, account, { life, more: {} }), 'relaxed');
    return { ticket: hyphenated(guid), expiresAt };
  };

  const find = async (ticket: string): Promise<Session | undefined> => {
    const guid = readGuid(ticket);
    const shown = guid === undefined ? undefined : await secrets.find(guid);
    return shown && { caller: callerOf(shown.account), expiresAt: shown.record.expiresAt };
  };

  return {
    issue,
    find,
    prolong: async (ticket, session) => {
      const guid = readGuid(ticket);
      if (guid !== undefined) await secrets.keepAlive(guid, session, life);
    },
    renew: async (ticket, account) => {
      const guid = readGuid(ticket);
      const session = await find(ticket);
      if (guid === undefined || session?.caller.account.name !== account.name) return issue(account);
      await secrets.prolong(guid, life);
      return { ticket: hyphenated(guid), expiresAt: clock.now() + life };
    },
    end: async (ticket) => {
      const guid = readGuid(ticket);
      if (guid !== undefined) await secrets.end(guid);
    },
    sweep: { name: 'infoRouter tickets', run: secrets.sweep },
  };
};
