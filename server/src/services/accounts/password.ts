import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { byteBudget } from '../../kit/budget.js';

/** A password as the ledger keeps it: scrypt with the parameters it was made with, so that they can be raised later. */
export interface PasswordHash {
  /** scrypt's N, r and p. */
  readonly n: number;
  readonly r: number;
  readonly p: number;
  /** Hex. New with every password, so it also tells one password of an account from the next. */
  readonly salt: string;
  /** Hex. */
  readonly hash: string;
}

/** Hashes passwords and checks them; a few at a time, the others wait. */
export interface PasswordHasher {
  hash(password: string): Promise<PasswordHash>;
  check(password: string, stored: PasswordHash): Promise<boolean>;
  /** Was this hash made with other parameters than new ones are? */
  outdated(stored: PasswordHash): boolean;
  /** A hash of no password: checking against it costs what checking against a real one does, and fails. */
  readonly nobody: PasswordHash;
}

type Parameters = Pick<PasswordHash, 'n' | 'r' | 'p'>;

const derive = (password: string, salt: Buffer, length: number, { n, r, p }: Parameters): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // Node's own ceiling on memory is what N = 2^15 needs, without a byte to spare.
    scrypt(password.normalize('NFC'), salt, length, { N: n, r, p, maxmem: 256 * n * r + 2 ** 20 }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });

/** Makes a hasher: N is 2 to the power of `cost`; `atOnce` hashes run at the same time. */
export const passwordHasher = ({ cost, atOnce }: { cost: number; atOnce: number }): PasswordHasher => {
  const parameters: Parameters = { n: 2 ** cost, r: 8, p: 1 };
  const turns = byteBudget(atOnce);

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    await turns.take(1);
    try {
      return await work();
    } finally {
      turns.give(1);
    }
  };

  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = randomBytes(16);
        const key = await derive(password, salt, 32, parameters);
        return { ...parameters, salt: salt.toString('hex'), hash: key.toString('hex') };
      }),
    check: (password, stored) =>
      inTurn(async () => {
        const expected = Buffer.from(stored.hash, 'hex');
        const actual = await derive(password, Buffer.from(stored.salt, 'hex'), expected.length, stored);
        return timingSafeEqual(expected, actual);
      }),
    outdated: ({ n, r, p }) => n !== parameters.n || r !== parameters.r || p !== parameters.p,
    nobody: { ...parameters, salt: randomBytes(16).toString('hex'), hash: randomBytes(32).toString('hex') },
  };
};
