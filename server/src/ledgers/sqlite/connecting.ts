import { setImmediate, setTimeout } from 'node:timers/promises';
import { type Connection, connect, sqliteCode } from './connection.js';

/** How long, in ms, to wait for another process's transaction. */
const patience = 30_000;

/** Does `step`, and again while another process is in its way; the event loop goes on meanwhile. */
export const patiently = async <Result>(step: () => Result): Promise<Result> => {
  const deadline = performance.now() + patience;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return step();
    } catch (error) {
      if (sqliteCode(error) !== 'SQLITE_BUSY' || performance.now() > deadline) throw error;
    }
    await (attempt < 10 ? setImmediate() : setTimeout(1));
  }
};

/**
 * Opens a connection as the ledger wants it: write-ahead log, commits that do not sync, checkpoints on demand only.
 * `timeout`: ms a call may hold the event loop for another's lock. `logLimit`: bytes the log file is cut back to.
 */
export const connectLedger = async (file: string, timeout: number, logLimit: number): Promise<Connection> => {
  const connection = connect(file, timeout);
  await patiently(() => connection.pragma('journal_mode = WAL'));
  connection.pragma('synchronous = NORMAL');
  connection.pragma('wal_autocheckpoint = 0');
  connection.pragma(`journal_size_limit = ${logLimit}`);
  return connection;
};
