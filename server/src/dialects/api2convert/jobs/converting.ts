import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Engine } from '../../../engine/verbs.js';
import type { ConversionInput } from '../conversions/conversion.js';
import type { Input, StoredFile } from './job.js';

/** A file of a job that is to be converted: an input, or what was made of one. */
export type Source = Pick<Input, 'id' | 'filename' | 'options' | 'password'> & { readonly stored: StoredFile | null };

/** A stored file as a conversion is handed it. `index` keeps files of one name apart in the work's folder. */
export const inputOf = (
  engine: Pick<Engine, 'readObject'>,
  { id, filename, options, password, stored }: Source,
  { folder, index, signal }: { folder: string; index: number; signal: AbortSignal },
): ConversionInput => {
  if (stored === null) throw new Error(`the input ${id} has no bytes`);
  const { object, size, digests, type } = stored;
  const read: ConversionInput['read'] = (range = { start: 0, end: size }) => engine.readObject(object, range);
  let copied: Promise<string> | undefined;
  const copy = async (): Promise<string> => {
    const path = join(folder, `${index}-${filename}`);
    await pipeline(Readable.from(read(), { objectMode: false }), createWriteStream(path, { mode: 0o600 }), { signal });
    return path;
  };
  return {
    id,
    name: filename,
    type,
    size,
    digests,
    options,
    password,
    read,
    path: () => {
      copied ??= copy();
      return copied;
    },
  };
};
