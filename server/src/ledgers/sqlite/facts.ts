import { boundsOf, type Fact, type FactQuery, type FactReader, type Facts, isKey } from '../../engine/ports.js';
import type { Json } from '../../kit/json.js';
import type { Connection } from './connection.js';
import { type Overlay, overlay } from './overlay.js';

const parse = (text: string) => JSON.parse(text) as Json;

interface Rows {
  get(key: string): string | undefined;
  list(query: FactQuery, limit: number): readonly (readonly [string, string])[];
}

const rowsOf = (connection: Connection): Rows => {
  const get = connection.prepare('SELECT value FROM facts WHERE key = ?');
  const range = 'SELECT key, value FROM facts WHERE key >= ? AND key < ? ORDER BY key';
  const forwards = connection.prepare(`${range} LIMIT ?`);
  const backwards = connection.prepare(`${range} DESC LIMIT ?`);
  return {
    get: (key) => get.first([key])?.[0],
    list: (query, limit) => {
      const { from, below } = boundsOf(query);
      return (query.reverse ? backwards : forwards).all([from, below, limit]);
    },
  };
};

const toFact = ([key, value]: readonly [string, string]): Fact => ({ key, value: parse(value) });

/** Reads facts over `connection`, in whatever transaction it is. */
export const factReader = (connection: Connection): FactReader => {
  const rows = rowsOf(connection);
  return {
    get: async (key) => {
      const text = rows.get(key);
      return text === undefined ? undefined : parse(text);
    },
    list: async (query) => rows.list(query, query.limit ?? -1).map(toFact),
  };
};

/** The rows of a list with the writes laid over them. */
const overlaid = (rows: Rows, query: FactQuery, overlays: readonly Overlay[]): Fact[] => {
  const { from, below } = boundsOf(query);
  const written = new Map(overlays.flatMap((each) => each.within(from, below)));
  if (written.size === 0) return rows.list(query, query.limit ?? -1).map(toFact);
  const limit = query.limit ?? -1;
  // At worst, every written key takes a row away.
  const found = new Map<string, string | null>(rows.list(query, limit < 0 ? -1 : limit + written.size));
  for (const [key, value] of written) found.set(key, value);
  const order = query.reverse ? -1 : 1;
  const kept = [...found].filter((row): row is [string, string] => row[1] !== null);
  kept.sort(([a], [b]) => (a < b ? -order : order));
  return (limit < 0 ? kept : kept.slice(0, limit)).map(toFact);
};

/** One of the transactions that are committed together. */
export interface Work {
  readonly facts: Facts;
  /** Its writes are to be committed; without this call they never happened. */
  keep(): void;
  /** It is over: its facts answer nothing any more. */
  end(): void;
}

/**
 * The transactions of one commit. Their writes wait in memory until all have run: what one of them wrote the next one
 * sees, a fact that many of them change is written once, and one that throws leaves nothing to be undone.
 */
export interface FactGroup {
  work(): Work;
  /** Writes what is kept into the connection's transaction; says about how many bytes that adds to the log. */
  write(): number;
  /** Forgets everything, for the next group. */
  clear(): void;
}

const pageSize = 4096;

/** How many facts one statement writes, the most first: to call SQLite costs more than what it then does for one fact. */
const batchSizes = [64, 8, 1];

/** Makes groups on `connection`, one after the other. */
export const factGroup = (connection: Connection): FactGroup => {
  const rows = rowsOf(connection);
  const puts = batchSizes.map((size) => ({
    size,
    statement: connection.prepare(`REPLACE INTO facts (key, value) VALUES ${Array(size).fill('(?, ?)').join(', ')}`),
  }));
  const remove = connection.prepare('DELETE FROM facts WHERE key = ?');
  const kept = overlay();
  /** What was read in this transaction, in which nobody else writes. */
  const seen = new Map<string, string | undefined>();

  const stored = (key: string): string | undefined => {
    if (seen.has(key)) return seen.get(key);
    const text = rows.get(key);
    seen.set(key, text);
    return text;
  };

  return {
    work: () => {
      const mine = overlay();
      let over = false;
      const alive = () => {
        if (over) throw new Error('the transaction is over');
      };
      return {
        facts: {
          get: async (key) => {
            alive();
            const written = mine.get(key);
            const text = written === undefined ? kept.get(key) : written;
            const found = text === undefined ? stored(key) : text;
            return found == null ? undefined : parse(found);
          },
          list: async (query) => {
            alive();
            return overlaid(rows, query, [kept, mine]);
          },
          put: (key, value) => {
            alive();
            if (!isKey(key)) throw new Error(`not a key for a ledger: ${JSON.stringify(key)}`);
            mine.set(key, JSON.stringify(value));
          },
          delete: (key) => {
            alive();
            mine.set(key, null);
          },
        },
        keep: () => {
          for (const [key, value] of mine.entries()) kept.set(key, value);
        },
        end: () => {
          over = true;
        },
      };
    },
    write: () => {
      let bytes = 0;
      const pairs: string[] = [];
      for (const [key, value] of kept.entries()) {
        if (value === null) remove.run([key]);
        else pairs.push(key, value);
        bytes += key.length + (value?.length ?? 0) + pageSize;
      }
      let at = 0;
      for (const { size, statement } of puts)
        for (; pairs.length - at >= 2 * size; at += 2 * size) statement.run(pairs.slice(at, at + 2 * size));
      return bytes;
    },
    clear: () => {
      kept.clear();
      seen.clear();
    },
  };
};
