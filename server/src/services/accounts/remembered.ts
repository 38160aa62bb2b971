import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../kit/clock.js';
import type { PasswordHash } from './password.js';

/** Credentials that were verified a short while ago, as keyed hashes. */
export interface Remembered {
  /**
   * What stands for a name, a password and the stored hash it was checked against. A new password has a new hash, so
   * what was remembered of the old one is never asked for again, whichever process changed it.
   */
  seal(key: string, password: string, stored: PasswordHash): string;
  has(seal: string): boolean;
  add(seal: string): void;
}

/** Remembers for `ms` from the verification on; at most `most` of them, the longest unused going first. */
export const remembered = (clock: Clock, ms: number, most = 10_000): Remembered => {
  // Known to this process alone, so that the table is worth nothing to whoever reads its memory later.
  const secret = randomBytes(32);
  const until = new Map<string, number>();
  return {
    seal: (key, password, stored) =>
      createHmac('sha256', secret)
        .update(JSON.stringify([key, password, stored.salt, stored.hash]))
        .digest('base64'),
    has: (seal) => {
      const end = until.get(seal);
      if (end === undefined) return false;
      until.delete(seal);
      if (clock.now() >= end) return false;
      until.set(seal, end);
      return true;
    },
    add: (seal) => {
      if (ms === 0) return;
      until.delete(seal);
      until.set(seal, clock.now() + ms);
      for (const oldest of until.keys()) {
        if (until.size <= most) break;
        until.delete(oldest);
      }
    },
  };
};
