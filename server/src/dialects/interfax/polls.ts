import { shelf } from '../../engine/ports.js';
import type { Host } from '../dialect.js';
import { no } from './codes.js';

/** When an account last asked, ms since 1970, the oldest first. */
const pollShelf = shelf<number[]>('interfax/polls');
const minute = 60_000;

/** How often the status of faxes is asked for. */
export interface Polls {
  /** Counts a question. Refuses -1011 where the account has asked too often within a minute (specs/interfax.md §4). */
  count(account: string): Promise<void>;
}

/** Opens the count that rests in the host's ledger. `perMinute`: 0 for no limit. */
export const openPolls = ({ ledger, clock }: Pick<Host, 'ledger' | 'clock'>, perMinute: number): Polls => ({
  count: async (account) => {
    if (perMinute === 0) return;
    const key = encodeURIComponent(account);
    await ledger.transact(async (facts) => {
      const now = clock.now();
      const recent = ((await pollShelf.get(facts, key)) ?? []).filter((at) => at > now - minute && at <= now);
      if (recent.length >= perMinute) throw no('polledTooOften');
      pollShelf.put(facts, key, [...recent, now]);
    }, 'relaxed');
  },
});
