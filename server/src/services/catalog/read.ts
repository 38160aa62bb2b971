import { Readable } from 'node:stream';
import { Refusal } from '../../engine/refusals.js';
import type { Engine } from '../../engine/verbs.js';
import type { Range } from '../../kit/ranges.js';
import type { Version } from './catalog.js';

/**
 * The bytes of a version, or those of `range` that it has. Refuses `not-satisfiable` where the range begins behind the
 * last byte or has none. Nothing is opened before the first byte is asked for.
 */
export const readVersion = (
  engine: Pick<Engine, 'readObject'>,
  { object, size }: Pick<Version, 'object' | 'size'>,
  range?: Range,
): AsyncIterable<Uint8Array> => {
  if (range && (range.start < 0 || range.start >= size || range.end <= range.start))
    throw new Refusal('not-satisfiable', { size });
  if (size === 0) return Readable.from([]);
  const asked = range ? { start: range.start, end: Math.min(range.end, size) } : { start: 0, end: size };
  return engine.readObject(object, asked);
};
