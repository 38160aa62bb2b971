import { join } from 'node:path';
import type { Pages } from '../pages.js';
import type { Fit } from '../placing.js';
import { openPdf } from './pdf.js';
import { runProgram } from './program.js';

/** Opens PostScript by way of Ghostscript, which makes a PDF of it and may touch no other file. */
export const openPostScript = async (parts: {
  path: string;
  folder: string;
  ghostscript: string;
  fit: Fit;
}): Promise<Pages> => {
  const { path, folder, ghostscript, fit } = parts;
  const target = join(folder, 'postscript.pdf');
  const quiet = ['-q', '-dSAFER', '-dBATCH', '-dNOPAUSE', '-dNOPROMPT'];
  const made = ['-sDEVICE=pdfwrite', '-dEPSCrop', `-sOutputFile=${target.replaceAll('%', '%%')}`, '-f', path];
  await runProgram(ghostscript, [...quiet, ...made], folder);
  return openPdf(target, fit);
};
