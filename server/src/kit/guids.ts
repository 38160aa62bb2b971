import { createHash } from 'node:crypto';
import type { Ids } from './ids.js';

/** 32 hexadecimal digits, lower case, that nobody can guess: made of an id's random bits, and never told together with it. */
export const newDigits = (ids: Ids): string => createHash('sha256').update(ids.next()).digest('hex').slice(0, 32);

/** A new UUID of version 4 that nobody can guess, lower case, without hyphens. */
export const newUuid = (ids: Ids): string => {
  const digits = newDigits(ids);
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 3) | 8).toString(16);
  return `${digits.slice(0, 12)}4${digits.slice(13, 16)}${variant}${digits.slice(17)}`;
};

/** 32 digits with hyphens where a GUID has them. */
export const hyphenated = (digits: string): string =>
  [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-');
