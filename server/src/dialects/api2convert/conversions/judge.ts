import type { Json } from '../../../kit/json.js';
import type { ConversionOptions, OptionSchema, OptionsSchema } from './conversion.js';

/** Options that may be used, or what is wrong with each that may not. */
export type Judgement = { readonly options: ConversionOptions } | { readonly errors: Readonly<Record<string, string>> };

/** The value as its type has it; clients also write numbers and booleans as texts. Undefined if it is none of that type. */
const typed = (value: Json, type: OptionSchema['type']): Json | undefined => {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
    case 'number':
    case 'integer': {
      const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
      const fits = typeof number === 'number' && Number.isFinite(number);
      return fits && (type === 'number' || Number.isSafeInteger(number)) ? number : undefined;
    }
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (value === 1 || value === '1' || value === 'true') return true;
      return value === 0 || value === '0' || value === 'false' ? false : undefined;
    case 'array':
      return Array.isArray(value) ? value : undefined;
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  }
};

/** What is wrong with a value of the right type; undefined if nothing is. */
const faultOf = (value: Json, schema: OptionSchema): string | undefined => {
  if (schema.enum && !schema.enum.some((each) => each === value)) return `wants one of ${schema.enum.join(', ')}`;
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) return `wants at least ${schema.minimum}`;
    if (schema.maximum !== undefined && value > schema.maximum) return `wants at most ${schema.maximum}`;
  }
  if (typeof value === 'string') {
    if (schema.maxLength !== undefined && [...value].length > schema.maxLength)
      return `wants at most ${schema.maxLength} characters`;
    if (schema.pattern !== undefined && !new RegExp(`^(?:${schema.pattern})$`, 'u').test(value))
      return `wants what matches ${schema.pattern}`;
  }
  return undefined;
};

/**
 * Judges options by their schema and adds the defaults. An option that there is not is a fault; `null` and, for all but texts, ''
 * are as good as left out.
 */
export const judgeOptions = (schema: OptionsSchema, said: Readonly<Record<string, Json>>): Judgement => {
  const options: Record<string, Json> = {};
  const errors: Record<string, string> = {};
  for (const name of Object.keys(said)) if (!Object.hasOwn(schema, name)) errors[name] = 'there is no such option';
  for (const [name, rule] of Object.entries(schema)) {
    const value = Object.hasOwn(said, name) ? said[name] : undefined;
    const isLeftOut = value === undefined || value === null || (value === '' && rule.type !== 'string');
    if (isLeftOut) {
      if (rule.required) errors[name] = 'is required';
      else if (rule.default !== undefined) options[name] = rule.default;
      continue;
    }
    const found = typed(value, rule.type);
    const fault =
      found === undefined
        ? `wants ${rule.type === 'integer' || rule.type === 'array' || rule.type === 'object' ? 'an' : 'a'} ${rule.type}`
        : faultOf(found, rule);
    if (fault !== undefined) errors[name] = fault;
    else if (found !== undefined) options[name] = found;
  }
  return Object.keys(errors).length > 0 ? { errors } : { options };
};
