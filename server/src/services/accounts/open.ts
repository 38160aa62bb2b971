import { randomBytes } from 'node:crypto';
import type { Ledger } from '../../engine/ports.js';
import { Refusal } from '../../engine/refusals.js';
import type { Clock } from '../../kit/clock.js';
import type { Ids } from '../../kit/ids.js';
import type { Log } from '../../kit/log.js';
import type { Account, Accounts, Caller, Role } from './accounts.js';
import { credentialsOf } from './authorization.js';
import { callerOf } from './caller.js';
import { dropKey, hasEnough, isKept, isKey, keyBySecret, keysOf, mostKeys, newKey, putKey } from './keys.js';
import { nameKey, needNameKey, needPassword } from './names.js';
import type { AccountsOptions } from './options.js';
import { passwords } from './passwords.js';
import { accountShelf, needAccount, needOtherAdmin, needSound, putNew, toAccount } from './records.js';

type Reason = 'missing' | 'wrong';
const unauthenticated = (reason: Reason) => new Refusal('unauthenticated', { reason });

/** Opens the accounts that rest in `ledger`. Logs who was added, changed and removed, and names that were refused. */
export const openAccounts = (parts: {
  ledger: Ledger;
  clock: Clock;
  ids: Ids;
  log: Log;
  options: AccountsOptions;
}): Accounts => {
  const { ledger, clock, ids, log, options } = parts;
  const judge = passwords(parts);

  const recordOf = (key: string | undefined) =>
    ledger.read(async (facts) => (key === undefined ? undefined : accountShelf.get(facts, key)));

  const newRecord = async (spec: { name: string; password: string; role?: Role; quota?: number | null }) => ({
    name: spec.name.normalize('NFC'),
    role: spec.role ?? 'uploader',
    createdAt: clock.now(),
    quota: spec.quota ?? null,
    password: await judge.hash(spec.password),
  });

  const add = async (spec: {
    name: string;
    password: string;
    role?: Role;
    quota?: number | null;
  }): Promise<Account> => {
    const key = needNameKey(spec.name);
    needPassword(spec.password);
    needSound(spec);
    const record = await newRecord(spec);
    const account = await ledger.transact((facts) => putNew(facts, key, record));
    log.info({ account: account.name, role: account.role }, 'account added');
    return account;
  };

  const others: ((secret: string) => Promise<Account | undefined>)[] = [];

  const holderOf = async (secret: string): Promise<Account | undefined> => {
    if (!isKey(secret)) return undefined;
    const record = await ledger.read(async (facts) => {
      const found = await keyBySecret(facts, secret);
      return found && accountShelf.get(facts, found.account);
    });
    if (record) return toAccount(record);
    for (const find of others) {
      const account = await find(secret);
      if (account) return account;
    }
    return undefined;
  };

  const verifyKey = async (secret: string): Promise<Caller> => {
    const account = await holderOf(secret);
    if (!account) throw unauthenticated('wrong');
    return callerOf(account);
  };

  const wrong = (known: Account | undefined): Refusal => {
    log.info({ known: known !== undefined, account: known?.name ?? null }, 'wrong name or password');
    return unauthenticated('wrong');
  };

  const verify = async (name: string, password: string): Promise<Caller> => {
    const key = nameKey(name);
    const record = await recordOf(key);
    if (isKey(password)) {
      const holder = await holderOf(password);
      if (holder !== undefined && nameKey(holder.name) === key) return callerOf(holder);
      await judge.wrong(key ?? '');
      throw wrong(record);
    }
    const right = await judge.right(key ?? '', password, record);
    if (right && record) return callerOf(toAccount(record));
    throw wrong(record);
  };

  const anonymous = async (): Promise<Caller> => {
    const record = options.anonymous === null ? undefined : await recordOf(nameKey(options.anonymous));
    if (!record) throw unauthenticated('missing');
    return callerOf(toAccount(record));
  };

  return {
    add,
    verify,
    verifyKey,
    find: async (name) => {
      const record = await recordOf(nameKey(name));
      return record && toAccount(record);
    },
    list: async () => {
      const found = await ledger.read((facts) => accountShelf.list(facts));
      return found.map(({ value }) => toAccount(value));
    },
    amend: async (name, changes) => {
      needSound(changes);
      const account = await ledger.transact(async (facts) => {
        const key = needNameKey(name);
        const before = await needAccount(facts, key);
        if (changes.role !== undefined && changes.role !== 'admin') await needOtherAdmin(facts, before);
        const record = { ...before, ...changes };
        accountShelf.put(facts, key, record);
        return toAccount(record);
      });
      log.info({ account: account.name, ...changes }, 'account changed');
      return account;
    },
    setPassword: async (name, password) => {
      const key = needNameKey(name);
      needPassword(password);
      const hash = await judge.hash(password);
      await ledger.transact(async (facts) => {
        const record = await needAccount(facts, key);
        const before = record.passwordSetAt ?? record.createdAt;
        accountShelf.put(facts, key, { ...record, password: hash, passwordSetAt: Math.max(clock.now(), before + 1) });
      });
      log.info({ account: name }, 'password changed');
    },
    remove: async (name) => {
      const key = nameKey(name);
      if (key === undefined) return;
      await ledger.transact(async (facts) => {
        const record = await accountShelf.get(facts, key);
        if (record) await needOtherAdmin(facts, record);
        for (const { id } of await keysOf(facts, key)) await dropKey(facts, id);
        accountShelf.delete(facts, key);
      });
      log.info({ account: name }, 'account removed');
    },
    ensureFirst: async () => {
      const empty = await ledger.read(async (facts) => (await accountShelf.list(facts, { limit: 1 })).length === 0);
      if (!empty) return null;
      const first = { name: 'admin', password: randomBytes(12).toString('base64url') };
      const record = await newRecord({ ...first, role: 'admin' });
      return ledger.transact(async (facts) => {
        if ((await accountShelf.list(facts, { limit: 1 })).length > 0) return null;
        await putNew(facts, needNameKey(first.name), record);
        return first;
      });
    },
    addKey: async (name, label = '') => {
      const account = needNameKey(name);
      const key = newKey(ids);
      await ledger.transact(async (facts) => {
        await needAccount(facts, account);
        if (await hasEnough(facts, account))
          throw new Refusal('malformed', { reason: `An account has at most ${mostKeys} API keys.` });
        putKey(facts, { ...key, account, label, createdAt: clock.now() });
      });
      log.info({ account: name, key: key.id }, 'API key added');
      return key;
    },
    listKeys: async (name) => {
      const account = nameKey(name);
      const found = account === undefined ? [] : await ledger.read((facts) => keysOf(facts, account));
      return found.map(({ id, label, createdAt }) => ({ id, label, createdAt }));
    },
    removeKey: async (id) => {
      if (!/^[0-9a-z]+$/.test(id)) return;
      await ledger.transact((facts) => dropKey(facts, id));
      log.info({ key: id }, 'API key removed');
    },
    hasKey: (id) => ledger.read((facts) => isKept(facts, id)),
    honour: (find) => {
      others.push(find);
    },
    authorize: async (header) => {
      if (header === undefined || header.trim() === '') return anonymous();
      const credentials = credentialsOf(header);
      if (!credentials) throw unauthenticated('wrong');
      if (credentials.kind === 'key') return verifyKey(credentials.secret);
      const { name, password } = credentials;
      return isKey(password) ? verifyKey(password) : verify(name, password);
    },
  };
};
