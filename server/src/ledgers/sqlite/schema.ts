import type { Connection } from './connection.js';

/** What brings a database from version n (0: new) to version n + 1. Never changed once released, only added to. */
const migrations: readonly string[] = ['CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID'];

/**
 * Brings the database to this program's version, in one transaction: several processes may start at once. Refuses a
 * database that a newer program made.
 */
export const migrate = (connection: Connection): void => {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const version = Number(connection.pragma('user_version'));
    if (version > migrations.length)
      throw new Error(
        `the ledger has version ${version}, made by a newer Longshore; this one knows up to ${migrations.length}`,
      );
    for (const migration of migrations.slice(version)) connection.exec(migration);
    if (version < migrations.length) connection.exec(`PRAGMA user_version = ${migrations.length}`);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
};
