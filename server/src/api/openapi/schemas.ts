import { toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { Schema } from '../operation.js';
import * as shapes from '../shapes/index.js';

/** Part of the document. */
export type Json = Readonly<Record<string, unknown>>;

const { streamShapes, ...single } = shapes;

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Every schema by its name; those of the stream's events as `StreamHello`, unless they have a name of their own. */
const named: Readonly<Record<string, Schema>> = {
  ...Object.fromEntries(
    Object.entries<Schema>(streamShapes)
      .filter(([, schema]) => !Object.values<Schema>(single).includes(schema))
      .map(([name, schema]) => [`Stream${capital(name)}`, schema]),
  ),
  ...single,
};

const pathOf = (name: string): string => `#/components/schemas/${name}`;

/** All schemas as JSON Schema (2020-12). */
export const schemasOf = (): Json =>
  toJsonSchemaDefs({ ...named }, { target: 'draft-2020-12', overrideRef: ({ referenceId }) => pathOf(referenceId) });

/** A reference to a schema, which must be one of `shapes`. */
export const referTo = (schema: Schema): Json => {
  const found = Object.entries(named).find(([, each]) => each === schema);
  if (!found) throw new Error('a schema of the API has no name: export it from shapes');
  return { $ref: pathOf(found[0]) };
};

/** The events of the stream, each with its schema. */
export const streamEvents = (): Json =>
  Object.fromEntries(Object.entries<Schema>(streamShapes).map(([name, schema]) => [name, referTo(schema)]));
