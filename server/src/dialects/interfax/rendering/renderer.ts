import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '../../../kit/folder.js';
import type { ChildSpec } from '../../../services/programs/child.js';
import { folderSize } from '../../../services/programs/folder-size.js';
import { ProgramFailure } from '../../../services/programs/limits.js';
import { runProgram } from '../../../services/programs/run.js';
import { runTask, taskModule } from '../../../services/programs/run-task.js';
import type { FaxSettings } from '../faxes/fax.js';
import { RenderFailure } from './failure.js';
import type { Header } from './header.js';
import { findWays, type ProgramNames, type Way } from './programs.js';
import { sheetOf } from './sheet.js';
import type { Drawable, RenderAnswer, RenderTask } from './task.js';
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
   * Renders documents as one fax, in processes of their own, and hands the file to `use`, after which it is removed. Throws a
   * `RenderFailure` for what cannot be rendered within the limits; anything else thrown is ours, and worth another attempt.
   * When `signal` aborts, they are ended and it throws.
   */
  render<T>(order: RenderOrder, signal: AbortSignal, use: (fax: RenderedFax) => Promise<T>): Promise<T>;
}

/** What a rendering may take, and what it is done with. */
export interface RenderLimits extends ProgramNames {
  readonly folder: string;
  readonly mostPages: number;
  /** In ms. */
  readonly time: number;
  /** In bytes, of the process that draws, and of each program with all that it starts. */
  readonly memory: number;
  /** In bytes, of all files on the way. */
  readonly disk: number;
}

/** Our font by its name, and those of the system for characters that it lacks. */
const fontSettings = (folder: string): string =>
  `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fontFolder}</dir>` +
  `<include ignore_missing="yes">/etc/fonts/fonts.conf</include><cachedir>${join(folder, 'fonts')}</cachedir></fontconfig>`;

/** Puts an order's documents into the folder. */
const takeIn = async ({ documents }: RenderOrder, folder: string, signal: AbortSignal): Promise<Drawable[]> => {
  const taken: Drawable[] = [];
  for (const { type, bytes } of documents) {
    const path = join(folder, `document-${taken.length + 1}.${type.replace(/[^a-z0-9]/g, '')}`);
    await pipeline(Readable.from(bytes), createWriteStream(path, { mode: 0o600 }), { signal });
    taken.push({ path, type });
  }
  return taken;
};

/** How a process may run: within what is left of the limits. */
type Allowance = () => Promise<Pick<ChildSpec, 'folder' | 'limits' | 'env' | 'signal'>>;

/** A document as it can be drawn: those that need a program are made PDF files. */
const drawable = async (document: Drawable, ways: readonly Way[], allowance: Allowance): Promise<Drawable> => {
  const { path, type } = document;
  const way = ways.find(({ maker }) => maker.types.includes(type));
  if (!way) return document;
  const { maker, command } = way;
  if (command === undefined) throw new RenderFailure('unsupported', `${type} needs a program that is not installed`);
  const allowed = await allowance();
  const run = async (args: readonly string[]): Promise<void> => {
    try {
      await runProgram({ ...allowed, command, args });
    } catch (error) {
      if (!(error instanceof ProgramFailure) || error.reason !== 'failed') throw error;
      throw new RenderFailure('unreadable', `a document (${type}) cannot be read`, { cause: error });
    }
  };
  return { path: await maker.toPdf({ path, folder: allowed.folder, run }), type: 'pdf' };
};

/** Draws documents in a process of their own, and gives the number of pages. */
const draw = async (task: RenderTask, allowance: Allowance): Promise<number> => {
  const module = taskModule('./child.js', import.meta.url);
  const answer = (await runTask({ ...(await allowance()), module, task })) as RenderAnswer;
  if (answer.kind === 'done') return answer.pages;
  throw new RenderFailure(answer.reason, answer.message);
};

/** A process that met its limits, or crashed, did so over the documents. */
const failureOf = (error: unknown): unknown => {
  if (!(error instanceof ProgramFailure) || error.reason === 'failed') return error;
  const { reason, message } = error;
  return new RenderFailure(reason === 'crashed' ? 'unreadable' : reason, message, { cause: error });
};

/** Renders within these limits. */
export const openRenderer = (limits: RenderLimits): Renderer => {
  /** Gives the number of pages that are in `target`. */
  const renderTo = async (target: string, order: RenderOrder, folder: string, signal: AbortSignal): Promise<number> => {
    const { pageSize, orientation, resolution, rendering, fitToPage } = order.settings;
    const fonts = join(folder, 'fonts.conf');
    await writeFile(fonts, fontSettings(limits.folder));
    const taken = await takeIn(order, folder, signal);
    const late = AbortSignal.timeout(limits.time);
    const allowance: Allowance = async () => {
      const { memory, time } = limits;
      const disk = Math.max(1, limits.disk - (await folderSize(folder)));
      const either = AbortSignal.any([signal, late]);
      return { folder, limits: { memory, time, disk }, env: { FONTCONFIG_FILE: fonts }, signal: either };
    };
    try {
      const ways = await findWays(limits);
      const documents: Drawable[] = [];
      for (const document of taken) documents.push(await drawable(document, ways, allowance));
      const task: RenderTask = {
        documents,
        target,
        sheet: sheetOf(pageSize, orientation, resolution),
        rendering,
        fit: fitToPage ? 'scale' : 'natural',
        header: order.header,
        mostPages: limits.mostPages,
      };
      return await draw(task, allowance);
    } catch (error) {
      signal.throwIfAborted();
      if (late.aborted) throw new RenderFailure('out-of-time', `rendering took more than ${limits.time} ms`);
      throw failureOf(error);
    }
  };

  return {
    render: async (order, signal, use) => {
      const folder = join(limits.folder, order.name);
      await makeFolder(limits.folder);
      await rm(folder, { recursive: true, force: true });
      try {
        await mkdir(folder, { mode: 0o700 });
        const path = join(folder, 'fax.tif');
        const pages = await renderTo(path, order, folder, signal);
        return await use({ path, size: (await stat(path)).size, pages });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
};
