import { BodyCut } from '../../http/exchange.js';
import type { Json } from '../../kit/json.js';
import type { JsonObject } from './jobs/job.js';
import { Problem, problems } from './problems.js';
import type { Visit } from './visit.js';

/** Is this value a JSON object? */
export const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A body's bytes as text, when there is room for it in memory; refuses 413 beyond `maxJson`. */
export const readText = async ({ parts, exchange, hold }: Visit): Promise<string> => {
  const { body, length } = exchange;
  const limit = parts.options.maxJson;
  const tooLarge = () => new Problem(413, `The body is too large: at most ${limit} bytes are taken.`);
  if (length !== null && length > limit) throw tooLarge();
  await hold(length ?? limit);
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of body()) {
      size += piece.length;
      if (size > limit) throw tooLarge();
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof BodyCut) throw problems.bad('The body ended early.');
    throw error;
  }
  return Buffer.concat(pieces).toString('utf8');
};

/** JSON, whatever the request says its type is (specs/api2convert.md §1.4); nothing where there is no body. */
export const readJson = async (visit: Visit): Promise<Json | undefined> => {
  const text = (await readText(visit)).replace(/^\ufeff/, '').trim();
  return text === '' ? undefined : parseJson(text);
};

/** Parses JSON; refuses 400. */
export const parseJson = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw problems.bad('The body is not valid JSON.');
  }
};

/** An object; an empty list is an empty one, as PHP writes it, and no body at all counts as one, too. Refuses 400. */
export const needObject = (value: Json | undefined, path = 'body'): JsonObject => {
  if (isObject(value)) return value;
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return {};
  throw problems.invalid({ [path]: ['must be an object.'] });
};

/** A list of objects; one object counts as a list of one (specs/api2convert.md §4). Refuses 400. */
export const needObjects = (value: Json | undefined, path: string): JsonObject[] => {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  return list.map((each, index) => {
    if (!isObject(each)) throw problems.invalid({ [`${path}.${index}`]: ['must be an object.'] });
    return each;
  });
};

/** Reads the fields of an object, each of its type; says in one refusal what is wrong with which. */
export interface FieldReader {
  text(name: string): string | undefined;
  flag(name: string): boolean | undefined;
  object(name: string): JsonObject | undefined;
  fault(name: string, message: string): void;
  /** Refuses 400 where something was wrong. */
  judge(): void;
}

/** A reader of `from`; `path` is put before the names of fields in faults. Null counts as not said. */
export const fieldReader = (from: JsonObject, path = ''): FieldReader => {
  const faults: Record<string, string[]> = {};
  const fault = (name: string, message: string): undefined => {
    faults[`${path}${name}`] = [message];
  };
  const value = (name: string): Json | undefined => (Object.hasOwn(from, name) ? (from[name] ?? undefined) : undefined);
  return {
    text: (name) => {
      const said = value(name);
      if (typeof said === 'number') return String(said);
      return said === undefined || typeof said === 'string' ? said : fault(name, 'must be a text.');
    },
    flag: (name) => {
      const said = value(name);
      if (said === undefined || typeof said === 'boolean') return said;
      if (said === 1 || said === '1' || said === 'true') return true;
      return said === 0 || said === '0' || said === 'false' ? false : fault(name, 'must be true or false.');
    },
    object: (name) => {
      const said = value(name);
      if (said === undefined || isObject(said)) return said;
      return Array.isArray(said) && said.length === 0 ? {} : fault(name, 'must be an object.');
    },
    fault,
    judge: () => {
      if (Object.keys(faults).length > 0) throw problems.invalid(faults);
    },
  };
};
