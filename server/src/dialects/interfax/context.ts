import type { Caller } from '../../services/accounts/accounts.js';
import type { Call } from '../../wire/soap/index.js';
import type { Host } from '../dialect.js';
import type { Faxes } from './faxes/faxes.js';
import { type Leavings, openLeavings } from './leavings.js';
import type { InterfaxOptions } from './options.js';
import type { Polls } from './polls.js';
import type { Sessions } from './sessions.js';

/** What the dialect is made of: the same for all calls. */
export interface Parts {
  readonly host: Host;
  readonly options: InterfaxOptions;
  readonly sessions: Sessions;
  readonly faxes: Faxes;
  readonly polls: Polls;
}

/** Name and password, as nearly every call brings them. */
export interface Credentials {
  readonly Username: string;
  readonly Password: string;
}

/** What every operation is handed. */
export interface Context extends Parts, Leavings {
  readonly call: Call;
  /** Address of the client. */
  readonly from: string;
  /** Who has this name and password. Refuses `unauthenticated`. Judged once in a call. */
  admit(credentials: Credentials): Promise<Caller>;
}

/** Opens the context of one call. */
export const openContext = (parts: Parts, call: Call): Context => {
  const { host } = parts;
  let admitted: (Credentials & { readonly caller: Promise<Caller> }) | undefined;
  call.reply.http['cache-control'] = 'private, max-age=0';
  return {
    ...parts,
    ...openLeavings(host),
    call,
    from: call.exchange.remote,
    admit: ({ Username, Password }) => {
      if (admitted?.Username !== Username || admitted.Password !== Password)
        admitted = { Username, Password, caller: host.accounts.verify(Username, Password) };
      return admitted.caller;
    },
  };
};
