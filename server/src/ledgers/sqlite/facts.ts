import { boundsOf, type FactReader, type Facts, isKey } from '../../engine/ports.js';
import type { Json } from '../../kit/json.js';
import type { Connection } from './connection.js';

const parse = (text: string) => JSON.parse(text) as Json;

/** Reads facts over `connection`, in whatever transaction it is. */
export const factReader = (connection: Connection): FactReader => {
  const get = connection.prepare('SELECT value FROM facts WHERE key = ?');
  const range = 'SELECT key, value FROM facts WHERE key >= ? AND key < ? ORDER BY key';
  const forwards = connection.prepare(`${range} LIMIT ?`);
  const backwards = connection.prepare(`${range} DESC LIMIT ?`);
  return {
    get: async (key) => {
      const row = get.first([key]);
      return row?.[0] === undefined ? undefined : parse(row[0]);
    },
    list: async (query) => {
      const { from, below } = boundsOf(query);
      const rows = (query.reverse ? backwards : forwards).all([from, below, query.limit ?? -1]);
      return rows.map(([key, value]) => ({ key, value: parse(value) }));
    },
  };
};

/** The facts of one transaction among those that a group commits together. */
export interface Savepoint {
  readonly facts: Facts;
  /** About how many bytes its writes add to the log. */
  readonly written: number;
  /** Keeps its writes for the commit. Throws what a write of it threw, should the work have passed over that. */
  release(): void;
  rollback(): void;
}

/** Gives out savepoints on `connection`, which must be in a transaction; one at a time. */
export const savepoints = (connection: Connection): (() => Savepoint) => {
  const reader = factReader(connection);
  const put = connection.prepare('REPLACE INTO facts (key, value) VALUES (?, ?)');
  const remove = connection.prepare('DELETE FROM facts WHERE key = ?');
  const begin = connection.prepare('SAVEPOINT work');
  const release = connection.prepare('RELEASE work');
  const rollback = connection.prepare('ROLLBACK TO work');
  const pageSize = 4096;

  return () => {
    let state: 'untouched' | 'written' | 'over' = 'untouched';
    let written = 0;
    let fault: { readonly error: unknown } | undefined;

    const write = (statement: typeof put, parameters: readonly string[]) => {
      if (state === 'over') throw new Error('the transaction is over');
      try {
        // A transaction that only reads goes without.
        if (state === 'untouched') begin.run([]);
        state = 'written';
        statement.run(parameters);
      } catch (error) {
        fault = { error };
        throw error;
      }
      for (const each of parameters) written += each.length;
      written += pageSize;
    };
    const read = <Answer>(answer: () => Promise<Answer>): Promise<Answer> =>
      state === 'over' ? Promise.reject(new Error('the transaction is over')) : answer();
    const end = () => {
      const touched = state === 'written';
      state = 'over';
      return touched;
    };

    return {
      facts: {
        get: (key) => read(() => reader.get(key)),
        list: (query) => read(() => reader.list(query)),
        put: (key, value) => {
          if (!isKey(key)) throw new Error(`not a key for a ledger: ${JSON.stringify(key)}`);
          write(put, [key, JSON.stringify(value)]);
        },
        delete: (key) => write(remove, [key]),
      },
      get written() {
        return written;
      },
      release: () => {
        if (fault) throw fault.error;
        if (end()) release.run([]);
      },
      rollback: () => {
        if (!end() || !connection.inTransaction) return;
        rollback.run([]);
        release.run([]);
      },
    };
  };
};
