import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { confined } from './confinement.js';
import { programFolders } from './find.js';
import { folderSize } from './folder-size.js';
import { type Limits, ProgramFailure, type ProgramReason } from './limits.js';

/** A program to run. */
export interface ChildSpec {
  /** An absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  /** Where it runs, and its home; it finds nothing of ours in its environment. */
  readonly folder: string;
  readonly limits: Limits;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Of what it complains about, the last this many characters are kept. */
const keptComplaints = 4000;

/** ms between looks at how much a program has written. */
const lookEvery = 500;

/** Ends a program with all that it has started. */
const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // There is nobody left.
  }
};

const fatal: Readonly<Record<string, ProgramReason>> = {
  SIGXCPU: 'out-of-time',
  SIGXFSZ: 'too-large',
  // The system's own way to get memory back; our kills are told apart before.
  SIGKILL: 'out-of-memory',
};

const words: Readonly<Record<ProgramReason, string>> = {
  'out-of-time': 'It took too long.',
  'out-of-memory': 'It needs more memory than it may have.',
  'too-large': 'It wrote more than it may.',
  crashed: 'The program crashed: for want of memory, or over a broken file.',
  failed: 'The program failed.',
};

/** The failure that has no more to say than its reason. */
export const failureFor = (reason: ProgramReason): ProgramFailure => new ProgramFailure(reason, words[reason]);

// Some libraries do not say what they lack: glib a thread's stack, libaom its buffers.
const memoryComplaint =
  /out of memory|cannot allocate|memory allocation|allocation failed|failed to allocate|bad_alloc|creating thread|bufferpool/i;

/** Is this the complaint of a program that got no more memory? */
export const isAboutMemory = (complaint: string): boolean => memoryComplaint.test(complaint);

/** Why a child ended as it did; undefined if it ended well. */
const judge = ({ exitCode, signalCode }: ChildProcess, complaints: string): ProgramFailure | undefined => {
  if (exitCode === 0) return undefined;
  const reason = signalCode === null ? undefined : fatal[signalCode];
  if (reason !== undefined) return failureFor(reason);
  if (isAboutMemory(complaints)) return failureFor('out-of-memory');
  if (/file size limit|file too large/i.test(complaints)) return failureFor('too-large');
  if (signalCode !== null) return failureFor('crashed');
  return new ProgramFailure('failed', complaints.trim() || words.failed);
};

/** A program that runs. */
export interface RunningChild {
  readonly child: ChildProcess;
  /**
   * Resolves when it has ended well and nothing of it is left. Rejects with a `ProgramFailure`, or with the signal's reason
   * if that aborted; then nothing of it is left either.
   */
  readonly ended: Promise<void>;
}

/** Starts a program, confined, as the head of a process group. Its standard error must be a pipe. */
export const startChild = async (spec: ChildSpec, stdio: StdioOptions): Promise<RunningChild> => {
  const { command, args, folder, limits, signal } = spec;
  const [first = command, ...rest] = [...(await confined(limits)), command, ...args];
  signal.throwIfAborted();
  const child = spawn(first, rest, {
    cwd: folder,
    detached: true,
    stdio,
    env: {
      PATH: programFolders.join(':'),
      HOME: folder,
      TMPDIR: folder,
      XDG_CACHE_HOME: folder,
      LANG: 'C.UTF-8',
      MALLOC_ARENA_MAX: '2',
    },
  });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-keptComplaints);
  });

  /** Aborts `full` when the folder has grown by more than it may. */
  const watchDisk = async (full: AbortController, closed: AbortSignal): Promise<void> => {
    const before = await folderSize(folder);
    while (!closed.aborted && !full.signal.aborted) {
      await delay(lookEvery, undefined, { signal: closed }).catch(() => undefined);
      if ((await folderSize(folder)) - before > limits.disk) full.abort();
    }
  };

  const watch = async (): Promise<void> => {
    const timeout = AbortSignal.timeout(limits.time);
    const full = new AbortController();
    const over = new AbortController();
    const ending = AbortSignal.any([signal, timeout, full.signal]);
    const kill = () => killGroup(child);
    ending.addEventListener('abort', kill);
    try {
      const closed = once(child, 'close');
      child.once('exit', kill);
      void watchDisk(full, over.signal);
      await closed;
    } finally {
      over.abort();
      ending.removeEventListener('abort', kill);
      kill();
    }
    signal.throwIfAborted();
    if (timeout.aborted) throw failureFor('out-of-time');
    if (full.signal.aborted) throw failureFor('too-large');
    const failure = judge(child, complaints);
    if (failure) throw failure;
  };
  return { child, ended: watch() };
};
