import type { PDFiumDocument } from '@hyzyla/pdfium';
import sharp from 'sharp';
import type { Json } from '../../../../kit/json.js';
import { pageSize } from './pdf.js';

/** What sharp tells of a picture, without what is large or binary. */
export const pictureFacts = async (file: string, pixels: number): Promise<Json> => {
  const { width, height, pageHeight, ...rest } = await sharp(file, { limitInputPixels: pixels }).metadata();
  const plain = Object.entries(rest).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  const facts = { width, height: pageHeight ?? height, ...Object.fromEntries(plain) };
  return JSON.parse(JSON.stringify(facts)) as Json;
};

/** Pages whose sizes are told. */
const mostPages = 1000;

/** How many pages a PDF file has, and how large they are, in points. */
export const pdfFacts = (document: PDFiumDocument): Json => {
  const count = document.getPageCount();
  const pages = [...Array(Math.min(count, mostPages)).keys()].map((index) => pageSize(document, index));
  return { pageCount: count, pages };
};
