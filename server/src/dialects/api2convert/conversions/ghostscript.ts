import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConversionFailed, type ConversionWork } from './conversion.js';
import type { Tools } from './tools.js';

/** How a PDF file is written anew. */
interface Rewriting {
  readonly file: string;
  /** What it is opened with, where it is encrypted. */
  readonly password: string | null;
  /** Options of Ghostscript's writer of PDF files. */
  readonly words: readonly string[];
  /** Files with programs that are run before it. */
  readonly programs?: readonly string[];
}

/** Has Ghostscript write a PDF file anew; gives where the result lies. What cannot be read fails, and is not left out. */
export const rewritePdf = async (
  tools: Tools,
  { file, password, words, programs = [] }: Rewriting,
  work: ConversionWork,
): Promise<string> => {
  if (!(await tools.has('ghostscript'))) throw new ConversionFailed('PDF files are not written anew here.');
  // Of a file that is none it would make one without pages, and be content.
  await tools.task(work, { kind: 'pdf-facts', input: file, password: password ?? '' });
  const folder = await mkdtemp(join(work.folder, 'written-'));
  const made = join(folder, 'made.pdf');
  const opening = join(folder, 'open.ps');
  // Not among its words, which everybody on this machine can read.
  if (password !== null)
    await writeFile(opening, `/PDFPassword <${Buffer.from(password).toString('hex')}> def\n`, { mode: 0o600 });
  await tools.program(work, 'ghostscript', [
    ...['-dSAFER', '-dBATCH', '-dNOPAUSE', '-q', '-sDEVICE=pdfwrite', '-dAutoRotatePages=/None', ...words],
    ...[`-sOutputFile=${made}`, ...(password === null ? [] : [opening]), ...programs, file],
  ]);
  return made;
};
