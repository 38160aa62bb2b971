import type { OutboxEvent } from '../../engine/events.js';
import { lastingKinds } from '../../engine/events.js';
import type { Facts, Ledger } from '../../engine/ports.js';
import type { Engine } from '../../engine/verbs.js';
import { alarm } from '../../kit/alarm.js';
import { backoff } from '../../kit/backoff.js';
import type { Clock } from '../../kit/clock.js';
import type { Log } from '../../kit/log.js';
import { cursorOf, putCursor } from './cursors.js';

/** Somebody who wants every event of the outbox, in order. */
export interface Consumer {
  /** Under this name it is remembered how far it has come. */
  readonly name: string;
  /**
   * Does what is to be done; at least once for each event, and for the next one only after this one succeeded. What it
   * throws is logged, and the event is tried again, later and later.
   */
  handle?(event: OutboxEvent, signal: AbortSignal): Promise<void>;
  /**
   * Writes facts in the same transaction that notes the event as done: so they are written once, also where several
   * processes run the consumer. May run again after a conflict.
   */
  record?(facts: Facts, event: OutboxEvent): Promise<void>;
}

/** A consumer's work. It can be started again after a stop. */
export interface Consumption {
  start(): void;
  /** Resolves when nothing is being handled any more. */
  stop(): Promise<void>;
}

/** Events read at once. */
const batch = 100;
/** ms between looks for events of other processes; our own are heard of at once. */
const pollEvery = 2000;
const delay = backoff({ first: 1000, longest: 5 * 60_000 });
const lasting: readonly string[] = lastingKinds;

/** Feeds a consumer from the outbox: from its beginning at first, then from where it stopped. */
export const consume = (
  parts: Consumer & { engine: Pick<Engine, 'outbox' | 'listen'>; ledger: Ledger; clock: Clock; log: Log },
): Consumption => {
  const { name, engine, ledger, clock, log } = parts;
  const bell = alarm(clock);

  const consumeOne = async (event: OutboxEvent, signal: AbortSignal): Promise<void> => {
    await parts.handle?.(event, signal);
    await ledger.transact(async (facts) => {
      if ((await cursorOf(facts, name)) >= event.seq) return;
      await parts.record?.(facts, event);
      putCursor(facts, name, event.seq);
    });
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const cursor = await ledger.read((facts) => cursorOf(facts, name));
        const events = await engine.outbox(cursor, batch);
        for (const event of events) {
          if (signal.aborted) return;
          await consumeOne(event, signal);
          failures = 0;
        }
        if (events.length === 0) await bell.sleep(pollEvery);
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        log.warn({ err: error, consumer: name, failures }, 'an event could not be consumed; it is tried again');
        await clock.sleep(delay(failures), signal);
      }
    }
  };

  let running: { stopping: AbortController; done: Promise<void> } | undefined;
  return {
    start: () => {
      if (running) return;
      const stopping = new AbortController();
      const deafen = engine.listen(({ kind }) => {
        if (lasting.includes(kind)) bell.ring();
      });
      running = { stopping, done: run(stopping.signal).finally(deafen) };
    },
    stop: async () => {
      if (!running) return;
      const { stopping, done } = running;
      stopping.abort();
      bell.ring();
      await done;
      running = undefined;
    },
  };
};
