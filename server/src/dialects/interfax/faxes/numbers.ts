import type { Recipient } from './fax.js';

/** Digits of a number without its `00`: E.164 has at most 15; fewer than these are none. */
const mostDigits = 15;
const fewestDigits = 3;
/** Up to so many digits, a number without a prefix is one of the house or the town, and stays as it is. */
const localDigits = 8;

/**
 * A fax number in canonical form, `00` and the country's code first (specs/interfax.md §5). Whatever is no digit is ignored, but
 * for a plus sign before the first one. `country`: the code of where numbers are dialled from. Undefined for what is no number.
 */
export const canonicalNumber = (text: string, country: string): string | undefined => {
  const digits = text.replace(/\D/g, '');
  const found = withCountry(digits, { isInternational: /^\D*\+\D*\d/.test(text), country });
  const bare = found.replace(/^00/, '');
  return bare.length >= fewestDigits && bare.length <= mostDigits ? found : undefined;
};

const withCountry = (
  digits: string,
  { isInternational, country }: { isInternational: boolean; country: string },
): string => {
  if (isInternational) return `00${digits}`;
  if (digits.startsWith('00')) return digits;
  if (digits.length <= localDigits) return digits;
  if (country === '1') {
    if (digits.startsWith('011')) return `00${digits.slice(3)}`;
    return digits.length === 10 ? `001${digits}` : `00${digits}`;
  }
  return digits.startsWith('0') ? `00${country}${digits.slice(1)}` : `00${digits}`;
};

const parted = (text: string): string[] => text.split(';').map((each) => each.trim());

/**
 * The recipients that a client names: numbers parted by `;`, and names in the same order. Undefined where there is none, or one
 * is no number; stored lists (`list=…`) there are none of.
 */
export const readRecipients = (numbers: string, contacts: string, country: string): Recipient[] | undefined => {
  const names = parted(contacts);
  const recipients: Recipient[] = [];
  for (const [index, text] of parted(numbers).entries()) {
    if (text === '') continue;
    const number = /^list\s*=/i.test(text) ? undefined : canonicalNumber(text, country);
    if (number === undefined) return undefined;
    recipients.push({ number, contact: names[index] ?? '' });
  }
  return recipients.length === 0 ? undefined : recipients;
};
