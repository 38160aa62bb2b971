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
import { factGroup, factReader } from './facts.js';
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

interface Job<Kind, Given> {
  readonly kind: Kind;
  /** Runs the work; what comes back hands its result out. */
  run(facts: Given): Promise<() => void>;
  reject(reason: unknown): void;
}

/** Most transactions of one commit: bounds how long the event loop is held. */
const groupSize = 128;

const syncFile = promisify(fdatasync);

const translated = (error: unknown): unknown =>
  sqliteCode(error) === 'SQLITE_FULL' ? new Refusal('no-room', { needed: null, free: null }) : error;

type Reading = Job<'read', FactReader>;
type Writing = Job<'durable' | 'relaxed', Facts>;

/** The promise of a job that `add` puts in line. */
const queued = <Kind, Given, T>(
  kind: Kind,
  work: (facts: Given) => Promise<T>,
  add: (job: Job<Kind, Given>) => void,
): Promise<T> =>
  new Promise((resolve, reject) => {
    add({
      kind,
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
  // 16 MiB of pages. Reads go over this connection too: the cache of another one would be void after every commit.
  writer.pragma('cache_size = -16384');
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

  const group = factGroup(writer);
  const beginWriting = writer.prepare('BEGIN IMMEDIATE');
  const commit = writer.prepare('COMMIT');
  const rollback = writer.prepare('ROLLBACK');

  const abandon = (jobs: readonly Writing[], error: unknown) => {
    for (const job of jobs) job.reject(translated(error));
    try {
      if (writer.inTransaction) rollback.run([]);
    } catch (cause) {
      breakDown(cause);
    }
  };

  const commitTogether = async (jobs: readonly Writing[]): Promise<void> => {
    const kept: { job: Writing; succeed: () => void }[] = [];
    let written = 0;
    try {
      if (broken) throw broken;
      await patiently(() => beginWriting.run([]));
      for (const job of jobs) {
        const work = group.work();
        try {
          const succeed = await job.run(work.facts);
          work.keep();
          kept.push({ job, succeed });
        } catch (error) {
          job.reject(translated(error));
        } finally {
          work.end();
        }
      }
      written = group.write();
      commit.run([]);
    } catch (error) {
      abandon(jobs, error);
      return;
    } finally {
      group.clear();
    }
    checkpointing.note(written);
    for (const { job, succeed } of kept) if (job.kind === 'relaxed') succeed();
    const durable = kept.filter(({ job }) => job.kind === 'durable');
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

  const facts = factReader(writer);
  const beginReading = writer.prepare('BEGIN');

  const readTogether = async (jobs: readonly Reading[]): Promise<void> => {
    try {
      beginReading.run([]);
      await Promise.all(jobs.map((job) => job.run(facts).then((succeed) => succeed(), job.reject)));
      commit.run([]);
    } catch (error) {
      for (const job of jobs) job.reject(error);
    }
  };

  // Both go over one connection, so they take turns: first whoever only reads.
  const line = batches<Reading | Writing>(groupSize, async (jobs) => {
    const reads = jobs.filter((job) => job.kind === 'read');
    const writes = jobs.filter((job) => job.kind !== 'read');
    if (reads.length > 0) await readTogether(reads);
    if (writes.length > 0) await commitTogether(writes);
  });
  const refuseClosed = () => Promise.reject(new Error('the ledger is closed'));

  return {
    name: 'sqlite',
    transact: (work, tier = 'durable') => (closed ? refuseClosed() : queued(tier, work, line.add)),
    read: (work) => (closed ? refuseClosed() : queued('read', work, line.add)),
    close: async () => {
      if (closed) return;
      closed = true;
      await line.idle();
      try {
        await sync();
      } finally {
        await checkpointing.close();
        closeSync(wal);
        writer.close();
      }
    },
  };
};
