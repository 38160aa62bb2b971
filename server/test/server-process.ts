import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { output } from './output.js';

const program = fileURLToPath(new URL('../bin/longshore.cjs', import.meta.url));

/** The account every server process has, of the role `admin`; its name is an e-mail address, as vendors' are. */
export const account = { login: 'ann@example.com', password: 'correct horse 1' } as const;

/** A server process of its own on a loopback port, with a data folder of its own. */
export interface ServerProcess {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  readonly url: string;
  readonly dataDir: string;
  /** An API key of `account`, for `Authorization: Bearer`. */
  readonly key: string;
  /** The process that runs now. */
  pid(): number;
  /** Asks it to end, as an operator would, and waits until it has; gives the exit code. */
  stop(): Promise<number | null>;
  /** Ends it with SIGKILL at once, as a crash would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again, after `stop` or `kill`, on the same port and folder. */
  start(): Promise<void>;
  /** What it has printed since it was last started. */
  printed(): string;
  /** Ends it if it runs, and removes its folder. */
  remove(): Promise<void>;
}

/** A loopback port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a loopback server has a port');
  return address.port;
}

/** Runs the `longshore` command to its end and gives what it printed; rejects if it fails. */
export const longshore = (...args: readonly string[]): Promise<string> => output(process.execPath, [program, ...args]);

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { headers: { connection: 'close' } });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

async function addAccount(dataDir: string): Promise<string> {
  const { login, password } = account;
  await longshore('user', 'add', login, '--password', password, '--role', 'admin', '--data', dataDir);
  const printed = await longshore('key', 'add', '--user', login, '--data', dataDir);
  return printed.trim().split(/\s+/).at(-1) ?? '';
}

/** Starts `longshore serve` with an account, on a free port. `args` are added to its command line. */
export async function startServer({ args = [] }: { args?: readonly string[] } = {}): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'longshore-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcessByStdio<null, Readable, Readable> | undefined;
  let printed = '';

  const running = () => {
    if (child === undefined) throw new Error('the server does not run');
    return child;
  };

  const end = async (signal: NodeJS.Signals) => {
    const ending = running();
    child = undefined;
    if (ending.exitCode === null && ending.signalCode === null) {
      const ended = once(ending, 'close');
      ending.kill(signal);
      await ended;
    }
    return ending.exitCode;
  };

  const start = async () => {
    printed = '';
    const options = ['--data', dataDir, '--host', '127.0.0.1', '--port', String(port), ...args];
    const begun = spawn(process.execPath, [program, 'serve', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    child = begun;
    for (const stream of [begun.stdout, begun.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        printed += text;
      });
    }
    for (let tries = 0; tries < 600 && begun.exitCode === null; tries += 1) {
      if (await isReady(url)) return;
      await delay(50);
    }
    await end('SIGKILL');
    throw new Error(`longshore serve did not get ready. It printed:\n${printed}`);
  };

  const remove = async () => {
    if (child !== undefined) await end('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  };

  try {
    const key = await addAccount(dataDir);
    await start();
    return {
      port,
      url,
      dataDir,
      key,
      pid: () => running().pid ?? 0,
      stop: () => end('SIGTERM'),
      kill: async () => {
        await end('SIGKILL');
      },
      start,
      printed: () => printed,
      remove,
    };
  } catch (failure) {
    await remove();
    throw failure;
  }
}
