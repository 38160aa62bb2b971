import { mkdtemp } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { officeProfile } from '../../../../services/programs/office-profile.js';
import type { PdfMaker } from '../pdf-maker.js';

/** Has LibreOffice make a PDF file, in a profile that nobody used before. */
export const office: PdfMaker = {
  types: 'doc dot docx xls xlsx ppt pptx odt ods odp odg odf odm rtf'.split(' '),
  toPdf: async ({ path, folder, run }) => {
    const own = await mkdtemp(join(folder, 'office-'));
    await run([...(await officeProfile(own)), '--convert-to', 'pdf', '--outdir', own, path]);
    return join(own, `${basename(path, extname(path))}.pdf`);
  },
};
