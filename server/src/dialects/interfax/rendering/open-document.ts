import { RenderFailure } from './failure.js';
import { openHtml } from './kinds/html.js';
import { openPdf } from './kinds/pdf.js';
import { openPicture } from './kinds/picture.js';
import { openText } from './kinds/text.js';
import type { Pages } from './pages.js';
import type { RenderTask } from './task.js';

type Opener = (path: string, task: RenderTask) => Promise<Pages>;

const picture: Opener = (path, { fit, mostPages }) => openPicture(path, fit, mostPages);
const text: Opener = (path, { sheet, mostPages }) => openText(path, sheet.canvas, mostPages);
const html: Opener = (path, { sheet, mostPages }) => openHtml(path, sheet.canvas, mostPages);

/** Who opens a document, by its file's ending. */
const openers: Readonly<Record<string, Opener>> = {
  pdf: (path, { fit }) => openPdf(path, fit),
  ...Object.fromEntries(['tif', 'tiff', 'png', 'jpg', 'jpeg', 'gif', 'bmp'].map((type) => [type, picture])),
  ...Object.fromEntries(['txt', 'xml'].map((type) => [type, text])),
  ...Object.fromEntries(['htm', 'html'].map((type) => [type, html])),
};

/** Opens a document of a type. Throws a `RenderFailure` on one that is broken, and on one of a type that nothing here draws. */
export const openDocument = async (path: string, type: string, task: RenderTask): Promise<Pages> => {
  const opener = Object.hasOwn(openers, type) ? openers[type] : undefined;
  if (!opener) throw new RenderFailure('unsupported', `documents of the type ${type} are not drawn`);
  return opener(path, task);
};
