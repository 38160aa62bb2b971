import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { account, freePort, longshore } from '../server-process.js';

const program = fileURLToPath(new URL('../../bin/longshore.cjs', import.meta.url));
const preload = new URL('./preload.mjs', import.meta.url).href;

/** Small sizes, so that chunks are spilled to disk and counted on the way within a short life; cheap passwords. */
const options = [
  ...['--engine-held-chunk-bytes', '32768', '--engine-batch-bytes', '65536'],
  ...['--engine-checkpoint-bytes', '524288', '--engine-checkpoint-ms', '50'],
  ...['--accounts-password-cost', '10', '--http-host', '127.0.0.1', '--http-access-log', 'no'],
];

/** A data folder with an account in it. */
export interface DataFolder {
  readonly dir: string;
  /** An API key of the account. */
  readonly key: string;
  remove(): Promise<void>;
}

/** Makes a data folder with `account` in it, below the folder `parent`. */
export const makeDataFolder = async (parent = tmpdir()): Promise<DataFolder> => {
  const dir = await mkdtemp(join(parent, 'longshore-'));
  const { login, password } = account;
  const cheap = ['--accounts-password-cost', '10', '--data', dir];
  await longshore('user', 'add', login, '--password', password, '--role', 'admin', ...cheap);
  const printed = await longshore('key', 'add', '--user', login, '--data', dir);
  return {
    dir,
    key: printed.trim().split(/\s+/).at(-1) ?? '',
    remove: () => rm(dir, { recursive: true, force: true }),
  };
};

/** One place where a server process lives, dies and lives again, on one port. */
export interface Lives {
  readonly port: number;
  /** Begins the next life, and resolves when the server listens. */
  begin(): Promise<void>;
  /** Begins the next life without waiting for it to listen. */
  beginAlone(): Promise<void>;
  /** Ends the life with SIGKILL, at once. */
  kill(): Promise<void>;
  /** Ends the life as an operator would; gives the exit code. */
  stop(): Promise<number | null>;
  /** What this life has written to its standard output and error streams. */
  printed(): string;
  /** Ends whatever runs. */
  close(): Promise<void>;
}

interface Life {
  readonly child: ChildProcess;
  /** Resolves when its program is loaded. */
  readonly loaded: Promise<unknown>;
  /** Resolves when it listens, or has ended before that. */
  readonly listens: Promise<unknown>;
  readonly ended: Promise<unknown>;
  printed: string;
}

const deferred = (): { promise: Promise<void>; resolve: () => void } => {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
};

/** Opens a place for server processes over a data folder; the process of the next life waits, ready to go. `more`: options. */
export const openLives = async (dir: string, more: readonly string[] = []): Promise<Lives> => {
  const port = await freePort();
  let alive: Life | undefined;
  let next: Life | undefined;

  const prepare = (): Life => {
    const args = ['--import', preload, program, 'serve', '--data', dir, '--port', String(port), ...options, ...more];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    });
    const ended = once(child, 'exit');
    const { promise: listening, resolve } = deferred();
    const loaded = Promise.race([once(child, 'message'), ended]);
    const life: Life = { child, loaded, listens: Promise.race([listening, ended]), ended, printed: '' };
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        life.printed += text;
        if (life.printed.includes('listens on')) resolve();
      });
    return life;
  };

  const end = async (life: Life | undefined, signal: NodeJS.Signals): Promise<number | null> => {
    if (!life) return null;
    life.child.kill(signal);
    await life.ended;
    return life.child.exitCode;
  };

  const beginAlone = async (): Promise<void> => {
    const life = next ?? prepare();
    alive = life;
    next = undefined;
    await life.loaded;
    await new Promise((resolve) => life.child.send('go', resolve));
  };

  return {
    port,
    beginAlone,
    begin: async () => {
      await beginAlone();
      await alive?.listens;
      if (!alive?.printed.includes('listens on')) throw new Error(`longshore serve ended:\n${alive?.printed}`);
      next = prepare();
    },
    kill: async () => {
      await end(alive, 'SIGKILL');
      alive = undefined;
      next ??= prepare();
    },
    stop: async () => {
      const code = await end(alive, 'SIGTERM');
      alive = undefined;
      return code;
    },
    printed: () => alive?.printed ?? '',
    close: async () => {
      await Promise.all([end(alive, 'SIGKILL'), end(next, 'SIGKILL')]);
    },
  };
};
