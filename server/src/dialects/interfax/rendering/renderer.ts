import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { access, constants, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../../kit/clock.js';
import { makeFolder } from '../../../kit/folder.js';
import type { FaxSettings } from '../faxes/fax.js';
import { RenderFailure } from './failure.js';
import type { Header } from './header.js';
import { programFolders } from './kinds/program.js';
import { sheetOf } from './sheet.js';
import type { Programs, RenderAnswer, RenderTask } from './task.js';
import { fontFolder } from './text/font.js';

/** What is to be rendered. */
export interface RenderOrder {
  /** Names the folder that it is done in: letters and digits. What an earlier attempt left there is removed. */
  readonly name: string;
  readonly documents: readonly {
    /** A file's ending, lower case: `pdf`. */
    readonly type: string;
    readonly bytes: AsyncIterable<Uint8Array>;
  }[];
  readonly settings: Pick<FaxSettings, 'pageSize' | 'orientation' | 'resolution' | 'rendering' | 'fitToPage'>;
  readonly header: Header;
}

/** A fax that was rendered: a TIFF file of CCITT group 4. */
export interface RenderedFax {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly pages: number;
}

export interface Renderer {
  /**
   * Renders documents as one fax, in a process of its own, and hands the file to `use`, after which it is removed. Throws a
   * `RenderFailure` for what cannot be rendered within the limits; anything else thrown is ours, and worth another attempt.
   * When `signal` aborts, the process is ended and it throws.
   */
  render<T>(order: RenderOrder, signal: AbortSignal, use: (fax: RenderedFax) => Promise<T>): Promise<T>;
}

/** What a rendering may take, and what it is done with. */
export interface RenderLimits {
  readonly folder: string;
  readonly mostPages: number;
  /** In ms. */
  readonly time: number;
  /** In bytes, of the process with those it starts. */
  readonly memory: number;
  /** In bytes, of all files on the way. */
  readonly disk: number;
  /** A name or a path each; empty: not to be used. */
  readonly libreOffice: string;
  readonly ghostscript: string;
}

/** The built program: it runs in a process of its own, and Node runs no TypeScript. */
const entry = (): string => createRequire(import.meta.url).resolve('#interfax-renderer');

const mebibyte = 2 ** 20;

const findProgram = async (name: string): Promise<string | null> => {
  if (name === '') return null;
  const places = isAbsolute(name) ? [name] : programFolders.map((folder) => join(folder, name));
  for (const path of places) {
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not there: perhaps in the next folder.
    }
  }
  return null;
};

/** Our font by its name, and those of the system for characters that it lacks. */
const fontSettings = (folder: string): string =>
  `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fontFolder}</dir>` +
  `<include ignore_missing="yes">/etc/fonts/fonts.conf</include><cachedir>${join(folder, 'fonts')}</cachedir></fontconfig>`;

/** Ends a process with all that it started. */
const endGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
};

/** Has a process of its own do a task. `settings`: what fontconfig reads. */
const runTask = async (task: RenderTask, settings: string, time: number, clock: Clock, signal: AbortSignal) => {
  const child = fork(entry(), [], {
    cwd: task.folder,
    detached: true,
    // It gets nothing of our environment, where secrets may be.
    env: { HOME: task.folder, TMPDIR: task.folder, LANG: 'C.UTF-8', FONTCONFIG_FILE: settings, MALLOC_ARENA_MAX: '2' },
    execArgv: [`--max-old-space-size=${Math.max(64, Math.round(task.memory / 2 / mebibyte))}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const { pid } = child;
  if (pid === undefined) {
    const [error] = await once(child, 'error');
    throw new Error('the process that renders could not be started', { cause: error });
  }
  // Its end tells more than that it could not be written to.
  child.on('error', () => undefined);
  let answer: RenderAnswer | undefined;
  child.once('message', (message) => {
    answer = message as RenderAnswer;
  });
  const ended = new AbortController();
  let isLate = false;
  void clock.sleep(time, AbortSignal.any([ended.signal, signal])).then(() => {
    isLate = !ended.signal.aborted && !signal.aborted;
    if (!ended.signal.aborted) endGroup(pid);
  });
  const exit = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;
  child.send(task, () => undefined);
  const [code, killedBy] = await exit;
  ended.abort();
  // Programs that it started may still run.
  endGroup(pid);
  signal.throwIfAborted();
  if (answer?.kind === 'done') return answer.pages;
  if (answer) throw new RenderFailure(answer.reason, answer.message);
  if (isLate) throw new RenderFailure('out-of-time', `rendering took more than ${time} ms`);
  // V8 and allocators abort where they get no more.
  if (killedBy === 'SIGKILL' || killedBy === 'SIGABRT' || code === 134)
    throw new RenderFailure('out-of-memory', 'rendering took more memory or disk than it may');
  if (killedBy !== null) throw new RenderFailure('unreadable', `rendering crashed (${killedBy})`);
  throw new Error(`the process that renders ended with ${code}`);
};

/** Renders within these limits. */
export const openRenderer = (limits: RenderLimits, clock: Clock): Renderer => {
  let programs: Promise<Programs> | undefined;
  const findPrograms = async (): Promise<Programs> => ({
    libreOffice: await findProgram(limits.libreOffice),
    ghostscript: await findProgram(limits.ghostscript),
  });

  return {
    render: async (order, signal, use) => {
      programs ??= findPrograms();
      const folder = join(limits.folder, order.name);
      await makeFolder(limits.folder);
      await rm(folder, { recursive: true, force: true });
      try {
        await mkdir(folder, { mode: 0o700 });
        const settings = join(folder, 'fonts.conf');
        await writeFile(settings, fontSettings(limits.folder));
        const documents: { path: string; type: string }[] = [];
        for (const { type, bytes } of order.documents) {
          const path = join(folder, `document-${documents.length + 1}.${type.replace(/[^a-z0-9]/g, '')}`);
          await pipeline(Readable.from(bytes), createWriteStream(path, { mode: 0o600 }), { signal });
          documents.push({ path, type });
        }
        const { pageSize, orientation, resolution, rendering, fitToPage } = order.settings;
        const target = join(folder, 'fax.tif');
        const pages = await runTask(
          {
            folder,
            documents,
            target,
            sheet: sheetOf(pageSize, orientation, resolution),
            rendering,
            fit: fitToPage ? 'scale' : 'natural',
            header: order.header,
            mostPages: limits.mostPages,
            programs: await programs,
            memory: limits.memory,
            disk: limits.disk,
          },
          settings,
          limits.time,
          clock,
          signal,
        );
        return await use({ path: target, size: (await stat(target)).size, pages });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
};
