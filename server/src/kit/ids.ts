import { randomBytes } from 'node:crypto';

/** Where the program gets its ids from. Tests hand in countable ones; only `app` builds the real one. */
export interface Ids {
  /**
   * A new id that nobody can guess: 128 random bits as 26 characters of `[0-9a-z]`.
   * Safe in URLs, file names and ledger keys.
   */
  next(): string;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ids from the machine's CSPRNG. */
export const randomIds: Ids = {
  next: () => {
    let bits = BigInt(`0x${randomBytes(16).toString('hex')}`);
    let id = '';
    for (let i = 0; i < 26; i += 1) {
      id = alphabet.charAt(Number(bits & 31n)) + id;
      bits >>= 5n;
    }
    return id;
  },
};

/** Ids that count up (`id000…01`): for tests and golden transcripts. */
export const countingIds = (prefix = 'id'): Ids => {
  let count = 0;
  return {
    next: () => {
      count += 1;
      return `${prefix}${String(count).padStart(26 - prefix.length, '0')}`;
    },
  };
};
