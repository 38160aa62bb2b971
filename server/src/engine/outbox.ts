import type { Core } from './core.js';
import type { OutboxEvent } from './events.js';
import { type FactReader, type Facts, ordered } from './ports.js';
import { count, eventShelf, type UploadRecord } from './records.js';

/** Writes an event into the outbox, as a part of the transaction that makes it true. */
export const post = async (
  facts: Facts,
  kind: OutboxEvent['kind'],
  id: string,
  record: UploadRecord,
  at: number,
): Promise<void> => {
  const seq = await count(facts, 'event');
  eventShelf.put(facts, ordered(seq), {
    kind,
    at,
    uploadId: id,
    dialect: record.dialect,
    owner: record.owner,
    size: record.received,
    object: record.object,
    result: record.result,
  });
};

/** The outbox from behind `after` (see `Engine.outbox`). */
export const readOutbox = async (core: Core, after: number, limit: number): Promise<OutboxEvent[]> => {
  const found = await core.ledger.read((facts) => eventShelf.list(facts, { after: ordered(after), limit }));
  return found.map(({ id, value }) => ({ seq: Number(id), ...value }));
};

/** The newest events below number `before`, the newest first. */
export const newestEvents = async (
  facts: FactReader,
  { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
): Promise<OutboxEvent[]> => {
  const found = await eventShelf.list(facts, { after: ordered(before), limit, reverse: true });
  return found.map(({ id, value }) => ({ seq: Number(id), ...value }));
};

/**
 * Removes the oldest events, at most `limit` of them, up to number `through` (which may be infinite) and only those that
 * happened before `before` (ms since 1970). Says how many.
 */
export const trimOutbox = async (
  facts: Facts,
  { through, before, limit }: { through: number; before: number; limit: number },
): Promise<number> => {
  let removed = 0;
  for (const { id, value } of await eventShelf.list(facts, { limit })) {
    if (Number(id) > through || value.at >= before) break;
    eventShelf.delete(facts, id);
    removed += 1;
  }
  return removed;
};
