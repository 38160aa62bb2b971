import { Refusal } from '../../engine/refusals.js';
import { isKey } from './keys.js';

const wellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** Longest name, in characters, and in bytes as UTF-8: an account's name is also used for its folder. */
const longestName = 200;
const longestBytes = 255;

/**
 * The key of an account name: the same for spellings that differ in case alone. Nothing where the text cannot be the
 * name of an account: 1 to 200 characters and at most 255 bytes, no control characters, no blank at either end, not
 * `.` or `..`, and neither `:` (which `Basic` credentials cannot carry) nor `/` (which vendors put between a network
 * and a login).
 */
export const nameKey = (name: string): string | undefined => {
  const plain = name.normalize('NFC');
  if (plain === '' || plain.length > longestName || Buffer.byteLength(plain) > longestBytes) return undefined;
  if (plain.trim() !== plain || plain === '.' || plain === '..') return undefined;
  if (/[\p{Cc}:/]/u.test(plain) || !wellFormed(plain)) return undefined;
  return encodeURIComponent(plain.toLowerCase());
};

/** The key of a name for a new account; refuses `malformed`. */
export const needNameKey = (name: string): string => {
  const key = nameKey(name);
  if (key === undefined)
    throw new Refusal('malformed', {
      reason: 'An account name has 1 to 200 characters, without control characters, ":", "/" or blanks at its ends.',
    });
  return key;
};

/** Longest password, in characters: a bound on the work that a stranger can ask for. */
const longest = 1024;

/** Refuses `malformed` for a password that no account may have: an empty one, one of over 1024 characters, one that looks like an API key. */
export const needPassword = (password: string): void => {
  if (isKey(password)) throw new Refusal('malformed', { reason: 'A password does not look like an API key.' });
  if (password === '' || password.length > longest)
    throw new Refusal('malformed', { reason: `A password has 1 to ${longest} characters.` });
};
