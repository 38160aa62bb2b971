import { type FactReader, type Facts, shelf } from '../../engine/ports.js';
import { Refusal } from '../../engine/refusals.js';
import { type Account, type Role, roles } from './accounts.js';
import type { PasswordHash } from './password.js';

/** An account as the ledger keeps it, under the key of its name. */
export interface AccountRecord extends Account {
  readonly password: PasswordHash;
}

/** Ids are `nameKey`s. */
export const accountShelf = shelf<AccountRecord>('account');

/** What the world sees of a record. */
export const toAccount = ({ name, role, createdAt, passwordSetAt, quota }: AccountRecord): Account => ({
  name,
  role,
  createdAt,
  ...(passwordSetAt !== undefined && { passwordSetAt }),
  quota,
});

/** Refuses `malformed` for a role that there is not, or a quota that is no number of bytes. */
export const needSound = ({ role, quota }: { role?: Role; quota?: number | null }): void => {
  if (role !== undefined && !Object.hasOwn(roles, role))
    throw new Refusal('malformed', { reason: `A role is one of ${Object.keys(roles).join(', ')}.` });
  if (quota != null && (!Number.isSafeInteger(quota) || quota < 0))
    throw new Refusal('malformed', { reason: 'A quota is a number of bytes.' });
};

/** The record under this key; refuses `malformed` where there is none. */
export const needAccount = async (facts: FactReader, key: string | undefined): Promise<AccountRecord> => {
  const record = key === undefined ? undefined : await accountShelf.get(facts, key);
  if (!record) throw new Refusal('malformed', { reason: 'There is no account of that name.' });
  return record;
};

/** Refuses `malformed` where this account is an administrator and there is no other. */
export const needOtherAdmin = async (facts: FactReader, { name, role }: AccountRecord): Promise<void> => {
  if (role !== 'admin') return;
  const all = await accountShelf.list(facts);
  if (all.every(({ value }) => value.role !== 'admin' || value.name === name))
    throw new Refusal('malformed', { reason: `"${name}" is the last administrator: make another account one first.` });
};

/** Puts a new account on the shelf; refuses `name-taken`. */
export const putNew = async (facts: Facts, key: string, record: AccountRecord): Promise<Account> => {
  if (await accountShelf.get(facts, key)) throw new Refusal('name-taken', { name: record.name });
  accountShelf.put(facts, key, record);
  return toAccount(record);
};
