import Database from 'libsql';

/** A prepared statement; parameters and columns are text. */
export interface Statement {
  run(parameters: readonly string[]): void;
  /** The first row, or nothing. */
  first(parameters: readonly string[]): readonly string[] | undefined;
  all(parameters: readonly (string | number)[]): readonly (readonly [string, string])[];
}

/** A connection to a database file. Its calls are synchronous. */
export interface Connection {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  /** The value that a pragma answers with; undefined when it answers nothing. */
  pragma(text: string): unknown;
  readonly inTransaction: boolean;
  close(): void;
}

/** The SQLite name of what went wrong (`SQLITE_BUSY`), or undefined for any other error. */
export const sqliteCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_')
    ? error.code
    : undefined;

/** Opens `file`, making it if need be. A call waits up to `timeout` ms, without yielding, for another's lock. */
export const connect = (file: string, timeout: number): Connection => {
  const database = new Database(file, { timeout });
  return {
    prepare: (sql) => {
      const statement = database.prepare(sql);
      if (statement.reader) statement.raw(true);
      // One array is the quickest way to hand parameters over.
      return {
        run: (parameters) => void statement.run(parameters),
        first: (parameters) => statement.get(parameters) as readonly string[] | undefined,
        all: (parameters) => statement.all(parameters) as readonly (readonly [string, string])[],
      };
    },
    exec: (sql) => void database.exec(sql),
    pragma: (text) => {
      const [row] = database.prepare(`PRAGMA ${text}`).all() as Record<string, unknown>[];
      return row && Object.values(row)[0];
    },
    get inTransaction() {
      return database.inTransaction;
    },
    close: () => void database.close(),
  };
};
