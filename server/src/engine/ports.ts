import type { Json } from '../kit/json.js';
import type { Range } from '../kit/ranges.js';

/** Names that the engine gives out: `[A-Za-z0-9_-]`, 1 to 128 characters. A store refuses any other. */
export type Name = string;

/** Is `name` one that every store takes? */
export const isName = (name: string): boolean => /^[A-Za-z0-9_-]{1,128}$/.test(name);

/** `part`: bytes still arriving. `object`: bytes that are published and never change again. */
export interface Place {
  readonly kind: 'part' | 'object';
  readonly name: Name;
}

/**
 * Where bytes rest. Every store keeps these promises (`test/contracts/store.ts`); errors are thrown as they come,
 * except that a lack of room is a `Refusal('no-room')`.
 */
export interface Store {
  /** `disk`, `memory` …: for people. */
  readonly name: string;
  /** Bytes free, or null where the store cannot tell. */
  room(): Promise<number | null>;
  /**
   * Writes `buffers`, one after the other, from byte `position` of a part on; makes the part if there is none.
   * On return another reader sees the bytes; durable they are after `sync`. The buffers must not change meanwhile.
   */
  write(part: Name, position: number, buffers: readonly Uint8Array[]): Promise<void>;
  /** On return, all that was written to the part before the call is durable, and so is its being there. */
  sync(part: Name): Promise<void>;
  /** The bytes of `range`, in buffers as the store likes; throws when the place is not there or ends before `range`. */
  read(place: Place, range: Range): AsyncIterable<Uint8Array>;
  /** Length in bytes, or null when nothing is there. A part may be longer than what was accepted of it. */
  size(place: Place): Promise<number | null>;
  /**
   * Turns a part into an object of `size` bytes, atomically and durably: its bytes are synced, then it is renamed,
   * then the rename is synced. Bytes beyond `size` are cut off. Publishing what is already published is no error.
   */
  publish(part: Name, object: Name, size: number): Promise<void>;
  /** Takes a publishing back: the object becomes a part again. For a finish that was not recorded. */
  withdraw(object: Name, part: Name): Promise<void>;
  /** Removes what is there; nothing there is no error. */
  remove(place: Place): Promise<void>;
  /** All that rests here, for the checker. */
  list(): AsyncIterable<Place & { readonly size: number; readonly modifiedAt: number }>;
  /** Lets go of everything held open. */
  close(): Promise<void>;
}

/** A key of the ledger: printable ASCII; parts are set apart by `/`. Keys are ordered by their characters' codes. */
export type Key = string;

/** Is `key` one that every ledger takes? */
export const isKey = (key: string): boolean => /^[ -~]+$/.test(key);

export interface Fact {
  readonly key: Key;
  readonly value: Json;
}

/** Which keys: those that begin with `prefix`, from behind `after` on, at most `limit`, backwards if `reverse`. */
export interface FactQuery {
  readonly prefix: Key;
  /** Only keys beyond this one (before it, when `reverse`). */
  readonly after?: Key;
  readonly limit?: number;
  readonly reverse?: boolean;
}

/** The keys that a query is about: from `from` on, below `below`. Whoever keeps keys in order finds them so. */
export const boundsOf = ({ prefix, after, reverse = false }: FactQuery): { from: Key; below: Key } => {
  // No character of a key comes before the blank, none after '~'.
  const end = `${prefix}\x7f`;
  if (after === undefined) return { from: prefix, below: end };
  if (reverse) return { from: prefix, below: after < end ? after : end };
  return { from: after < prefix ? prefix : `${after} `, below: end };
};

/** Reads of one consistent state. */
export interface FactReader {
  get(key: Key): Promise<Json | undefined>;
  list(query: FactQuery): Promise<Fact[]>;
}

/** Reads and writes of one transaction: a read sees the writes before it. */
export interface Facts extends FactReader {
  put(key: Key, value: Json): void;
  delete(key: Key): void;
}

/**
 * Where facts rest: an ordered map with transactions. Every ledger keeps these promises
 * (`test/contracts/ledger.ts`).
 */
export interface Ledger {
  /** `sqlite`, `memory` …: for people. */
  readonly name: string;
  /**
   * Runs `work` as one transaction: nobody sees a part of it, and no other transaction runs between its reads and its
   * writes, in this process or another. If `work` throws, nothing of it is kept and the error comes out.
   * `durable` (the default): on return it survives the loss of power. `relaxed`: it survives the death of the process,
   * and becomes durable no later than the next durable transaction.
   *
   * `work` may be run more than once (after a conflict) and must await nothing but its `Facts`.
   */
  transact<T>(work: (facts: Facts) => Promise<T>, tier?: 'durable' | 'relaxed'): Promise<T>;
  /** Reads outside a transaction: sees what was committed, of one state. */
  read<T>(work: (facts: FactReader) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A typed shelf of the ledger: facts of one shape under one prefix. Each shelf has one owner. */
export interface Shelf<T> {
  readonly prefix: string;
  get(facts: FactReader, id: string): Promise<T | undefined>;
  put(facts: Facts, id: string, value: T): void;
  delete(facts: Facts, id: string): void;
  /** Ids and values in order; `within` narrows to ids that begin so; `after` is an id. */
  list(facts: FactReader, query?: ShelfQuery): Promise<{ id: string; value: T }[]>;
}

export interface ShelfQuery {
  readonly within?: string;
  readonly after?: string;
  readonly limit?: number;
  readonly reverse?: boolean;
}

/** Makes a shelf called `name`. The ledger gives back what was put on it, so its shape is taken at its word. */
export const shelf = <T>(name: string): Shelf<T> => {
  const prefix = `${name}/`;
  return {
    prefix,
    get: async (facts, id) => (await facts.get(prefix + id)) as T | undefined,
    put: (facts, id, value) => facts.put(prefix + id, value as Json),
    delete: (facts, id) => facts.delete(prefix + id),
    list: async (facts, { within = '', after, limit, reverse } = {}) => {
      const found = await facts.list({
        prefix: prefix + within,
        ...(after !== undefined && { after: prefix + after }),
        ...(limit !== undefined && { limit }),
        ...(reverse !== undefined && { reverse }),
      });
      return found.map(({ key, value }) => ({ id: key.slice(prefix.length), value: value as T }));
    },
  };
};

/** A whole number as text that sorts as the number does. 0 to 2^53 - 1. */
export const ordered = (number: number): string => number.toString().padStart(16, '0');
