import { createHash } from 'node:crypto';
import { shelf } from '../../engine/ports.js';
import type { Account, Caller } from '../../services/accounts/accounts.js';
import { callerOf } from '../../services/accounts/caller.js';
import { type Expiring, expiringShelf } from '../../services/expiring/shelf.js';
import type { Sweep } from '../../services/janitor/janitor.js';
import type { Host } from '../dialect.js';
import { newGuid, printGuid, readGuid } from './guids.js';

/** A ticket as the ledger keeps it, under the SHA-256 of the ticket: it has 128 random bits, so it needs no slow hash. */
interface TicketRecord extends Expiring {
  /** The account's name. */
  readonly account: string;
  /** When that account was made, so that a later one of its name has none of its tickets. ms since 1970. */
  readonly since: number;
}

const ticketShelf = shelf<TicketRecord>('inforouter/ticket');
const dueShelf = shelf<null>('inforouter/ticket-due');

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
  /** Who holds this ticket. Nothing where it is none, has ended, or its account is gone. */
  find(ticket: string): Promise<Session | undefined>;
  /** Begins the ticket's time anew. Written down once a minute at most. */
  prolong(ticket: string, session: Session): Promise<void>;
  /** Begins the time of the account's own ticket anew; issues another where this is none of its tickets. */
  renew(ticket: string, account: Account): Promise<Issued>;
  /** Ends a ticket. No such ticket is no error. */
  end(ticket: string): Promise<void>;
  readonly sweep: Sweep;
}

const keyOf = (ticket: string): string | undefined => {
  const guid = readGuid(ticket);
  return guid && createHash('sha256').update(guid).digest('hex');
};

/** Opens the tickets that rest in the host's ledger. `life`: ms. */
export const openTickets = ({ ledger, accounts, clock, ids }: Host, life: number): Tickets => {
  const shelf = expiringShelf(ticketShelf, dueShelf, clock);
  const slack = Math.min(60_000, life / 100);

  const issue = async ({ name, createdAt }: Account): Promise<Issued> => {
    const ticket = printGuid(newGuid(ids));
    const expiresAt = clock.now() + life;
    const record = { account: name, since: createdAt, expiresAt };
    // Whoever's ticket is lost to a power failure logs in again.
    await ledger.transact(async (facts) => shelf.add(facts, keyOf(ticket) ?? '', record), 'relaxed');
    return { ticket, expiresAt };
  };

  const find = async (ticket: string): Promise<Session | undefined> => {
    const key = keyOf(ticket);
    const record = key === undefined ? undefined : await ledger.read((facts) => shelf.find(facts, key));
    const account = record && (await accounts.find(record.account));
    if (account?.createdAt !== record?.since || !record || !account) return undefined;
    return { caller: callerOf(account), expiresAt: record.expiresAt };
  };

  const extend = async (ticket: string): Promise<void> => {
    const key = keyOf(ticket) ?? '';
    await ledger.transact(async (facts) => {
      const record = await shelf.find(facts, key);
      if (record) shelf.amend(facts, key, { ...record, expiresAt: clock.now() + life });
    }, 'relaxed');
  };

  return {
    issue,
    find,
    prolong: async (ticket, { expiresAt }) => {
      if (expiresAt + slack <= clock.now() + life) await extend(ticket);
    },
    renew: async (ticket, account) => {
      const session = await find(ticket);
      if (session?.caller.account.name !== account.name) return issue(account);
      await extend(ticket);
      const guid = readGuid(ticket) ?? '';
      return { ticket: printGuid(guid), expiresAt: clock.now() + life };
    },
    end: async (ticket) => {
      const key = keyOf(ticket);
      if (key !== undefined) await ledger.transact(async (facts) => shelf.delete(facts, key));
    },
    sweep: { name: 'infoRouter tickets', run: () => shelf.sweep(ledger) },
  };
};
