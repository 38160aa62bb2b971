import type { ByteBudget } from '../kit/budget.js';
import type { Pages } from '../kit/pages.js';
import { Gathered } from './gathered.js';

/** Where a pour's bytes go. */
export interface Sink {
  /** Called with bytes in order; `position` counts from 0. The buffers are not touched again before it returns. */
  write(position: number, buffers: readonly Uint8Array[]): Promise<void>;
}

export interface PourSpec {
  readonly body: AsyncIterable<Uint8Array>;
  readonly sink: Sink;
  readonly budget: ByteBudget;
  readonly pages: Pages;
  /** Bytes to gather for one write. */
  readonly batchBytes: number;
  /** Sees each buffer before it is written; throws to refuse it. `total` counts the bytes up to its end. */
  readonly see: (bytes: Uint8Array, total: number) => void;
  /** Told how many bytes have been written so far, from 0 without a hole. */
  readonly wrote?: (total: number) => void;
  /** When one of these aborts, no more is read. */
  readonly stop: readonly AbortSignal[];
}

export interface Poured {
  readonly length: number;
  /** What ended the body early: its own error, or `stopped`; null when it came to its end. */
  readonly cut: { readonly cause: unknown } | null;
}

/** Gathered bytes do not wait longer than this for more to come, ms: memory is for bytes that move. */
const longestWait = 250;
/** Writes under way at once for one body: one is written while the next is gathered. */
const mostWrites = 2;

const stopped = Symbol('stopped');

/** Reads a body until one of the signals aborts; `next` then throws, and what the body was about to give is left unread. */
const readUntil = (body: AsyncIterable<Uint8Array>, signals: readonly AbortSignal[]) => {
  const iterator = body[Symbol.asyncIterator]();
  let wake: (() => void) | null = null;
  const stop = () => wake?.();
  for (const signal of signals) signal.addEventListener('abort', stop, { once: true });
  return {
    next: (): Promise<IteratorResult<Uint8Array>> =>
      new Promise((resolve, reject) => {
        wake = () => reject(stopped);
        if (signals.some((signal) => signal.aborted)) wake();
        else iterator.next().then(resolve, reject);
      }),
    close: () => {
      for (const signal of signals) signal.removeEventListener('abort', stop);
    },
  };
};

/**
 * Moves a body into a sink in batches, with the memory for bytes under way taken from a budget. All that was read is
 * written when it returns, also after a cut. Throws what the sink or `see` throws.
 */
export const pour = async ({ body, sink, budget, pages, batchBytes, see, wrote, stop }: PourSpec): Promise<Poured> => {
  /** Buffers are kept as they came until so many bytes came without a pause. */
  let keepBytes = pages.size * 2;
  let batch = new Gathered(pages, keepBytes);
  let length = 0;
  let flushed = 0;
  let failure: { error: unknown } | null = null;
  let flushTimer: NodeJS.Timeout | undefined;
  const writes: Promise<void>[] = [];

  const flush = () => {
    clearTimeout(flushTimer);
    flushTimer = undefined;
    if (batch.length === 0) return;
    const [full, bytes, position] = [batch, batch.length, flushed];
    batch = new Gathered(pages, keepBytes);
    flushed += bytes;
    const before = writes.at(-1);
    const write = sink
      .write(position, full.buffers())
      .then(() => before)
      .then(() => wrote?.(position + bytes))
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        budget.give(full.release());
        writes.splice(writes.indexOf(write), 1);
      });
    writes.push(write);
  };

  const flushSlow = () => {
    keepBytes = pages.size * 2;
    flush();
  };

  const orFail = () => {
    if (failure) throw failure.error;
  };

  let cut: Poured['cut'] = null;
  const source = readUntil(body, stop);

  /** Takes one buffer in; says whether there may be more. A call of its own, so that nobody holds the buffer while the next is awaited. */
  const takeOne = async (): Promise<boolean> => {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await source.next();
    } catch (cause) {
      cut = { cause };
      return false;
    }
    orFail();
    if (next.done) return false;
    const bytes = next.value;
    if (bytes.length === 0) return true;
    see(bytes, length + bytes.length);
    if (!budget.tryTake(batch.needs(bytes.length))) {
      flush();
      await budget.take(batch.needs(bytes.length));
    }
    batch.add(bytes);
    length += bytes.length;
    if (batch.length >= batchBytes) {
      keepBytes = 0;
      flush();
      while (writes.length >= mostWrites) await writes[0];
    } else flushTimer ??= setTimeout(flushSlow, longestWait);
    return true;
  };

  try {
    while (await takeOne());
    flush();
  } finally {
    source.close();
    clearTimeout(flushTimer);
    budget.give(batch.release());
    while (writes.length > 0) await Promise.all(writes);
  }
  orFail();
  return { length, cut };
};
