import type { Clock } from '../kit/clock.js';
import type { Json } from '../kit/json.js';
import type { Presence } from '../kit/presence.js';
import { overlaps, type Range } from '../kit/ranges.js';
import { type Facts, type Ledger, shelf } from './ports.js';
import { Refusal } from './refusals.js';

/** The right to write a range of an upload. Kept in the ledger, so it holds between processes. */
export interface Lease extends Range {
  readonly upload: string;
  /** Rises with each lease of the upload: a lease that is gone from the ledger accepts nothing any more. */
  readonly fence: number;
  /** Aborts when a newer request wants the place. */
  readonly letGo: AbortSignal;
}

interface LeaseEntry {
  readonly fence: number;
  readonly start: number;
  /** null: without an end. */
  readonly end: number | null;
  readonly holder: string;
  /** Someone waits for it. */
  readonly asked: boolean;
}

interface LeaseBook {
  /** The highest number given out so far. */
  readonly fence: number;
  readonly leases: readonly LeaseEntry[];
}

interface Holder {
  /** ms since 1970: without a sign of life until then, the holder is taken for dead. */
  readonly until: number;
  readonly presence: Json;
}

/** A try to take a lease: who is in the way, or what was got. */
type Attempt<T> = { readonly blocking: readonly LeaseEntry[] } | { readonly got: T };

type Wanted<Want extends (facts: Facts) => Promise<{ value: unknown }>> = Awaited<ReturnType<Want>>['value'];

const bookShelf = shelf<LeaseBook>('lease');
const holderShelf = shelf<Holder>('holder');

const holderLife = 15_000;
const pollEvery = 500;

const rangeOf = (entry: LeaseEntry): Range => ({ start: entry.start, end: entry.end ?? Number.POSITIVE_INFINITY });

export interface LeaseSpec<T> {
  readonly upload: string;
  /** Whether older holders are asked to let go; otherwise the call waits until they are done by themselves. */
  readonly takeOver: boolean;
  /** Judged before older holders are asked to let go: nobody is disturbed for a stranger. May refuse. */
  judge?(facts: Facts): Promise<unknown>;
  /**
   * Which range, judged inside the transaction that takes the lease. `end` may be infinite; null if no lease is needed
   * after all. May refuse.
   */
  want(facts: Facts): Promise<{ range: Range | null; value: T }>;
}

export interface Leases {
  /**
   * Takes a lease as soon as nobody else holds a part of the range, and gives it with what `want` found. Refuses `busy` when
   * the others do not let go within half a minute, and whatever `want` refuses.
   */
  take<T>(spec: LeaseSpec<T>): Promise<{ lease: Lease; value: T } | { lease: null; value: T }>;
  /** As `take`, where `want` always names a range. */
  takeRange<T>(
    spec: Omit<LeaseSpec<T>, 'want'> & { want(facts: Facts): Promise<{ range: Range; value: T }> },
  ): Promise<{ lease: Lease; value: T }>;
  /** Inside a transaction: refuses `taken-over` unless the lease still holds; with `release`, ends it there. */
  confirm(facts: Facts, lease: Lease, how?: { release?: boolean }): Promise<void>;
  /**
   * Before bytes are written in place: a process that slept so long that others may take it for dead makes sure first that
   * it still holds the lease. Refuses `taken-over`.
   */
  refresh(lease: Lease): Promise<void>;
  /** Inside a transaction: ends all leases of an upload. What is over for good needs no numbers any more. */
  clear(facts: Facts, upload: string, how: { forGood: boolean }): Promise<void>;
  /** Tells those who wait in this process that a lease has ended. Call it after each end, kept or not. */
  ended(lease: Lease): void;
  /**
   * Ends a lease in a transaction of its own. Never fails: what the ledger does not take now (it may have no room left) is
   * not in this process's way any more, and is told to others as soon as the ledger takes it.
   */
  release(lease: Lease): Promise<void>;
  /** Does `work`; the lease goes on after it, or ends if it fails. */
  orRelease<T>(lease: Lease, work: () => Promise<T>): Promise<T>;
  /** Asks all holders of the upload's end to let go, and waits until they have. */
  settle(upload: string): Promise<void>;
  close(): Promise<void>;
}

interface Parts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly presence: Presence;
  /** An id of this process's life. */
  readonly self: string;
  /** How long to wait for others, ms. */
  readonly patience: number;
  /** Told of an upload of which a dead process had held some. */
  readonly abandoned: (upload: string) => void;
}

/** Opens the leases of one process. */
export const openLeases = ({ ledger, clock, presence, self, patience, abandoned }: Parts): Leases => {
  /** This process's leases: upload -> fence -> how to ask its holder. */
  const mine = new Map<string, Map<number, AbortController>>();
  const waiting = new Map<string, Set<() => void>>();
  /** Leases that have ended, though the ledger does not know: upload -> fences. */
  const over = new Map<string, Set<number>>();
  const closing = new AbortController();
  let aliveUntil = 0;
  let watch: Promise<void> | null = null;

  const wake = (upload: string) => {
    for (const go of waiting.get(upload) ?? []) go();
  };

  /** Writes a sign of life into the transaction when the last one grows old. */
  const signLife = (facts: Facts): number => {
    if (clock.now() < aliveUntil - holderLife / 2) return aliveUntil;
    const until = clock.now() + holderLife;
    holderShelf.put(facts, self, { until, presence: presence.self });
    return until;
  };
  /** A sign of life counts once it is written. */
  const lifeSigned = (until: number) => {
    aliveUntil = Math.max(aliveUntil, until);
  };

  const isDead = async (facts: Facts, holder: string): Promise<boolean> => {
    if (holder === self) return false;
    const life = await holderShelf.get(facts, holder);
    return !life || life.until < clock.now() || presence.isGone(life.presence);
  };

  /** Takes away what dead holders left, and splits the rest by whether it is in the way. */
  const inTheWay = async (facts: Facts, upload: string, book: LeaseBook, range: Range) => {
    const alive: LeaseEntry[] = [];
    for (const entry of book.leases.filter(({ holder, fence }) => holder !== self || !over.get(upload)?.has(fence)))
      if (await isDead(facts, entry.holder)) abandoned(upload);
      else alive.push(entry);
    return { alive, blocking: alive.filter((entry) => overlaps(rangeOf(entry), range)) };
  };

  const ask = (upload: string, blocking: readonly LeaseEntry[]) => {
    for (const { fence } of blocking) mine.get(upload)?.get(fence)?.abort();
  };

  /** Strikes leases that have ended out of an upload's book. */
  const strike = async (upload: string, fences: ReadonlySet<number>): Promise<void> => {
    await ledger.transact(async (facts) => {
      const book = await bookShelf.get(facts, upload);
      if (!book) return;
      const leases = book.leases.filter(({ fence, holder }) => holder !== self || !fences.has(fence));
      bookShelf.put(facts, upload, { ...book, leases });
    }, 'relaxed');
    const left = over.get(upload);
    for (const fence of fences) left?.delete(fence);
    if (left?.size === 0) over.delete(upload);
  };

  /** While leases are held: sees whether another process asks for one, and shows that this one lives. */
  const keepWatch = async () => {
    while ((mine.size > 0 || over.size > 0) && !closing.signal.aborted) {
      await clock.sleep(pollEvery, closing.signal);
      if (closing.signal.aborted) return;
      for (const [upload, fences] of over) await strike(upload, fences).catch(() => undefined);
      if (mine.size === 0) continue;
      lifeSigned(await ledger.transact(async (facts) => signLife(facts), 'relaxed'));
      await ledger.read(async (facts) => {
        for (const upload of [...mine.keys()])
          for (const entry of (await bookShelf.get(facts, upload))?.leases ?? [])
            if (entry.asked && entry.holder === self) mine.get(upload)?.get(entry.fence)?.abort();
      });
    }
  };

  const watchOver = () => {
    watch ??= keepWatch()
      // A ledger that fails here fails the holders' own transactions too, and they report it.
      .catch(() => undefined)
      .finally(() => {
        watch = null;
      });
  };

  const pause = (upload: string): Promise<void> =>
    new Promise((resolve) => {
      const others = waiting.get(upload) ?? new Set();
      waiting.set(upload, others);
      const stop = new AbortController();
      const go = () => {
        others.delete(go);
        if (others.size === 0) waiting.delete(upload);
        stop.abort();
        resolve();
      };
      others.add(go);
      // Leases of other processes end without a word to us.
      clock.sleep(pollEvery / 10, stop.signal).then(go, go);
    });

  const drop = (upload: string, fence: number) => {
    const held = mine.get(upload);
    held?.delete(fence);
    if (held?.size === 0) mine.delete(upload);
    wake(upload);
  };

  /** Runs `attempt` until nobody is in its way. */
  const insist = async <T>(
    upload: string,
    attempt: (facts: Facts) => Promise<Attempt<T>>,
    takeOver: boolean,
  ): Promise<T> => {
    const since = clock.now();
    for (;;) {
      const outcome = await ledger.transact(attempt, 'relaxed');
      if ('got' in outcome) return outcome.got;
      if (clock.now() - since > patience) throw new Refusal('busy', { id: upload });
      if (takeOver) ask(upload, outcome.blocking);
      await pause(upload);
    }
  };

  const noteAsked = (facts: Facts, upload: string, book: LeaseBook, blocking: readonly LeaseEntry[]) => {
    if (blocking.every((entry) => entry.asked || entry.holder === self)) return;
    const leases = book.leases.map((entry) => (blocking.includes(entry) ? { ...entry, asked: true } : entry));
    bookShelf.put(facts, upload, { ...book, leases });
  };

  const leases: Leases = {
    take: async ({ upload, takeOver, judge, want }) => {
      const { entry, value, until } = await insist(
        upload,
        async (facts): Promise<Attempt<{ entry: LeaseEntry | null; value: Wanted<typeof want>; until: number }>> => {
          const book = (await bookShelf.get(facts, upload)) ?? { fence: 0, leases: [] };
          // Whoever appends wants the end without limit; what exactly is in the way of a placed chunk, `want` knows.
          if (takeOver) {
            const { blocking } = await inTheWay(facts, upload, book, { start: 0, end: Number.POSITIVE_INFINITY });
            if (blocking.length > 0) {
              await judge?.(facts);
              noteAsked(facts, upload, book, blocking);
              return { blocking };
            }
          }
          const { range, value } = await want(facts);
          if (!range) return { got: { entry: null, value, until: 0 } };
          const { alive, blocking } = await inTheWay(facts, upload, book, range);
          if (blocking.length > 0) return { blocking };
          const until = signLife(facts);
          const entry: LeaseEntry = {
            fence: book.fence + 1,
            start: range.start,
            end: Number.isFinite(range.end) ? range.end : null,
            holder: self,
            asked: false,
          };
          bookShelf.put(facts, upload, { fence: entry.fence, leases: [...alive, entry] });
          return { got: { entry, value, until } };
        },
        takeOver,
      );
      lifeSigned(until);
      if (!entry) return { lease: null, value };
      const letGo = new AbortController();
      const held = mine.get(upload) ?? new Map<number, AbortController>();
      mine.set(upload, held.set(entry.fence, letGo));
      // The numbers begin anew once an upload's book was closed.
      over.get(upload)?.delete(entry.fence);
      watchOver();
      return { lease: { upload, fence: entry.fence, ...rangeOf(entry), letGo: letGo.signal }, value };
    },

    takeRange: async (spec) => {
      const { lease, value } = await leases.take(spec);
      if (!lease) throw new TypeError('a range was wanted');
      return { lease, value };
    },

    confirm: async (facts, lease, { release = false } = {}) => {
      const book = await bookShelf.get(facts, lease.upload);
      const entry = book?.leases.find(({ fence, holder }) => fence === lease.fence && holder === self);
      if (!book || !entry) throw new Refusal('taken-over', { id: lease.upload });
      if (!release) return;
      bookShelf.put(facts, lease.upload, { ...book, leases: book.leases.filter((each) => each !== entry) });
    },

    refresh: async (lease) => {
      if (clock.now() < aliveUntil) return;
      const until = await ledger.transact(async (facts) => {
        await leases.confirm(facts, lease);
        return signLife(facts);
      }, 'relaxed');
      lifeSigned(until);
    },

    clear: async (facts, upload, { forGood }) => {
      const book = await bookShelf.get(facts, upload);
      if (book && !forGood) bookShelf.put(facts, upload, { ...book, leases: [] });
      else bookShelf.delete(facts, upload);
    },

    ended: ({ upload, fence }) => drop(upload, fence),

    release: async ({ upload, fence }) => {
      try {
        await strike(upload, new Set([fence]));
      } catch {
        over.set(upload, (over.get(upload) ?? new Set()).add(fence));
        watchOver();
      } finally {
        drop(upload, fence);
      }
    },

    orRelease: async (lease, work) => {
      try {
        return await work();
      } catch (error) {
        await leases.release(lease);
        throw error;
      }
    },

    settle: (upload) =>
      insist(
        upload,
        async (facts) => {
          const book = await bookShelf.get(facts, upload);
          if (!book || book.leases.length === 0) return { got: undefined };
          const { blocking } = await inTheWay(facts, upload, book, { start: 0, end: Number.POSITIVE_INFINITY });
          noteAsked(facts, upload, book, blocking);
          return blocking.length > 0 ? { blocking } : { got: undefined };
        },
        true,
      ),

    close: async () => {
      closing.abort();
      await watch;
      await ledger.transact(async (facts) => holderShelf.delete(facts, self), 'relaxed').catch(() => undefined);
    },
  };
  return leases;
};
