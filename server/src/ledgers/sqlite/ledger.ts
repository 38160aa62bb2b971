import { closeSync, fdatasync, openSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { FactReader, Facts, Ledger } from '../../engine/ports.js';
import { Refusal } from '../../engine/refusals.js';
import { makeFolder } from '../../kit/folder.js';
import { type Log, silentLog } from '../../kit/log.js';
import { bytesOption, type OptionValues, textOption } from '../../kit/options.js';
import { rounds } from '../../kit/rounds.js';
import { batches } from './batches.js';
import { checkpoints } from './checkpoints.js';
import { connectLedger, patiently } from './connecting.js';
import { sqliteCode } from './connection.js';
import { factReader, savepoints } from './facts.js';
import { migrate } from './schema.js';

export const sqliteLedgerOptions = {
  file: textOption({
    help: 'The database file, on a local disk; seen from the data folder.',
    default: 'ledger.db',
    placeholder: 'FILE',
  }),
  checkpointBytes: bytesOption({
    help: 'How far the write-ahead log may grow, in bytes, before it is moved into the database.',
    default: 32 * 2 ** 20,
  }),
};

interface Job<Given> {
  readonly durable: boolean;
  /** Runs the work; what comes back hands its result out. */
  run(facts: Given): Promise<() => void>;
  reject(reason: unknown): void;
}

/** Most transactions of one commit: bounds how long the event loop is held. */
const groupSize = 128;

const syncFile = promisify(fdatasync);

const translated = (error: unknown): unknown =>
  sqliteCode(error) === 'SQLITE_FULL' ? new Refusal('no-room', { needed: null, free: null }) : error;

/** The promise of a job that `add` puts in line. */
const queued = <Given, T>(
  work: (facts: Given) => Promise<T>,
  durable: boolean,
  add: (job: Job<Given>) => void,
): Promise<T> =>
  new Promise((resolve, reject) => {
    add({
      durable,
      run: async (facts) => {
        const result = await work(facts);
        return () => resolve(result);
      },
      reject,
    });
  });

/**
 * A ledger in a SQLite file, shared by any number of processes of one machine.
 *
 * Transactions that are asked for at the same time are committed together. A commit only writes; one sync of the
 * write-ahead log, off the event loop, then makes all commits before it durable. A sync that fails cannot be repeated
 * (the system may have dropped what it could not write): every durable transaction that waits for it rejects, and so
 * does every transaction after it, until the program is started anew.
 *
 * Works run one after the other: one that never ends, or awaits anything but its facts, stops the ledger, here and in
 * other processes.
 */
export const openSqliteLedger = async (
  { file, checkpointBytes }: OptionValues<typeof sqliteLedgerOptions>,
  log: Log = silentLog,
): Promise<Ledger> => {
  await makeFolder(dirname(file));
  const writer = await connectLedger(file, 0, 4 * checkpointBytes);
  await patiently(() => migrate(writer));
  // 32 MiB of pages. Only the writer's cache lasts: a reader's is void after every commit.
  writer.pragma('cache_size = -32768');
  const reader = await connectLedger(file, 5000, 4 * checkpointBytes);
  // With a connection in use nobody takes the log away. The database file itself must never be opened and closed here:
  // that would drop the locks which SQLite holds on it.
  const wal = openSync(`${file}-wal`, 'r+');
  const folder = await openFile(dirname(file));
  await folder.sync().finally(() => folder.close());

  const checkpointing = checkpoints(file, checkpointBytes, log);
  let broken: Error | undefined;
  let closed = false;

  const breakDown = (cause: unknown): Error => {
    broken ??= new Error('the ledger could not be written to disk and takes no more facts', { cause });
    return broken;
  };
  const sync = rounds(async () => {
    if (broken) throw broken;
    await syncFile(wal).catch((cause) => Promise.reject(breakDown(cause)));
  });

  const savepoint = savepoints(writer);
  const beginWriting = writer.prepare('BEGIN IMMEDIATE');
  const commit = writer.prepare('COMMIT');
  const rollback = writer.prepare('ROLLBACK');

  const abandon = (jobs: readonly Job<Facts>[], error: unknown) => {
    for (const job of jobs) job.reject(translated(error));
    try {
      if (writer.inTransaction) rollback.run([]);
    } catch (cause) {
      breakDown(cause);
    }
  };

  const commitTogether = async (jobs: readonly Job<Facts>[]): Promise<void> => {
    const kept: { job: Job<Facts>; succeed: () => void }[] = [];
    let written = 0;
    try {
      if (broken) throw broken;
      await patiently(() => beginWriting.run([]));
      for (const job of jobs) {
        const mine = savepoint();
        try {
          const succeed = await job.run(mine.facts);
          mine.release();
          kept.push({ job, succeed });
          written += mine.written;
        } catch (error) {
          mine.rollback();
          // Some errors of SQLite end the whole transaction.
          if (!writer.inTransaction) throw error;
          job.reject(translated(error));
        }
      }
      commit.run([]);
    } catch (error) {
      abandon(jobs, error);
      return;
    }
    checkpointing.note(written);
    for (const { job, succeed } of kept) if (!job.durable) succeed();
    const durable = kept.filter(({ job }) => job.durable);
    if (durable.length === 0) return;
    void sync().then(
      () => {
        for (const { succeed } of durable) succeed();
      },
      (error: unknown) => {
        for (const { job } of durable) job.reject(error);
      },
    );
  };

  const facts = factReader(reader);
  const beginReading = reader.prepare('BEGIN');
  const endReading = reader.prepare('COMMIT');

  const readTogether = async (jobs: readonly Job<FactReader>[]): Promise<void> => {
    try {
      beginReading.run([]);
      await Promise.all(jobs.map((job) => job.run(facts).then((succeed) => succeed(), job.reject)));
      endReading.run([]);
    } catch (error) {
      for (const job of jobs) job.reject(error);
    }
  };

  const writes = batches(groupSize, commitTogether);
  const reads = batches(groupSize, readTogether);
  const refuseClosed = () => Promise.reject(new Error('the ledger is closed'));

  return {
    name: 'sqlite',
    transact: (work, tier = 'durable') => (closed ? refuseClosed() : queued(work, tier === 'durable', writes.add)),
    read: (work) => (closed ? refuseClosed() : queued(work, false, reads.add)),
    close: async () => {
      if (closed) return;
      closed = true;
      await Promise.all([writes.idle(), reads.idle()]);
      try {
        await sync();
      } finally {
        await checkpointing.close();
        closeSync(wal);
        reader.close();
        writer.close();
      }
    },
  };
};
