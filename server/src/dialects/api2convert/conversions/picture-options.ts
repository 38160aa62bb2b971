import type { ConversionOptions, OptionsSchema } from './conversion.js';
import type { Colouring, Handling, PictureFormat, PictureSize, PictureSpec } from './tasks/task.js';

const side = { type: 'integer', minimum: 1, maximum: 65_000 } as const;

/** Options of pictures that are drawn anew (specs/api2convert.md §6). */
export const pictureOptions = {
  width: {
    ...side,
    description: 'Pixels across; without a height it follows from the shape, and with one the picture fits into both.',
  },
  height: { ...side, description: 'Pixels down.' },
  dpi: {
    type: 'integer',
    minimum: 10,
    maximum: 1200,
    description:
      'Pixels an inch: in which pages and drawings are drawn, and that the picture tells where its format can.',
  },
  color: {
    type: 'string',
    enum: ['colored', 'gray', 'monochrome', 'negate', '1980', '1900'],
    default: 'colored',
    description: 'How colours change; 1980 and 1900 look like photographs of that time.',
  },
  enhance: { type: 'boolean', default: false, description: 'Stretches the contrast and sharpens.' },
  normalize: { type: 'boolean', default: false, description: 'Stretches the contrast over the whole range.' },
  equalize: {
    type: 'boolean',
    default: false,
    description: 'Spreads each colour evenly over the whole range; moving pictures stay as they are.',
  },
  deskew: {
    type: 'boolean',
    default: false,
    description:
      'Turns a scanned page so that its lines are level, by up to 15 degrees; moving pictures stay as they are.',
  },
  sharpen: { type: 'boolean', default: false, description: 'Sharpens edges.' },
  despeckle: { type: 'boolean', default: false, description: 'Removes single stray pixels.' },
  antialias: { type: 'boolean', default: true, description: 'Smooths edges when the size changes.' },
} as const satisfies OptionsSchema;

/** The option of formats that can give up some of the picture, or of its colours. */
export const qualityOption = {
  quality: { type: 'integer', minimum: 1, maximum: 100, description: 'From small and poor to large and good.' },
} as const satisfies OptionsSchema;

const colourings: readonly Colouring[] = ['colored', 'gray', 'monochrome', 'negate', '1980', '1900'];

/** A number among judged options; 0 where there is none. */
export const numberOf = (options: ConversionOptions, name: string): number => {
  const value = options[name];
  return typeof value === 'number' ? value : 0;
};

/** A text among judged options; '' where there is none. */
export const textOf = (options: ConversionOptions, name: string): string => {
  const value = options[name];
  return typeof value === 'string' ? value : '';
};

/** The size that a box of pixels asks for; null where it asks for none. */
export const sizeIn = (width: number, height: number, more: Partial<PictureSize> = {}): PictureSize | null =>
  width === 0 && height === 0
    ? null
    : { width, height, unit: 'px', handling: 'inside' satisfies Handling, ratio: 0, onlySmaller: false, ...more };

/** What judged options ask for. */
export const specOf = (options: ConversionOptions, format: PictureFormat | 'same'): PictureSpec => ({
  format,
  size: sizeIn(numberOf(options, 'width'), numberOf(options, 'height')),
  quality: numberOf(options, 'quality'),
  dpi: numberOf(options, 'dpi'),
  colouring: colourings.find((each) => each === options['color']) ?? 'colored',
  enhance: options['enhance'] === true,
  normalize: options['normalize'] === true,
  equalize: options['equalize'] === true,
  deskew: options['deskew'] === true,
  sharpen: options['sharpen'] === true,
  despeckle: options['despeckle'] === true,
  antialias: options['antialias'] !== false,
});
