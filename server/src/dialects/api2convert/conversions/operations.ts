import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import {
  type Conversion,
  ConversionFailed,
  type ConversionInput,
  type ConversionOptions,
  type ConversionWork,
} from './conversion.js';
import { rewritePdf } from './ghostscript.js';
import { kindOf } from './kinds.js';
import { numberOf, pictureOptions, sizeIn, specOf, textOf } from './picture-options.js';
import { emitPicture, picture } from './pictures.js';
import {
  type Handling,
  lastPage,
  type Made,
  type PageRange,
  type PictureFormat,
  type PictureSize,
} from './tasks/task.js';
import type { Tools } from './tools.js';

const side = { type: 'number', minimum: 1, maximum: 65_000 } as const;

const units = ['px', 'perc', 'inches', 'cm', 'mm'] as const satisfies readonly PictureSize['unit'][];

const handlings = {
  stretch: 'stretch',
  keep_aspect_ratio_fill_black: 'black',
  keep_aspect_ratio_fill_white: 'white',
  keep_aspect_ratio_fill_blurred: 'blurred',
  keep_aspect_ratio_fill_transparent: 'transparent',
  keep_aspect_ratio_crop: 'crop',
} as const satisfies Record<string, Handling>;

const resizeTargets = [
  'bmp',
  'gif',
  'ico',
  'jpg',
  'png',
  'tga',
  'tiff',
  'webp',
] as const satisfies readonly PictureFormat[];

const choice = <T extends string>(options: ConversionOptions, name: string, choices: readonly T[]): T | undefined =>
  choices.find((each) => each === options[name]);

/** Width by height of `16:9`; 0 where nothing is said. */
const ratioOf = (text: string): number => {
  const [width = 0, height = 0] = text.split(':').map(Number);
  if (text !== '' && (width === 0 || height === 0))
    throw new ConversionFailed(`${text} is no shape that a picture can have.`);
  return height === 0 ? 0 : width / height;
};

const resizeSize = (options: ConversionOptions): PictureSize | null => {
  const ratio = ratioOf(textOf(options, 'aspect_ratio'));
  const handling = Object.entries(handlings).find(([name]) => name === options['resize_handling'])?.[1];
  const more = {
    unit: choice(options, 'resize_by', units) ?? 'px',
    // A shape of its own can only be had by cutting, filling or distorting.
    handling: handling ?? (ratio > 0 ? 'crop' : 'inside'),
    ratio,
  } as const;
  const size = sizeIn(numberOf(options, 'width'), numberOf(options, 'height'), more);
  return size ?? (ratio > 0 ? { width: 0, height: 0, onlySmaller: false, ...more } : null);
};

const resize = (tools: Tools): Conversion => ({
  category: 'operation',
  target: 'resize-image',
  optionsSchema: {
    width: { ...side, description: 'How wide, by `resize_by`; without a height it follows from the shape.' },
    height: { ...side, description: 'How high, by `resize_by`.' },
    resize_by: {
      type: 'string',
      enum: units,
      default: 'px',
      description: 'What width and height count; lengths count by `dpi`.',
    },
    resize_handling: {
      type: 'string',
      enum: Object.keys(handlings),
      description: 'What becomes of a picture of another shape; unless told, it fits into width and height.',
    },
    resize_target: { type: 'string', enum: resizeTargets, description: 'The format; as the input, unless told.' },
    aspect_ratio: { type: 'string', pattern: '^\\d{1,6}:\\d{1,6}$', example: '16:9', description: 'Width by height.' },
    dpi: pictureOptions.dpi,
  },
  takes: 'each',
  available: async () => true,
  convert: async (inputs, options, work) => {
    const format = choice(options, 'resize_target', resizeTargets) ?? 'same';
    const size = resizeSize(options);
    for (const input of inputs) {
      const spec = { ...specOf({ dpi: options['dpi'] ?? 0 }, format), size };
      await picture(tools, { input, spec, pages: [], work });
    }
  },
});

const pageOf = (word: string): number => {
  if (word === 'first') return 1;
  return word === 'last' || word === '' ? lastPage : Number(word);
};

/** The pages of `1,3-5`, `2-last`, `7-`. */
const pagesOf = (text: string): PageRange[] =>
  text.split(',').map((part): PageRange => {
    const [first = '', last = first] = part.trim().split('-');
    return [pageOf(first), pageOf(last)];
  });

const thumbnailSide = { type: 'integer', minimum: 1, maximum: 4096 } as const;

const thumbnailTargets = ['png', 'jpg', 'webp', 'gif'] as const satisfies readonly PictureFormat[];

const thumbnail = (tools: Tools): Conversion => ({
  category: 'operation',
  target: 'thumbnail',
  optionsSchema: {
    thumbnail_target: { type: 'string', enum: thumbnailTargets, default: 'png', description: 'The format.' },
    width: { ...thumbnailSide, description: 'Pixels across; 300, unless a height is said.' },
    height: { ...thumbnailSide, description: 'Pixels down; with a width, too, the thumbnail fits into both.' },
    pages: {
      type: 'string',
      pattern: '(\\d{1,6}|first|last)(-(\\d{1,6}|last)?)?(, ?(\\d{1,6}|first|last)(-(\\d{1,6}|last)?)?)*',
      default: '1-last',
      example: '1,3-5',
      description: 'Which pages of a document.',
    },
    dpi: pictureOptions.dpi,
  },
  takes: 'each',
  available: async () => true,
  convert: async (inputs, options, work) => {
    const format = choice(options, 'thumbnail_target', thumbnailTargets) ?? 'png';
    const pages = pagesOf(textOf(options, 'pages'));
    const [width, height] = [numberOf(options, 'width'), numberOf(options, 'height')];
    const size = sizeIn(width === 0 && height === 0 ? 300 : width, height);
    for (const input of inputs) {
      const spec = { ...specOf({ dpi: options['dpi'] ?? 0 }, format), size };
      await picture(tools, { input, spec, pages, work });
    }
  },
});

const levels = ['low', 'medium', 'high'] as const;
type Level = (typeof levels)[number];

const qualities: Readonly<Record<Level, number>> = { low: 85, medium: 70, high: 50 };
const pdfSettings: Readonly<Record<Level, string>> = { low: '/printer', medium: '/ebook', high: '/screen' };

/** Emits the file that was made, or the input where that is smaller. */
const emitSmaller = async (work: ConversionWork, input: ConversionInput, path: string): Promise<void> => {
  const { size } = await stat(path);
  const { name, type } = input;
  await work.emit({ name, type }, size < input.size ? createReadStream(path) : input.read());
};

const compress = (tools: Tools): Conversion => ({
  category: 'operation',
  target: 'compress',
  optionsSchema: {
    compression_level: {
      type: 'string',
      enum: levels,
      default: 'medium',
      description: 'How much smaller a picture or PDF file is to become, at the cost of what is seen.',
    },
  },
  takes: 'each',
  available: async () => true,
  convert: async (inputs, options, work) => {
    const level = choice(options, 'compression_level', levels) ?? 'medium';
    for (const input of inputs) {
      const file = await input.path();
      const kind = await kindOf(input);
      if (kind === 'pdf') {
        const words = [`-dPDFSETTINGS=${pdfSettings[level]}`];
        await emitSmaller(work, input, await rewritePdf(tools, { file, password: input.password, words }, work));
        continue;
      }
      if (kind !== 'picture') throw new ConversionFailed('Only pictures and PDF files are made smaller here.');
      const spec = { ...specOf({}, 'same'), quality: qualities[level] };
      const made = (await tools.task(work, { kind: 'picture', input: file, spec })) as Made;
      // A drawing has become a picture: that is another file.
      if (made.format === 'png' && !/\.png$/i.test(input.name)) await emitPicture(work, input, made);
      else await emitSmaller(work, input, made.path);
    }
  },
});

/** What is done with a file rather than made of it. */
export const operations = (tools: Tools): readonly Conversion[] => [resize(tools), thumbnail(tools), compress(tools)];
