import type { Json } from '../../../kit/json.js';
import type { ConversionOptions, OptionSchema, OptionsSchema } from './conversion.js';

/** Options of every target (specs/api2convert.md §6). */
export const commonOptions = {
  allow_multiple_outputs: {
    type: 'boolean',
    default: false,
    description: 'Whether several outputs stay apart; else they become one zip archive.',
  },
  allow_multiple_outputs_threshold: {
    type: 'integer',
    minimum: 2,
    maximum: 400,
    description: 'With more outputs than this they become one zip archive all the same.',
  },
  max_outputs_per_input: {
    type: 'integer',
    minimum: 1,
    maximum: 2048,
    description: 'Outputs of one input beyond this number are left out.',
  },
  download_password: {
    type: 'string',
    pattern: '[ -~]{0,1000}',
    description: 'Password that a download of the outputs asks for.',
  },
  output_filename: { type: 'string', maxLength: 255, description: 'Name of the outputs, without extension.' },
  preset: { type: 'string', maxLength: 255, description: 'Id or name of a preset that the options are added to.' },
} as const satisfies OptionsSchema;

/** A value of the schema's type; clients write numbers and yes or no as texts, too. Undefined for what is none. */
const typed = (type: OptionSchema['type'], value: Json): Json | undefined => {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
    case 'integer':
    case 'number': {
      const number = typeof value === 'string' && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
      return type === 'number' || Number.isInteger(number) ? number : undefined;
    }
    case 'boolean':
      if (value === true || value === 1 || value === 'true' || value === '1') return true;
      return value === false || value === 0 || value === 'false' || value === '0' ? false : undefined;
    case 'array':
      return Array.isArray(value) ? value : undefined;
    case 'object':
      return typeof value === 'object' && value !== null ? value : undefined;
  }
};

/** What is wrong with a value; nothing where it is sound. */
const faultOf = (schema: OptionSchema, value: Json): string | undefined => {
  const { minimum, maximum, maxLength, pattern } = schema;
  if (schema.enum && !schema.enum.some((each) => each === value)) return `must be one of ${schema.enum.join(', ')}.`;
  if (typeof value === 'number' && minimum !== undefined && value < minimum) return `must be at least ${minimum}.`;
  if (typeof value === 'number' && maximum !== undefined && value > maximum) return `must be at most ${maximum}.`;
  if (typeof value !== 'string') return undefined;
  if (maxLength !== undefined && value.length > maxLength) return `must have at most ${maxLength} characters.`;
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(value)) return `must match ${pattern}.`;
  return undefined;
};

/** Options that were judged, and what is wrong with them, by name. */
export interface Judged {
  /** Those that the client said, as values of their types. */
  readonly said: ConversionOptions;
  readonly faults: Readonly<Record<string, readonly string[]>>;
}

/** Judges what a client said by the schema of a target and that of all targets. Null counts as not said. */
export const judgeOptions = (schema: OptionsSchema, given: Readonly<Record<string, Json>>): Judged => {
  const all: OptionsSchema = { ...commonOptions, ...schema };
  const said: Record<string, Json> = {};
  const faults: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(given)) {
    const option = Object.hasOwn(all, name) ? all[name] : undefined;
    if (value === null) continue;
    if (!option) {
      faults[name] = ['is not an option of this target.'];
      continue;
    }
    const sound = typed(option.type, value);
    const fault = sound === undefined ? `must be of type ${option.type}.` : faultOf(option, sound);
    if (sound === undefined || fault !== undefined) faults[name] = [fault ?? ''];
    else said[name] = sound;
  }
  for (const [name, { required }] of Object.entries(all))
    if (required === true && !Object.hasOwn(given, name)) faults[name] = ['is required.'];
  return { said, faults };
};

/** Options as a conversion is handed them: with the defaults of its schema. */
export const withDefaults = (schema: OptionsSchema, said: ConversionOptions): ConversionOptions => {
  const defaults = Object.entries(schema).flatMap(([name, option]): [string, Json][] =>
    option.default === undefined ? [] : [[name, option.default]],
  );
  return { ...Object.fromEntries(defaults), ...said };
};
