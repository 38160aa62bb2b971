import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { officeProfile } from '../../../services/programs/office-profile.js';
import { ConversionFailed, type ConversionWork } from './conversion.js';
import type { Tools } from './tools.js';

/** Has LibreOffice write a document anew; `format` as its `--convert-to` has it. Gives where the result lies. */
const convertTo = async (
  tools: Tools,
  file: string,
  { format, pdfA, work }: { format: string; pdfA: boolean; work: ConversionWork },
): Promise<string> => {
  const results = await mkdtemp(join(work.folder, 'office-'));
  await tools.program(work, 'libreoffice', [
    ...(await officeProfile(work.folder, { pdfA })),
    // Read as web pages they would be printed as empty pages.
    ...(/\.x?html?$/i.test(file) ? ['--infilter=HTML (StarWriter)'] : []),
    '--convert-to',
    format,
    '--outdir',
    results,
    file,
  ]);
  // It ends well even where it could make nothing of the document.
  const [made] = await readdir(results);
  if (made === undefined) throw new ConversionFailed('The document cannot be read.');
  return join(results, made);
};

/** The PDF file of an office document. */
export const officeToPdf = (tools: Tools, file: string, work: ConversionWork, pdfA = false): Promise<string> =>
  convertTo(tools, file, { format: 'pdf', pdfA, work });

/** The text of a document of words, in UTF-8. */
export const officeToText = (tools: Tools, file: string, work: ConversionWork): Promise<string> =>
  convertTo(tools, file, { format: 'txt:Text (encoded):UTF8', pdfA: false, work });
