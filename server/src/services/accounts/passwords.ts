import type { Ledger } from '../../engine/ports.js';
import type { Clock } from '../../kit/clock.js';
import type { AccountsOptions } from './options.js';
import { type PasswordHash, type PasswordHasher, passwordHasher } from './password.js';
import { type AccountRecord, accountShelf } from './records.js';
import { remembered } from './remembered.js';
import { throttle } from './throttle.js';

/** Judges passwords: remembers what was right, slows down what was wrong. */
export interface Passwords {
  hash(password: string): Promise<PasswordHash>;
  /** Is this the password of `record`? The same work, and no, where there is no record of that key. */
  right(key: string, password: string, record: AccountRecord | undefined): Promise<boolean>;
  /** Takes note of a wrong API key in place of a password, and slows its sender down as for a wrong password. */
  wrong(key: string): Promise<void>;
}

/** Makes the judge. Hashes made with other parameters are made anew when their password comes by. */
export const passwords = (parts: { ledger: Ledger; clock: Clock; options: AccountsOptions }): Passwords => {
  const { ledger, clock, options } = parts;
  const hasher: PasswordHasher = passwordHasher({ cost: options.passwordCost, atOnce: options.passwordChecks });
  const known = remembered(clock, options.rememberSeconds * 1000);
  const slow = throttle(clock);
  const checks = new Map<string, Promise<boolean>>();

  const renew = async (key: string, password: string, old: PasswordHash): Promise<void> => {
    const fresh = await hasher.hash(password);
    await ledger.transact(async (facts) => {
      const record = await accountShelf.get(facts, key);
      // Only what was checked is replaced: the password may have been changed meanwhile.
      if (record?.password.salt === old.salt) accountShelf.put(facts, key, { ...record, password: fresh });
    }, 'relaxed');
  };

  const check = async (key: string, password: string, record: AccountRecord | undefined): Promise<boolean> => {
    const stored = record?.password ?? hasher.nobody;
    const right = await slow.run(key, () => hasher.check(password, stored));
    if (right && hasher.outdated(stored)) await renew(key, password, stored);
    return right;
  };

  return {
    hash: (password) => hasher.hash(password),
    wrong: async (key) => {
      await slow.run(key, async () => false);
    },
    right: async (key, password, record) => {
      const seal = known.seal(key, password, record?.password ?? hasher.nobody);
      if (known.has(seal)) return true;
      // Clients that send their password with every call send many calls at once: one check answers them all.
      const running = checks.get(seal);
      if (running !== undefined) return running;
      const mine = check(key, password, record);
      checks.set(seal, mine);
      try {
        const right = await mine;
        if (right) known.add(seal);
        return right;
      } finally {
        checks.delete(seal);
      }
    },
  };
};
