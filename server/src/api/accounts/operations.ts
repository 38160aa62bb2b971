import { isRefusal } from '../../engine/refusals.js';
import { usageOf } from '../../engine/usage.js';
import type { Account } from '../../services/accounts/accounts.js';
import { isKey } from '../../services/accounts/keys.js';
import type { ApiHost } from '../host.js';
import { type Operation, operation } from '../operation.js';
import { ApiProblem } from '../problems.js';
import { AccountChange, Account as AccountShape, Accounts, NewAccount, NewPassword } from '../shapes/index.js';
import { accountOf } from './find.js';
import { keyOperations } from './keys.js';
import { limitsOperations } from './limits.js';

const tag = 'accounts';

const told = async ({ ledger, accounts }: ApiHost, account: Account): Promise<AccountShape> => {
  const { name, role, createdAt, quota } = account;
  const { held, reserved } = await ledger.read((facts) => usageOf(facts, name));
  return { name, role, createdAt, quota, held, reserved, keys: (await accounts.listKeys(name)).length };
};

/** Refuses where this is not the account's password. An API key is none: it must not be enough to take an account over. */
const needCurrent = async ({ accounts }: ApiHost, { name }: Account, current: string | undefined): Promise<void> => {
  const wrong = new ApiProblem({
    kind: 'wrong-password',
    status: 403,
    title: 'The current password is missing or not right.',
  });
  if (current === undefined || isKey(current)) throw wrong;
  await accounts.verify(name, current).catch((error: unknown) => {
    throw isRefusal(error, 'unauthenticated') ? wrong : error;
  });
};

/** Accounts: everybody sees and keys their own, administrators have all in hand. */
export const accountOperations: readonly Operation[] = [
  ...limitsOperations,
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/accounts',
      tag,
      summary: 'The accounts and what they use: for administrators all, for others their own.',
      answer: Accounts,
    },
    async ({ host, caller }) => {
      const all = caller.may('admin') ? await host.accounts.list() : [caller.account];
      const accounts: AccountShape[] = [];
      for (const each of all) accounts.push(await told(host, each));
      return { accounts };
    },
  ),
  operation(
    {
      access: 'admin',
      method: 'POST',
      path: '/accounts',
      tag,
      summary: 'Adds an account.',
      body: NewAccount,
      answer: AccountShape,
    },
    async ({ host, body: { name, password, role = 'uploader', quota = null } }) =>
      told(host, await host.accounts.add({ name, password, role, quota })),
  ),
  operation(
    {
      access: 'admin',
      method: 'PATCH',
      path: '/accounts/:name',
      tag,
      summary: 'Changes an account’s role or quota. There is always an administrator left.',
      body: AccountChange,
      answer: AccountShape,
    },
    async (visit) => {
      const { name } = await accountOf(visit);
      const { role, quota } = visit.body;
      const changes = { ...(role !== undefined && { role }), ...(quota !== undefined && { quota }) };
      return told(visit.host, await visit.host.accounts.amend(name, changes));
    },
  ),
  operation(
    {
      access: 'admin',
      method: 'DELETE',
      path: '/accounts/:name',
      tag,
      summary:
        'Removes an account, its API keys and its sessions; its files stay. There is always an administrator left.',
      answer: null,
    },
    async (visit) => visit.host.accounts.remove((await accountOf(visit)).name),
  ),
  operation(
    {
      access: 'account',
      method: 'PUT',
      path: '/accounts/:name/password',
      tag,
      summary:
        'Sets a new password, which ends all sessions of the account. Who changes their own says the one until now.',
      body: NewPassword,
      answer: null,
    },
    async (visit) => {
      const { host, caller, body } = visit;
      const account = await accountOf(visit);
      if (account.name === caller.account.name) await needCurrent(host, account, body.current);
      await host.accounts.setPassword(account.name, body.password);
    },
  ),
  ...keyOperations,
];
