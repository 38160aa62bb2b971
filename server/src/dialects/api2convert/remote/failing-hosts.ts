import type { Clock } from '../../../kit/clock.js';

/** Failures in a row after which a host is left alone, and for how many ms (specs/api2convert.md §12). */
const patience = { failures: 25, pause: 30_000 } as const;
/** Hosts of which failures are remembered; the one that failed longest ago is forgotten first. */
const remembered = 1000;

/**
 * Hosts that fail again and again and are left alone for a while, so that they do not keep others waiting. Known to this process alone:
 * another one, or the next, finds out by itself.
 */
export interface FailingHosts {
  /** Is this host to be left alone now? */
  isSkipped(host: string): boolean;
  failed(host: string): void;
  /** It has answered: its failures are forgotten. */
  worked(host: string): void;
}

/** Nothing has failed yet. */
export const failingHosts = (clock: Pick<Clock, 'now'>): FailingHosts => {
  const known = new Map<string, { readonly failures: number; readonly until: number }>();
  return {
    isSkipped: (host) => (known.get(host)?.until ?? 0) > clock.now(),
    failed: (host) => {
      const failures = (known.get(host)?.failures ?? 0) + 1;
      const until = failures >= patience.failures ? clock.now() + patience.pause : 0;
      known.delete(host);
      known.set(host, { failures, until });
      const [oldest] = known.keys();
      if (known.size > remembered && oldest !== undefined) known.delete(oldest);
    },
    worked: (host) => {
      known.delete(host);
    },
  };
};
