import { isIPv6 } from 'node:net';
import type { Clock } from '../../kit/clock.js';
import { ApiProblem } from '../problems.js';

/** Bounds how often somebody may try to log in from one address. */
export interface Attempts {
  /** Counts an attempt from an address before it is made. Refuses (429) where there were too many. */
  begin(address: string): void;
  /** The attempt was right: it does not count. */
  forgive(address: string): void;
}

/** So many wrong ones within the window. */
const free = 20;
/** ms. */
const window = 15 * 60_000;

/** Whoever has an IPv6 address has, as a rule, all that begin with the same 64 bits. */
const networkOf = (address: string): string => {
  if (!isIPv6(address)) return address;
  const [front = '', back] = address.replace(/%.*$/, '').split('::');
  const left = front.split(':').filter((each) => each !== '');
  const right = (back ?? '').split(':').filter((each) => each !== '');
  const zeros = back === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return groups
    .slice(0, 4)
    .map((each) => Number.parseInt(each, 16).toString(16))
    .join(':');
};

/** Keeps at most `most` addresses in mind, the one that tried first going first. */
export const attempts = (clock: Clock, most = 10_000): Attempts => {
  const known = new Map<string, { count: number; readonly until: number }>();

  const standing = (network: string) => {
    const found = known.get(network);
    if (found && clock.now() < found.until) return found;
    known.delete(network);
    return undefined;
  };

  return {
    begin: (address) => {
      const network = networkOf(address);
      const found = standing(network);
      if (found === undefined) known.set(network, { count: 1, until: clock.now() + window });
      else if (found.count < free) found.count += 1;
      else {
        const seconds = Math.max(1, Math.ceil((found.until - clock.now()) / 1000));
        throw new ApiProblem({
          kind: 'too-many-attempts',
          status: 429,
          title: 'Too many logins from your address went wrong. Try again later.',
          facts: { retryAfterSeconds: seconds },
          headers: { 'retry-after': seconds },
        });
      }
      for (const oldest of known.keys()) {
        if (known.size <= most) break;
        known.delete(oldest);
      }
    },
    forgive: (address) => {
      const found = standing(networkOf(address));
      if (found) found.count -= 1;
    },
  };
};
