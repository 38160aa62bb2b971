import { readFile } from 'node:fs/promises';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import sharp from 'sharp';
import type { Json } from '../../kit/json.js';
import { performTask } from '../../services/programs/task.js';
import type { PdfTask } from './pdf-task.js';

/*
 * The process that draws the first page of a PDF file for the screen. It may be killed at any time.
 */

sharp.cache(false);
sharp.concurrency(1);

performTask(async (given: Json): Promise<Json> => {
  const task = given as PdfTask;
  const library = await PDFiumLibrary.init();
  const page = (await library.loadDocument(await readFile(task.path))).getPage(0);
  const { originalWidth, originalHeight } = page.getOriginalSize();
  if (!(originalWidth > 0 && originalHeight > 0)) throw new Error('the page has no size');
  const scale = Math.min(task.width / originalWidth, task.height / originalHeight);
  const width = Math.max(1, Math.round(originalWidth * scale));
  const height = Math.max(1, Math.round(originalHeight * scale));
  const { data } = await page.render({ width, height, renderFormFields: true });
  await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .png()
    .toFile(task.target);
  return null;
});
