import { randomBytes } from 'node:crypto';

/** Where the program gets its ids from. Tests hand in countable ones; only `app` builds the real one. */
export interface Ids {
  /**
   * A new id that nobody can guess, of `[0-9a-z]`: safe in URLs, file names and ledger keys. Those made later sort behind
   * those made earlier, to the millisecond, so that what is kept by id and made together lies together.
   */
  next(): string;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const randomDigits = 26;

/** Ids of the time (9 characters) and 130 bits from the machine's CSPRNG (26 characters). */
export const randomIds: Ids = {
  next: () => {
    let id = Date.now().toString(36).padStart(9, '0');
    for (const byte of randomBytes(randomDigits)) id += alphabet.charAt(byte & 31);
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
