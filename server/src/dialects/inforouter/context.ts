import type { Staged } from '../../engine/verbs.js';
import type { Caller } from '../../services/accounts/accounts.js';
import type { Call } from '../../wire/soap/index.js';
import type { Host } from '../dialect.js';
import type { Downloads } from './downloads.js';
import type { Library } from './library/library.js';
import type { InfoRouterOptions } from './options.js';
import { problems } from './problems.js';
import type { Session, Tickets } from './tickets.js';

/** What the dialect is made of: the same for all calls. */
export interface Parts {
  readonly host: Host;
  readonly options: InfoRouterOptions;
  readonly library: Library;
  readonly tickets: Tickets;
  readonly downloads: Downloads;
}

/** What every operation is handed. Who calls is not known before a ticket was shown. */
export interface Visit extends Parts {
  readonly call: Call;
  /** Who shows this ticket. Refuses `[901]`. Looked up once in a call. */
  admit(ticket: string): Promise<Caller>;
  /** The ticket in the cookie `ticket`; empty where there is none. */
  readonly cookie: string;
  /** Lets the ticket that was admitted live on: to be told when the call has succeeded. */
  prolong(): Promise<void>;
  /** Drops these bytes when the call ends, unless they were accepted. */
  dropLater(staged: Staged): void;
  /** Cancels this upload when the call ends, unless it was finished. */
  cancelLater(upload: string): void;
  /** Does what was put off to the end of the call. */
  leave(): Promise<void>;
}

/** What operations are handed that need a ticket. */
export interface Context extends Visit {
  readonly caller: Caller;
}

/** The value of the cookie called `name`; empty where there is none. */
const cookieOf = (header: string | undefined, name: string): string => {
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name)
      return pair
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1');
  }
  return '';
};

/** Opens the visit of one call. */
export const openVisit = (parts: Parts, call: Call): Visit => {
  const { host, tickets } = parts;
  const staged: Staged[] = [];
  const uploads: string[] = [];
  let admitted: { readonly ticket: string; readonly session: Promise<Session> } | undefined;

  const sessionOf = async (ticket: string): Promise<Session> => {
    const session = await tickets.find(ticket);
    if (!session) throw problems.invalidTicket();
    return session;
  };

  return {
    ...parts,
    call,
    cookie: cookieOf(call.exchange.headers.cookie, 'ticket'),
    admit: async (ticket) => {
      if (admitted?.ticket !== ticket) admitted = { ticket, session: sessionOf(ticket) };
      return (await admitted.session).caller;
    },
    prolong: async () => {
      if (admitted) await tickets.prolong(admitted.ticket, await admitted.session);
    },
    dropLater: (chunk) => staged.push(chunk),
    cancelLater: (upload) => uploads.push(upload),
    leave: async () => {
      for (const chunk of staged) await host.engine.discard(chunk);
      for (const id of uploads) {
        const upload = await host.engine.find(id);
        if (upload?.state === 'open' || upload?.state === 'sealed') await host.engine.cancel(id);
      }
    },
  };
};
