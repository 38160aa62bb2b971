import { isRefusal } from '../../engine/refusals.js';
import type { Caller } from '../../services/accounts/accounts.js';
import type { Call } from '../../wire/soap/index.js';
import type { Host } from '../dialect.js';
import type { Drive, Home } from './drive/drive.js';
import type { FourSharedOptions } from './options.js';

/** What the dialect is made of: the same for all calls. */
export interface Parts {
  readonly host: Host;
  readonly options: FourSharedOptions;
  readonly drive: Drive;
}

/** What operations are handed that ask for no credentials. */
export interface Visit extends Parts {
  readonly call: Call;
  /** Who has these credentials. Refuses `unauthenticated`. */
  admit(login: string, password: string): Promise<Caller>;
}

/** What all other operations are handed. */
export interface Context extends Visit {
  readonly caller: Caller;
  readonly home: Home;
}

/** `!!!<application>!!:`, which the vendor asks applications to put before the password (specs/fourshared.md §3). */
const designator = /^!!![^!]*!!:/;

/**
 * Who has this login and password. A password that begins like a designator is tried without it first: that is nearly always
 * right, and a wrong try slows the account down.
 */
const verify = async ({ accounts }: Host, login: string, password: string): Promise<Caller> => {
  const plain = password.replace(designator, '');
  if (plain === password) return accounts.verify(login, password);
  try {
    return await accounts.verify(login, plain);
  } catch (error) {
    if (!isRefusal(error, 'unauthenticated')) throw error;
    return accounts.verify(login, password);
  }
};

/** Opens the visit of one call. */
export const openVisit = (parts: Parts, call: Call): Visit => ({
  ...parts,
  call,
  admit: (login, password) => verify(parts.host, login, password),
});

/** Opens the context of a call whose credentials were right; the account's drive is made with its first call. */
export const openContext = async (visit: Visit, caller: Caller): Promise<Context> => {
  const { host, drive } = visit;
  const { name } = caller.account;
  const known = await host.ledger.read((facts) => drive.findHome(facts, name));
  const home = known ?? (await host.ledger.transact((facts) => drive.makeHome(facts, name)));
  return { ...visit, caller, home };
};
