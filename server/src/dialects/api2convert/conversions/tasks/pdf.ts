import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PDFiumDocument, PDFiumLibrary } from '@hyzyla/pdfium';
import sharp from 'sharp';
import { makePicture, type Source } from './picture.js';
import { boxOf } from './sizing.js';
import { lastPage, type Made, type PageRange, type PictureSpec } from './task.js';

const pointsAnInch = 72;
/** Pixels an inch in which pages are drawn where nobody says. */
const usualDensity = 150;

/** Opens a PDF file. Throws on one that is broken or wants another password. */
export const openPdf = async (file: string, password: string): Promise<PDFiumDocument> => {
  const library = await PDFiumLibrary.init();
  try {
    return await library.loadDocument(await readFile(file), password);
  } catch (error) {
    const isLocked = /password/i.test(String(error));
    throw new Error(isLocked ? 'The PDF file wants a password.' : 'The PDF file cannot be read.', { cause: error });
  }
};

/** The size of a page in points. */
export const pageSize = (document: PDFiumDocument, index: number): { width: number; height: number } => {
  const { originalWidth: width, originalHeight: height } = document.getPage(index).getOriginalSize();
  if (!(width > 0 && height > 0)) throw new Error(`Page ${index + 1} of the PDF file cannot be read.`);
  return { width, height };
};

/** Draws a page as large as it is needed, but no larger than `pixels`. */
const drawn = async (document: PDFiumDocument, index: number, spec: PictureSpec, pixels: number): Promise<Source> => {
  const size = pageSize(document, index);
  const density = spec.dpi > 0 ? spec.dpi : usualDensity;
  const natural = { width: (size.width / pointsAnInch) * density, height: (size.height / pointsAnInch) * density };
  const box = spec.size ? boxOf(spec.size, natural, { density, pixels }) : natural;
  const scale = spec.size ? Math.max(box.width / size.width, box.height / size.height) : density / pointsAnInch;
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  if (width * height > pixels) throw new Error(`Page ${index + 1} is larger than pictures may be here.`);
  const { data } = await document.getPage(index).render({ width, height, renderFormFields: true });
  return {
    open: () => sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha(),
    width,
    height,
    frames: 1,
    density,
    format: 'png',
  };
};

/** Which of so many pages are wanted, in their order; no ranges stand for all. */
const pagesIn = (ranges: readonly PageRange[], count: number): number[] => {
  const at = (page: number): number => (page === lastPage ? count : page);
  const isWanted = (page: number) => ranges.some(([first, last]) => at(first) <= page && page <= at(last));
  const all = [...Array(count).keys()].map((index) => index + 1);
  return ranges.length === 0 ? all : all.filter(isWanted);
};

/** Makes pictures of pages, one at a time; `tell` takes each and may then remove it. */
export const makePages = async (
  document: PDFiumDocument,
  wanted: {
    readonly pages: readonly PageRange[];
    readonly spec: PictureSpec;
    readonly folder: string;
    readonly pixels: number;
  },
  tell: (made: Made) => Promise<void>,
): Promise<number> => {
  const { spec, folder, pixels } = wanted;
  const count = document.getPageCount();
  const all = pagesIn(wanted.pages, count);
  if (all.length === 0) throw new Error(`The document has ${count} pages and none of those that are wanted.`);
  for (const page of all) {
    const source = await drawn(document, page - 1, spec, pixels);
    const made = await makePicture(source, { ...spec, dpi: source.density }, { folder, pixels, page });
    await tell({ ...made, pages: all.length });
  }
  return all.length;
};

/** Writes the text of all pages to a file, a form feed between them. */
export const writeText = async (document: PDFiumDocument, folder: string): Promise<string> => {
  const path = join(folder, 'text.txt');
  await writeFile(path, '');
  for (const page of document.pages())
    await writeFile(path, `${page.number > 0 ? '\f' : ''}${page.getText().replaceAll('\r\n', '\n')}\n`, { flag: 'a' });
  return path;
};
