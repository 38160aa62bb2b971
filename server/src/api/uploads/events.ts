import type { OutboxEvent } from '../../engine/events.js';
import { newestEvents } from '../../engine/outbox.js';
import type { Ledger } from '../../engine/ports.js';
import { eventShape } from '../live/event.js';
import type { Event, Events } from '../shapes/index.js';

/** Events read at once, and most that are looked through for those of one account. */
const page = 500;
const mostLookedThrough = 10_000;

/**
 * What happened for good, the newest first: at most `limit` below number `before`, of everybody or of `owner` alone. Where few
 * of many are theirs, fewer are told than there are; `next` leads on to the rest.
 */
export const listEvents = async (
  ledger: Ledger,
  { before, owner, limit }: { before: number | undefined; owner: string | undefined; limit: number },
): Promise<Events> => {
  const found: Event[] = [];
  let below = before;
  for (let looked = 0; looked < mostLookedThrough; looked += page) {
    const events: OutboxEvent[] = await ledger.read((facts) => newestEvents(facts, { before: below, limit: page }));
    for (const event of events) {
      below = event.seq;
      if (owner === undefined || event.owner === owner) found.push(eventShape(event));
      if (found.length === limit) return { events: found, next: below };
    }
    if (events.length < page) return { events: found, next: null };
  }
  return { events: found, next: below ?? null };
};
