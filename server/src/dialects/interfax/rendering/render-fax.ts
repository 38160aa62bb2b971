import { open } from 'node:fs/promises';
import { isAboutMemory } from '../../../services/programs/child.js';
import { toBilevel } from './bilevel.js';
import { RenderFailure } from './failure.js';
import { headerText, printHeader } from './header.js';
import { openDocument } from './open-document.js';
import type { Pages } from './pages.js';
import { turned } from './raster.js';
import type { RenderTask } from './task.js';
import { group4 } from './tiff/group4.js';
import { writeFax } from './tiff/writer.js';

const unreadable = (type: string, error: unknown): RenderFailure => {
  if (error instanceof RenderFailure) return error;
  const reason = isAboutMemory(String(error)) ? 'out-of-memory' : 'unreadable';
  return new RenderFailure(reason, `a document (${type}) cannot be read: ${String(error)}`, { cause: error });
};

/** Draws one page as it goes over the line, and codes it. */
const drawPage = async (pages: Pages, index: number, label: string, task: RenderTask): Promise<Uint8Array> => {
  const { sheet, rendering } = task;
  const drawn = await pages.draw(index, sheet.canvas);
  const page = sheet.landscape ? turned(drawn) : drawn;
  await printHeader(page, sheet.page, label);
  toBilevel(page, rendering);
  return group4(page);
};

/**
 * Renders documents as one fax, in this process: a TIFF file with a page in CCITT group 4 for each of theirs. Gives the
 * number of pages. Only one page is held at a time. Throws a `RenderFailure`.
 */
export const renderFax = async (task: RenderTask): Promise<number> => {
  const opened: { readonly pages: Pages; readonly type: string }[] = [];
  let total = 0;
  try {
    for (const { path, type } of task.documents) {
      const pages = await openDocument(path, type, task).catch((error: unknown) => {
        throw unreadable(type, error);
      });
      opened.push({ pages, type });
      total += pages.count;
      if (total > task.mostPages)
        throw new RenderFailure('too-many-pages', `a fax of more than ${task.mostPages} pages`);
    }
    if (total === 0) throw new RenderFailure('unreadable', 'a fax without a page');
    const file = await open(task.target, 'w');
    try {
      const fax = await writeFax(file, total);
      let number = 0;
      for (const { pages, type } of opened) {
        for (let index = 0; index < pages.count; index += 1) {
          number += 1;
          const coded = await drawPage(pages, index, headerText(task.header, number, total), task).catch(
            (error: unknown) => {
              throw unreadable(type, error);
            },
          );
          await fax.add(task.sheet.page, coded);
        }
      }
      await fax.end();
    } finally {
      await file.close();
    }
    return total;
  } finally {
    for (const { pages } of opened) pages.close?.();
  }
};
