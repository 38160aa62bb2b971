import { createReadStream } from 'node:fs';
import {
  type Conversion,
  ConversionFailed,
  type ConversionInput,
  type ConversionWork,
  type OptionsSchema,
} from './conversion.js';
import { rewritePdf } from './ghostscript.js';
import { kindOf } from './kinds.js';
import { baseName, endingOf } from './names.js';
import { officeToPdf, officeToText } from './office.js';
import { specOf } from './picture-options.js';
import { alignments } from './tasks/task.js';
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
const printed = async (tools: Tools, input: ConversionInput, work: ConversionWork, pdfA = false): Promise<string> => {
  const file = await input.path();
  switch (await kindOf(input)) {
    case 'pdf':
      return file;
    case 'office':
      await wantOffice(tools);
      return officeToPdf(tools, file, work, pdfA);
    case 'media':
      throw new ConversionFailed('Sound and video cannot be printed.');
    case 'picture':
      return String(await tools.task(work, { kind: 'picture-pdf', input: file, spec: specOf({}, 'png') }));
  }
};

/** The PDF file of an input as it is wanted. `stamps`: programs that stamp its pages. */
const pdfOf = async (
  tools: Tools,
  input: ConversionInput,
  { pdfA, stamps = [] }: { readonly pdfA: boolean; readonly stamps?: readonly string[] },
  work: ConversionWork,
): Promise<string> => {
  const isOffice = (await kindOf(input)) === 'office';
  if (stamps.length === 0 && (isOffice || !pdfA)) return printed(tools, input, work, pdfA);
  const file = await printed(tools, input, work);
  const intents = pdfA ? [String(await tools.task(work, { kind: 'intent', input: file }))] : [];
  const words = [
    ...(pdfA ? ['-dPDFA=2', '-dPDFACompatibilityPolicy=1', '-sColorConversionStrategy=RGB'] : []),
    // For the stamp's own transparency.
    ...(stamps.length > 0 ? ['-dALLOWPSTRANSPARENCY'] : []),
  ];
  const password = (await kindOf(input)) === 'pdf' ? input.password : null;
  return rewritePdf(tools, { file, password, words, programs: [...intents, ...stamps] }, work);
};

/** Of several inputs the picture that is the stamp, the last one, and the documents that it is put on. */
const stampAmong = async (
  inputs: readonly ConversionInput[],
): Promise<{ stamp: ConversionInput; documents: readonly ConversionInput[] }> => {
  const kinds = await Promise.all(inputs.map(kindOf));
  const stamp = inputs[kinds.lastIndexOf('picture')];
  const documents = inputs.filter((input) => input !== stamp);
  if (!stamp || documents.length === 0)
    throw new ConversionFailed('A stamp wants a document, and a picture to stamp it.');
  return { stamp, documents };
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

const pdfAOption = {
  pdf_a: {
    type: 'boolean',
    default: false,
    description: 'Makes PDF/A: 1b of an office document, 2b of other files and of those that are stamped.',
  },
} as const satisfies OptionsSchema;

const stampOptions = {
  stamp: {
    type: 'boolean',
    default: false,
    description: 'Puts a picture on every page: the last picture among the job’s inputs.',
  },
  alignment: {
    type: 'string',
    enum: alignments,
    default: 'center',
    description: 'Where on the page the stamp is put.',
  },
} as const satisfies OptionsSchema;

/** To PDF. `stamps`: whether stamps are offered, which is where Ghostscript is. */
const toPdf = (tools: Tools, stamps: boolean): Conversion => ({
  category: 'document',
  target: 'pdf',
  optionsSchema: { ...pdfAOption, ...(stamps && stampOptions) },
  takes: ({ stamp }) => (stamp === true ? 'all' : 'each'),
  available: async () => (await tools.has('ghostscript')) === stamps,
  convert: async (inputs, { pdf_a, stamp: isStamped, alignment: place }, work) => {
    const pdfA = pdf_a === true;
    const emit = async (input: ConversionInput, programs: readonly string[] = []): Promise<void> => {
      const path = await pdfOf(tools, input, { pdfA, stamps: programs }, work);
      await emitFile(work, input, { path, ending: 'pdf', type: 'application/pdf' });
    };
    if (isStamped !== true) {
      for (const input of inputs) await emit(input);
      return;
    }
    const { stamp, documents } = await stampAmong(inputs);
    const alignment = alignments.find((each) => each === place) ?? 'center';
    const program = String(await tools.task(work, { kind: 'stamp', input: await stamp.path(), alignment }));
    for (const document of documents) await emit(document, [program]);
  },
});

/** Documents: PDF files of pictures and, with LibreOffice, of office documents; texts of both. Ghostscript stamps them and makes them PDF/A. */
export const documents = (tools: Tools): readonly Conversion[] => [
  toPdf(tools, true),
  toPdf(tools, false),
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
