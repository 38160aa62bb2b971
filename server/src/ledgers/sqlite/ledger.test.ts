import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type * as nodeFs from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Facts, Ledger } from '../../engine/ports.js';
import { silentLog } from '../../kit/log.js';
import { connect } from './connection.js';
import { openSqliteLedger } from './ledger.js';

const disk = vi.hoisted(() => ({ fails: false, syncs: 0 }));
vi.mock('node:fs', async (load) => {
  const fs = await load<typeof nodeFs>();
  const fdatasync = (fd: number, done: (error: Error | null) => void) => {
    disk.syncs += 1;
    if (disk.fails) setImmediate(done, new Error('EIO: i/o error, fdatasync'));
    else fs.fdatasync(fd, done);
  };
  return { ...fs, fdatasync };
});

let folder: string;
let file: string;
let opened: Ledger[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  file = join(folder, 'ledger.db');
  opened = [];
});
afterEach(async () => {
  disk.fails = false;
  await Promise.allSettled(opened.map((ledger) => ledger.close()));
  await rm(folder, { recursive: true });
});

const open = async (checkpointBytes = 2 ** 20, at = file): Promise<Ledger> => {
  const ledger = await openSqliteLedger({ file: at, checkpointBytes }, silentLog);
  opened.push(ledger);
  return ledger;
};
const increment = async (facts: Facts) => facts.put('count', Number((await facts.get('count')) ?? 0) + 1);
const count = (ledger: Ledger) => ledger.read((facts) => facts.get('count'));

/** A process that counts up `times` times, telling of each; it loads the sources through Vite, as the tests do. */
const counting = (times: number) => {
  const program = `
    const { runnerImport } = await import('vite');
    const { module } = await runnerImport(process.argv[1], { logLevel: 'silent' });
    const ledger = await module.openSqliteLedger({ file: process.argv[2], checkpointBytes: 100_000 });
    for (let i = 0; i < ${times}; i += 1) {
      await ledger.transact(async (facts) => facts.put('count', ((await facts.get('count')) ?? 0) + 1));
      process.stdout.write('+\\n');
    }
    await ledger.close();`;
  const source = fileURLToPath(new URL('./ledger.ts', import.meta.url));
  return spawn(process.execPath, ['--input-type=module', '-e', program, source, file], {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
};

describe('several processes', () => {
  it('have the ledger to themselves in each transaction', async () => {
    const children = Array.from({ length: 3 }, () => counting(200));
    for (const child of children) child.stdout.resume();
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    expect(await count(await open())).toBe(600);
  });

  it('find all that a killed one was told is kept', async () => {
    const child = counting(1_000_000);
    let told = 0;
    for await (const _ of createInterface({ input: child.stdout })) {
      told += 1;
      if (told === 500) child.kill('SIGKILL');
    }
    const kept = Number(await count(await open()));
    expect(kept).toBeGreaterThanOrEqual(told);
    // At most the one that was under way was kept untold.
    expect(kept).toBeLessThanOrEqual(told + 1);
  });

  it('may open a new ledger at the same time, and see each other’s commits', async () => {
    const ledgers = await Promise.all(Array.from({ length: 5 }, () => open()));
    await Promise.all(ledgers.flatMap((ledger) => Array.from({ length: 20 }, () => ledger.transact(increment))));
    for (const ledger of ledgers) expect(await count(ledger)).toBe(100);
  });
});

it('refuses a database that a newer program made', async () => {
  await (await open()).close();
  const connection = connect(file, 0);
  connection.exec('PRAGMA user_version = 99');
  connection.close();
  await expect(open()).rejects.toThrow('made by a newer Longshore');
});

it('syncs once for transactions that wait together, and not at all for relaxed ones', async () => {
  const ledger = await open();
  const before = disk.syncs;
  await Promise.all(Array.from({ length: 50 }, () => ledger.transact(increment)));
  expect(disk.syncs - before).toBe(1);
  await Promise.all(Array.from({ length: 50 }, () => ledger.transact(increment, 'relaxed')));
  expect(disk.syncs - before).toBe(1);
});

it('takes no more facts once a sync has failed, and still answers reads', async () => {
  const ledger = await open();
  await ledger.transact(increment);
  disk.fails = true;
  const waiting = [ledger.transact(increment), ledger.transact(increment)];
  for (const each of waiting) await expect(each).rejects.toThrow('could not be written to disk');
  // The system calls the next sync a success, though bytes may be lost.
  disk.fails = false;
  await expect(ledger.transact(increment)).rejects.toThrow('could not be written to disk');
  await expect(ledger.transact(increment, 'relaxed')).rejects.toThrow('could not be written to disk');
  expect(await count(ledger)).toBeGreaterThanOrEqual(1);
  await expect(ledger.close()).rejects.toThrow('could not be written to disk');
});

it('refuses the use of a transaction’s facts after its end', async () => {
  const ledger = await open();
  let kept: Facts | undefined;
  await ledger.transact(async (facts) => {
    kept = facts;
  });
  expect(() => kept?.put('a', 1)).toThrow('the transaction is over');
  await expect(kept?.get('a')).rejects.toThrow('the transaction is over');
});

it('fails all transactions of a commit that could not be written, and goes on with the next', async () => {
  const ledger = await open();
  const connection = connect(file, 5000);
  connection.exec(
    "CREATE TRIGGER judge BEFORE INSERT ON facts WHEN new.key = 'bad' BEGIN SELECT RAISE(ABORT, 'not this'); END",
  );
  connection.close();
  const outcomes = await Promise.allSettled([
    ledger.transact(increment),
    ledger.transact(async (facts) => facts.put('bad', 1)),
    ledger.transact(increment),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await ledger.read((facts) => facts.list({ prefix: '' }))).toEqual([]);
  await ledger.transact(increment);
  expect(await ledger.read((facts) => facts.list({ prefix: '' }))).toEqual([{ key: 'count', value: 1 }]);
});

it('keeps its log small under constant load', async () => {
  const ledger = await open(2 ** 20);
  const value = 'x'.repeat(2000);
  for (let round = 0; round < 200; round += 1)
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        ledger.transact(
          async (facts) => facts.put(`key/${round % 10}/${i}`, value),
          i % 2 === 0 ? 'durable' : 'relaxed',
        ),
      ),
    );
  // 4000 writes of more than half a page: 16 MB of log, were it never begun anew.
  expect((await stat(`${file}-wal`)).size).toBeLessThan(8 * 2 ** 20);
  expect(await ledger.read((facts) => facts.list({ prefix: 'key/' }))).toHaveLength(200);
});

const small = join(tmpdir(), `longshore-small-${process.pid}`);
const mounted = await (async () => {
  await mkdir(small);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small], { stdio: 'ignore' });
    return true;
  } catch {
    await rm(small, { recursive: true });
    return false;
  }
})();

describe.skipIf(!mounted)('on a full disk (needs the right to mount one)', () => {
  afterEach(async () => {
    await Promise.allSettled(opened.map((ledger) => ledger.close()));
    // Lazily: a connection is let go of only once the garbage collector has seen its statements.
    execFileSync('umount', ['--lazy', small]);
    await rm(small, { recursive: true });
  });

  it('refuses for lack of room, keeps what it had, and goes on once there is room', async () => {
    const ledger = await open(2 ** 30, join(small, 'ledger.db'));
    await ledger.transact(increment);
    const big = 'x'.repeat(50_000);
    const fill = async (): Promise<number> => {
      for (let i = 0; i < 100; i += 1) {
        try {
          await ledger.transact(async (facts) => {
            await increment(facts);
            facts.put(`big/${i}`, big);
          });
        } catch (error) {
          expect(error).toMatchObject({ kind: 'no-room' });
          return i;
        }
      }
      throw new Error('the disk did not fill up');
    };
    const fitted = await fill();
    expect(await count(ledger)).toBe(fitted + 1);
    execFileSync('mount', ['-o', 'remount,size=8m', small]);
    await ledger.transact(increment);
    expect(await count(ledger)).toBe(fitted + 2);
  });
});
