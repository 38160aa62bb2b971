import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { confined } from './confinement.js';
import { programFolders } from './find.js';
import { folderSize } from './folder-size.js';
import { groupMemory } from './group-memory.js';
import { endWithUs } from './lifeline.js';
import { type Limits, ProgramFailure, type ProgramReason } from './limits.js';

/** A program to run. */
export interface ChildSpec {
  /** An absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  /** Where it runs, and its home; it finds nothing of ours in its environment. */
  readonly folder: string;
  readonly limits: Limits;
  /** Bytes that it sets aside without using them: the system counts them, its memory's limit does not. */
  readonly setAside?: number;
  /** What its environment has besides. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Of what it complains about, the last this many characters are kept. */
const keptComplaints = 4000;

/** ms between looks at how much a program has written, and how much memory it has. */
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

// Some do not say what they lack: glib a thread's stack, libaom its buffers; PDFium aborts; Ghostscript's VM is memory.
const memoryComplaint =
  /out of memory|cannot allocate|memory allocation|allocation failed|failed to allocate|bad_alloc|creating thread|bufferpool|native code called abort|vmerror/i;

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

/**
 * Starts a program, confined, as the head of a process group that ends when we do, however we end. Its standard error must be a
 * pipe.
 */
export const startChild = async (spec: ChildSpec, stdio: StdioOptions): Promise<RunningChild> => {
  const { command, args, folder, limits, setAside = 0, env, signal } = spec;
  const around = await confined({ ...limits, memory: limits.memory + setAside });
  const [first = command, ...rest] = [...around, command, ...args];
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
      ...env,
    },
  });
  const letGo = child.pid === undefined ? undefined : endWithUs(child.pid);
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-keptComplaints);
  });

  /** Aborts `over` with the failure when it has more memory, or has written more to its folder, than it may. */
  const watchUse = async (over: AbortController, closed: AbortSignal): Promise<void> => {
    const before = await folderSize(folder);
    while (!closed.aborted && !over.signal.aborted) {
      await delay(lookEvery, undefined, { signal: closed }).catch(() => undefined);
      if ((await folderSize(folder)) - before > limits.disk) over.abort(failureFor('too-large'));
      if ((await groupMemory(child.pid)) > limits.memory) over.abort(failureFor('out-of-memory'));
    }
  };

  const watch = async (): Promise<void> => {
    const timeout = AbortSignal.timeout(limits.time);
    const over = new AbortController();
    const done = new AbortController();
    const ending = AbortSignal.any([signal, timeout, over.signal]);
    const kill = () => killGroup(child);
    ending.addEventListener('abort', kill);
    try {
      const closed = once(child, 'close');
      child.once('exit', kill);
      void watchUse(over, done.signal);
      await closed;
    } finally {
      done.abort();
      ending.removeEventListener('abort', kill);
      kill();
      letGo?.();
    }
    signal.throwIfAborted();
    if (timeout.aborted) throw failureFor('out-of-time');
    over.signal.throwIfAborted();
    const failure = judge(child, complaints);
    if (failure) throw failure;
  };
  return { child, ended: watch() };
};
