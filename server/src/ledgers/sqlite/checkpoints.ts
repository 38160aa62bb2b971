import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Log } from '../../kit/log.js';

/** Moves what the write-ahead log holds into the database file, so that the log starts over and stays small. */
export interface Checkpoints {
  /** Notes that a commit added about `bytes` to the log; past the limit a checkpoint begins in the background. */
  note(bytes: number): void;
  close(): Promise<void>;
}

/**
 * What the worker does, as text: so it runs alike from TypeScript sources and from the built program. It first moves
 * what it can while others write, then, for a moment keeping writers out, the little that came meanwhile; from there
 * the next writer begins the log anew. SQLite syncs log and database on the way, in the worker's thread.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const Database = require(workerData.libsql);
const database = new Database(workerData.file, { timeout: 2000 });
database.pragma('synchronous = NORMAL');
const checkpoint = (mode) => database.pragma('wal_checkpoint(' + mode + ')')[0];
parentPort.on('message', (message) => {
  if (message === 'close') {
    database.close();
    parentPort.close();
    return;
  }
  try {
    checkpoint('PASSIVE');
    parentPort.postMessage(checkpoint('RESTART').busy === 0 ? 'done' : 'busy');
  } catch (error) {
    parentPort.postMessage(error.code === 'SQLITE_BUSY' ? 'busy' : String(error));
  }
});
`;

/** Watches over the log of the database `file`; a checkpoint is due when about `limit` bytes were added to it. */
export const checkpoints = (file: string, limit: number, log: Log): Checkpoints => {
  let worker: Worker | undefined;
  let running = false;
  let added = 0;

  const ended = (outcome: string) => {
    running = false;
    // After a failure, not at once again: the log may grow by as much as it has.
    added = 0;
    if (outcome !== 'done' && outcome !== 'busy')
      log.error({ file, outcome }, 'a checkpoint of the ledger failed; it is tried again later');
  };
  const start = (): Worker => {
    const started = new Worker(program, {
      eval: true,
      workerData: { file, libsql: createRequire(import.meta.url).resolve('libsql') },
    });
    started.unref();
    started.on('message', ended);
    started.on('error', (error) => {
      worker = undefined;
      ended(String(error));
    });
    return started;
  };

  return {
    note: (bytes) => {
      added += bytes;
      if (running || added < limit) return;
      running = true;
      worker ??= start();
      worker.postMessage('checkpoint');
    },
    close: async () => {
      const last = worker;
      if (!last) return;
      await new Promise((closed) => {
        last.ref();
        last.once('exit', closed);
        last.postMessage('close');
      });
    },
  };
};
