import { trimOutbox } from '../../engine/outbox.js';
import { type FactReader, type Facts, type Ledger, shelf } from '../../engine/ports.js';
import type { Clock } from '../../kit/clock.js';
import type { Sweep } from '../janitor/janitor.js';

/** How far each consumer has come: the number of the last event that it is done with. Ids are encoded names. */
const cursorShelf = shelf<number>('outbox-cursor');

/** How far a consumer has come; 0 at its beginning. */
export const cursorOf = async (facts: FactReader, name: string): Promise<number> =>
  (await cursorShelf.get(facts, encodeURIComponent(name))) ?? 0;

/** Notes how far a consumer has come. */
export const putCursor = (facts: Facts, name: string, seq: number): void =>
  cursorShelf.put(facts, encodeURIComponent(name), seq);

/** Ends a consumer that is never coming back, so that the outbox does not wait for it. */
export const dropConsumer = (facts: Facts, name: string): void => cursorShelf.delete(facts, encodeURIComponent(name));

/** How many events one piece of work removes. */
const batch = 500;

/** Removes events that every consumer is done with and that are older than `keepMs` milliseconds. */
export const outboxSweep = (parts: { ledger: Ledger; clock: Clock; keepMs: number }): Sweep => ({
  name: 'outbox',
  run: () =>
    parts.ledger.transact(async (facts) => {
      const cursors = await cursorShelf.list(facts);
      const slowest = Math.min(...cursors.map(({ value }) => value));
      const before = parts.clock.now() - parts.keepMs;
      return (await trimOutbox(facts, { through: slowest, before, limit: batch })) === batch;
    }, 'relaxed'),
});
