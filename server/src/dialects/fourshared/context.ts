import type { FactReader, Facts } from '../../engine/ports.js';
import { isRefusal } from '../../engine/refusals.js';
import type { Caller } from '../../services/accounts/accounts.js';
import type { Call } from '../../wire/soap/index.js';
import type { Host } from '../dialect.js';
import type { Drive, Home, Place } from './drive/drive.js';
import { homeOf } from './home.js';
import { dirOf } from './ids.js';
import type { FourSharedOptions } from './options.js';
import type { Centers } from './uploads/centers.js';
import type { Keys } from './uploads/keys.js';
import type { Uploads } from './uploads/uploads.js';

/** What the dialect is made of: the same for all calls. */
export interface Parts {
  readonly host: Host;
  readonly options: FourSharedOptions;
  readonly drive: Drive;
  readonly uploads: Uploads;
  readonly keys: Keys;
  readonly centers: Centers;
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
  /** Address of the client. */
  readonly from: string;
  /** Where the client reached us: what links begin with. */
  readonly base: string;
  /** Reads, or changes, what is in the drive: files that are complete are in it, finished by their sender or not. */
  read<T>(work: (facts: FactReader) => Promise<T>): Promise<T>;
  write<T>(work: (facts: Facts) => Promise<T>): Promise<T>;
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

/** The account's folder of this id, as clients know it. */
export const findDir = ({ read, drive, home }: Context, dirId: number): Promise<Place | undefined> =>
  read((facts) => drive.findFolder(facts, home, dirOf(home, dirId)));

/** Opens the visit of one call. */
export const openVisit = (parts: Parts, call: Call): Visit => ({
  ...parts,
  call,
  admit: (login, password) => verify(parts.host, login, password),
});

/** Opens the context of a call whose credentials were right; the account's drive is made with its first call. */
export const openContext = async (visit: Visit, caller: Caller): Promise<Context> => {
  const {
    host: { ledger },
    uploads,
    call,
  } = visit;
  const home = await homeOf(visit, caller.account.name);
  return {
    ...visit,
    caller,
    home,
    from: call.exchange.remote,
    base: call.exchange.origin,
    read: async (work) => {
      await uploads.settleAll(home);
      return ledger.read(work);
    },
    write: async (work) => {
      await uploads.settleAll(home);
      return ledger.transact(work);
    },
  };
};
