import { readFile } from 'node:fs/promises';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { Pages } from '../pages.js';
import { type Fit, placeOn } from '../placing.js';
import { blank, lay } from '../raster.js';

const pointsAnInch = 72;

/** Opens a PDF file. Throws on one that is broken or wants a password. */
export const openPdf = async (file: string, fit: Fit): Promise<Pages> => {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(await readFile(file));
  return {
    count: document.getPageCount(),
    draw: async (index, canvas) => {
      const page = document.getPage(index);
      const { originalWidth, originalHeight } = page.getOriginalSize();
      if (!(originalWidth > 0 && originalHeight > 0)) throw new Error(`page ${index + 1} of the PDF cannot be read`);
      const size = { width: originalWidth / pointsAnInch, height: originalHeight / pointsAnInch };
      const { x, y, width, height } = placeOn(canvas, size, fit);
      const picture = await page.render({ width, height, colorSpace: 'Gray', renderFormFields: true });
      const whole = blank(canvas.width, canvas.height);
      lay(whole, picture, x, y);
      return whole;
    },
    close: () => {
      document.destroy();
      library.destroy();
    },
  };
};
