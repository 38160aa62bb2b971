import { createReadStream } from 'node:fs';
import { type Conversion, ConversionFailed, type ConversionInput } from './conversion.js';
import { kindOf } from './kinds.js';
import { baseName } from './names.js';
import { numberOf, textOf } from './picture-options.js';
import { textBody } from './reading.js';
import { type Compared, methods } from './tasks/task.js';
import type { Tools } from './tools.js';

const colours = {
  red: '#ff0000',
  green: '#008000',
  blue: '#0000ff',
  yellow: '#ffff00',
  orange: '#ffa500',
  violet: '#ee82ee',
  black: '#000000',
  white: '#ffffff',
} as const;

/** Red, green and blue of a colour's name or of `#ff0000`. */
const colourOf = (word: string): [number, number, number] => {
  const hex = Object.entries(colours).find(([name]) => name === word)?.[1] ?? word;
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

const needPictures = async (inputs: readonly ConversionInput[]): Promise<[ConversionInput, ConversionInput]> => {
  const [one, other, ...more] = inputs;
  if (!one || !other || more.length > 0)
    throw new ConversionFailed(`Two pictures are compared; the job has ${inputs.length} inputs.`);
  for (const input of [one, other])
    if ((await kindOf(input)) !== 'picture') throw new ConversionFailed(`${input.name} is no picture.`);
  return [one, other];
};

const rounded = (value: number): number => Number(value.toPrecision(6));

/** How unlike two pictures are: a picture that shows it, and the numbers as JSON (specs/api2convert.md §6). */
export const comparing = (tools: Tools): Conversion => ({
  category: 'operation',
  target: 'compare-image',
  optionsSchema: {
    method: {
      type: 'string',
      enum: methods,
      default: 'ae',
      description:
        'What is measured: pixels that differ, the mean or root mean square of the difference, signal to noise in dB, correlation, or structural similarity.',
    },
    threshold: {
      type: 'number',
      minimum: 0,
      maximum: 100,
      default: 0,
      description: 'How much of the whole range, in percent, a colour may differ in a pixel that counts as the same.',
    },
    diff_color: {
      type: 'string',
      pattern: `${Object.keys(colours).join('|')}|#[0-9A-Fa-f]{6}`,
      default: 'red',
      example: 'orange',
      description: 'The colour of pixels that differ.',
    },
  },
  takes: 'all',
  available: async () => true,
  convert: async (inputs, options, work) => {
    const [one, other] = await needPictures(inputs);
    const method = methods.find((each) => each === options['method']) ?? 'ae';
    const threshold = numberOf(options, 'threshold');
    const comparison = { method, threshold, colour: colourOf(textOf(options, 'diff_color')) };
    const made = (await tools.task(work, {
      kind: 'compare',
      input: await one.path(),
      other: await other.path(),
      comparison,
    })) as Compared;
    const name = `${baseName(one.name)}-compared`;
    await work.emit({ name: `${name}.png`, type: 'image/png' }, createReadStream(made.path));
    const told = {
      method,
      value: made.value === null ? null : rounded(made.value),
      threshold,
      different_pixels: made.different,
      pixels: made.width * made.height,
      reference: { name: one.name, width: made.width, height: made.height },
      candidate: { name: other.name, width: made.otherWidth, height: made.otherHeight },
    };
    const body = textBody(`${JSON.stringify(told, null, 2)}\n`);
    await work.emit({ name: `${name}.json`, type: 'application/json' }, body);
  },
});
