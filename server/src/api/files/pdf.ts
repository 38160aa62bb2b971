import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { byteBudget } from '../../kit/budget.js';
import type { Version } from '../../services/catalog/catalog.js';
import { ProgramFailure } from '../../services/programs/limits.js';
import { runTask, taskModule } from '../../services/programs/run-task.js';
import type { ApiHost } from '../host.js';
import type { PdfTask } from './pdf-task.js';

/** Pixels that a page may have across and down. */
const most = { width: 1000, height: 2000 };

/** What drawing a page may take: bytes and ms. */
const limits = { memory: 512 * 2 ** 20, time: 20_000, disk: 64 * 2 ** 20 };

/** Where pages are drawn, each in a folder of its own. `data`: the data folder. */
export const previewFolder = (data: string): string => join(data, 'previews');

/** One is held by each page that is being drawn. */
const slots = byteBudget(2);

/**
 * The first page of a PDF file as PNG, drawn in a process of its own; nothing where it cannot be drawn, or whoever asked is
 * gone.
 */
export const drawFirstPage = async (
  { engine, ids, data }: Pick<ApiHost, 'ids' | 'data'> & { readonly engine: Pick<ApiHost['engine'], 'readObject'> },
  { object, size }: Pick<Version, 'object' | 'size'>,
  gone: AbortSignal,
): Promise<Uint8Array | undefined> => {
  await slots.take(1);
  const folder = join(previewFolder(data), ids.next());
  const path = join(folder, 'file.pdf');
  const target = join(folder, 'page.png');
  try {
    if (gone.aborted) return undefined;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await pipeline(Readable.from(engine.readObject(object, { start: 0, end: size })), createWriteStream(path), {
      signal: gone,
    });
    const module = taskModule('./pdf-child.js', import.meta.url);
    const task: PdfTask = { path, target, ...most };
    await runTask({ module, task, folder, limits, signal: gone });
    return await readFile(target);
  } catch (error) {
    if (error instanceof ProgramFailure || gone.aborted) return undefined;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
    slots.give(1);
  }
};
