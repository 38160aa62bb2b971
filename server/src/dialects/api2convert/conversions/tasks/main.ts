import type { Json } from '../../../../kit/json.js';
import { performTask } from '../../../../services/programs/task.js';
import { compare } from './compare.js';
import { pdfFacts, pictureFacts } from './facts.js';
import { makePages, openPdf, writeText } from './pdf.js';
import { makePicture, openPicture, openStill } from './picture.js';
import { writePicturePdf } from './picture-pdf.js';
import { writeIntent, writeStamp } from './postscript.js';
import type { Task } from './task.js';

/*
 * The process in which pictures and PDF files of strangers are read. It does one task and ends; it may be killed at any time.
 */
performTask(async (given: Json, tell): Promise<Json> => {
  const task = given as Task;
  switch (task.kind) {
    case 'picture':
      return makePicture(await openPicture(task.input, task.spec, task.pixels), task.spec, task);
    case 'compare': {
      const [one, other] = [await openStill(task.input, task.pixels), await openStill(task.other, task.pixels)];
      return compare(one, other, task.comparison, task.folder);
    }
    case 'picture-pdf':
      return writePicturePdf(await openPicture(task.input, task.spec, task.pixels), task.folder);
    case 'stamp':
      return writeStamp(await openStill(task.input, task.pixels), task.alignment, task.folder);
    case 'intent':
      return writeIntent(task.folder);
    case 'pages':
      return makePages(await openPdf(task.input, task.password), task, tell);
    case 'text':
      return writeText(await openPdf(task.input, task.password), task.folder);
    case 'picture-facts':
      return pictureFacts(task.input, task.pixels);
    case 'pdf-facts':
      return pdfFacts(await openPdf(task.input, task.password));
  }
});
