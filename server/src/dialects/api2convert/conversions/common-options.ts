import type { OptionsSchema } from './conversion.js';

/** What every target takes beside its own options (specs/api2convert.md §6); the runner sees to them. */
export const commonOptions = {
  allow_multiple_outputs: {
    type: 'boolean',
    default: false,
    description: 'Gives several outputs one by one; otherwise they are put into one zip archive.',
  },
  allow_multiple_outputs_threshold: {
    type: 'integer',
    minimum: 2,
    maximum: 400,
    description: 'Up to this many outputs are given one by one.',
  },
  max_outputs_per_input: {
    type: 'integer',
    minimum: 1,
    maximum: 2048,
    description: 'How many outputs one input may give.',
  },
  download_password: {
    type: 'string',
    pattern: '^[ -~]{0,1000}$',
    description: 'What has to be said to download the outputs.',
  },
  output_filename: { type: 'string', maxLength: 255, description: 'What the output is called, without its extension.' },
  preset: {
    type: 'string',
    maxLength: 255,
    description: 'The name or id of a preset, whose options count where none are said.',
  },
} as const satisfies OptionsSchema;
