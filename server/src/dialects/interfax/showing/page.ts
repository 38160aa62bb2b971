import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { byteBudget } from '../../../kit/budget.js';
import { runTask, taskModule } from '../../../services/programs/run-task.js';
import type { Host } from '../../dialect.js';
import type { Fax, FaxImage } from '../faxes/fax.js';
import type { InterfaxOptions } from '../options.js';
import { type Grid, sheetOf } from '../rendering/sheet.js';
import type { PageTask } from './page-task.js';

/** Pixels across of a page that is held upright. */
const width = 1000;

/** ms after which a page that is not drawn will not be. */
const patience = 30_000;

/** Pages that are drawn at once, each in a process of its own. */
const atOnce = 2;

/** What the folders begin with in which pages are drawn: they lie among those of renderings. */
export const pageFolders = 'page-';

/** As many lines as the picture needs so that nothing is stretched: the pixels of a fax are no squares. */
const heightOf = (page: Grid): number =>
  Math.round((width * page.height * page.xDensity) / (page.width * page.yDensity));

/** Draws pages of faxes for the screen, as PNG of some 1000 pixels across; a page for landscape lies down. */
export const openPages = (
  { engine, ids, data }: Host,
  { renderFolder, renderMemory, renderDisk }: InterfaxOptions,
): ((fax: Fax, image: FaxImage, number: number) => Promise<Uint8Array>) => {
  const slots = byteBudget(atOnce);
  const module = taskModule('./page-child.js', import.meta.url);

  const draw = async (folder: string, { settings }: Fax, { object, size }: FaxImage, number: number) => {
    const path = join(folder, 'fax.tif');
    const target = join(folder, 'page.png');
    await pipeline(Readable.from(engine.readObject(object, { start: 0, end: size })), createWriteStream(path));
    const { page, landscape } = sheetOf(settings.pageSize, settings.orientation, settings.resolution);
    const height = heightOf(page);
    const upright = landscape ? { width: height, height: width } : { width, height };
    const task: PageTask = { path, target, page: number - 1, ...upright, turned: landscape };
    const limits = { memory: renderMemory, time: patience, disk: renderDisk };
    await runTask({ module, task, folder, limits, signal: AbortSignal.timeout(patience) });
    return readFile(target);
  };

  return async (fax, image, number) => {
    await slots.take(1);
    const folder = join(resolve(data, renderFolder), `${pageFolders}${ids.next()}`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return await draw(folder, fax, image, number);
    } finally {
      await rm(folder, { recursive: true, force: true });
      slots.give(1);
    }
  };
};
