import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { field } from '../headers.js';

/** A password as it is kept: its SHA-256, hex. */
export const keepPassword = (password: string): string => createHash('sha256').update(password).digest('hex');

/** What a password may be of (specs/api2convert.md §4); `most`: characters. */
export const isPassword = (text: string, most: number): boolean => text.length <= most && /^[ -~]*$/.test(text);

const cookieName = 'x-oc-download-password';

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const cookieOf = (header: string | undefined): string | undefined => {
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim().toLowerCase() === cookieName)
      return decoded(pair.slice(equals + 1).trim());
  }
  return undefined;
};

/** The passwords that a request brings: the whole of a header or the cookie, and what its commas part. */
const shown = (headers: IncomingHttpHeaders): string[] => {
  const sent = [field(headers, 'download-password'), cookieOf(headers.cookie)].filter((each) => each !== undefined);
  return sent.flatMap((each) => [each, ...each.split(',').map((part) => part.trim())]);
};

/** Does the request bring one of these passwords? Where there are none, none is asked for (specs/api2convert.md §7). */
export const unlocks = (headers: IncomingHttpHeaders, kept: readonly string[]): boolean => {
  if (kept.length === 0) return true;
  const digests = shown(headers).map((each) => Buffer.from(keepPassword(each)));
  return kept.some((each) => digests.some((digest) => timingSafeEqual(digest, Buffer.from(each))));
};
