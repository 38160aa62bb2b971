import type { Host } from '../dialect.js';
import type { Drive, Home } from './drive/drive.js';

/** The drive of an account, made the first time that it is asked for. */
export const homeOf = async (
  { host: { ledger }, drive }: { host: Pick<Host, 'ledger'>; drive: Drive },
  account: string,
): Promise<Home> =>
  (await ledger.read((facts) => drive.findHome(facts, account))) ??
  ledger.transact((facts) => drive.makeHome(facts, account));
