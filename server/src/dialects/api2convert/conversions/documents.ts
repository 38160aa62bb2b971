import { createReadStream } from 'node:fs';
import { type Conversion, ConversionFailed, type ConversionInput, type ConversionWork } from './conversion.js';
import { kindOf } from './kinds.js';
import { baseName, endingOf } from './names.js';
import { officeToPdf, officeToText } from './office.js';
import { specOf } from './picture-options.js';
import type { Tools } from './tools.js';

/** Documents of words, of which LibreOffice has the text as it was written; of others it is read from their pages. */
const wordEndings = new Set('doc docx docm dot dotx odt ott fodt rtf txt text md html htm xhtml wpd wps'.split(' '));

const emitFile = (
  work: ConversionWork,
  input: ConversionInput,
  { path, ending, type }: { path: string; ending: string; type: string },
): Promise<void> => work.emit({ name: `${baseName(input.name)}.${ending}`, type }, createReadStream(path));

const wantOffice = async (tools: Tools): Promise<void> => {
  if (!(await tools.has('libreoffice'))) throw new ConversionFailed('Office documents are not converted here.');
};

/** The PDF file of whatever can be printed. */
const pdfOf = async (tools: Tools, input: ConversionInput, pdfA: boolean, work: ConversionWork): Promise<string> => {
  const file = await input.path();
  switch (await kindOf(input)) {
    case 'pdf':
      if (pdfA) throw new ConversionFailed('A PDF file is not made PDF/A here.');
      return file;
    case 'office':
      await wantOffice(tools);
      return officeToPdf(tools, file, work, pdfA);
    case 'media':
      throw new ConversionFailed('Sound and video cannot be printed.');
    case 'picture': {
      if (pdfA) throw new ConversionFailed('The PDF file of a picture is not made PDF/A here.');
      const spec = specOf({}, 'png');
      return String(await tools.task(work, { kind: 'picture-pdf', input: file, spec }));
    }
  }
};

/** The file with the text of a document. */
const textOfDocument = async (tools: Tools, input: ConversionInput, work: ConversionWork): Promise<string> => {
  const kind = await kindOf(input);
  if (kind !== 'pdf' && kind !== 'office') throw new ConversionFailed('There is no text in such a file.');
  const file = await input.path();
  if (kind === 'office') {
    await wantOffice(tools);
    if (wordEndings.has(endingOf(input.name))) return officeToText(tools, file, work);
  }
  const pdf = kind === 'pdf' ? file : await officeToPdf(tools, file, work);
  return String(await tools.task(work, { kind: 'text', input: pdf, password: input.password ?? '' }));
};

/** Documents: PDF files of pictures and, with LibreOffice, of office documents; texts of both. */
export const documents = (tools: Tools): readonly Conversion[] => [
  {
    category: 'document',
    target: 'pdf',
    optionsSchema: {
      pdf_a: { type: 'boolean', default: false, description: 'Makes PDF/A-1b of an office document.' },
    },
    takes: 'each',
    available: async () => true,
    convert: async (inputs, { pdf_a }, work) => {
      for (const input of inputs) {
        const path = await pdfOf(tools, input, pdf_a === true, work);
        await emitFile(work, input, { path, ending: 'pdf', type: 'application/pdf' });
      }
    },
  },
  {
    category: 'document',
    target: 'txt',
    optionsSchema: {},
    takes: 'each',
    available: async () => true,
    convert: async (inputs, _options, work) => {
      for (const input of inputs) {
        const path = await textOfDocument(tools, input, work);
        await emitFile(work, input, { path, ending: 'txt', type: 'text/plain; charset=utf-8' });
      }
    },
  },
];
