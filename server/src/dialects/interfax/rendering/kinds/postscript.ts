import type { PdfMaker } from '../pdf-maker.js';

/** Has Ghostscript make a PDF file; it may touch no other file. */
export const postScript: PdfMaker = {
  types: ['ps', 'eps'],
  toPdf: async ({ path, run }) => {
    const target = `${path}.pdf`;
    const quiet = ['-q', '-dSAFER', '-dBATCH', '-dNOPAUSE', '-dNOPROMPT', '-sstdout=%stderr'];
    const made = ['-sDEVICE=pdfwrite', '-dEPSCrop', `-sOutputFile=${target.replaceAll('%', '%%')}`, '-f', path];
    await run([...quiet, ...made]);
    return target;
  },
};
