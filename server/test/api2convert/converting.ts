import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { catalogue } from '../../src/dialects/api2convert/conversions/catalogue.js';
import {
  type Conversion,
  type ConversionInput,
  takesOf,
} from '../../src/dialects/api2convert/conversions/conversion.js';
import { judgeOptions, withDefaults } from '../../src/dialects/api2convert/conversions/judging.js';
import { offered } from '../../src/dialects/api2convert/conversions/offered.js';
import { type ConversionSettings, conversionOptions } from '../../src/dialects/api2convert/conversions/options.js';
import type { Json } from '../../src/kit/json.js';
import { silentLog } from '../../src/kit/log.js';
import { defaultsOf } from '../../src/kit/options.js';

/** A file to convert. */
export interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
  readonly type?: string;
}

/** What a conversion gave. */
export interface Result {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
  /** Where it was laid, for programs to look at. */
  readonly path: string;
}

/** How a conversion is run, beside what it is asked. */
interface How {
  readonly settings?: Partial<ConversionSettings>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (percent: number) => void;
  readonly password?: string;
}

const defaults = defaultsOf(conversionOptions);
const usual = offered(catalogue(defaults));

/** Converts without a server: as the runner does, with samples in memory and a folder that is removed by `close`. */
export const openConverting = async () => {
  const root = await mkdtemp(join(tmpdir(), 'longshore-'));
  let count = 0;
  const newFolder = async (): Promise<string> => {
    count += 1;
    const folder = join(root, String(count));
    await mkdir(folder);
    return folder;
  };

  const inputOf = (sample: Sample, folder: string, password: string | null): ConversionInput => {
    const { name, bytes, type = 'application/octet-stream' } = sample;
    return {
      id: name,
      name,
      type,
      size: bytes.length,
      digests: {
        md5: createHash('md5').update(bytes).digest('hex'),
        crc32: crc32(bytes).toString(16).padStart(8, '0'),
      },
      options: {},
      password,
      read: async function* (range = { start: 0, end: bytes.length }) {
        for (let at = range.start; at < range.end; at += 65_536)
          yield bytes.subarray(at, Math.min(at + 65_536, range.end));
      },
      path: async () => {
        const path = join(folder, name);
        await writeFile(path, bytes);
        return path;
      },
    };
  };

  /** `image/webp`; options as a client says them. Throws as the conversion does, or what is wrong with the options. */
  const convert = async (
    what: string,
    samples: readonly Sample[],
    options: Readonly<Record<string, Json>> = {},
    how: How = {},
  ): Promise<Result[]> => {
    const { settings = {}, signal = new AbortController().signal, onProgress, password = null } = how;
    const [category, target = ''] = what.split('/');
    const known = Object.keys(settings).length === 0 ? usual : offered(catalogue({ ...defaults, ...settings }));
    const conversion = await known.find(target, category);
    if (!conversion) throw new Error(`${what} is not offered`);
    const { said, faults } = judgeOptions(conversion.optionsSchema, options);
    if (Object.keys(faults).length > 0) throw new Error(`options: ${JSON.stringify(faults)}`);
    const results = await newFolder();
    const made: Result[] = [];
    const run = async (inputs: readonly Sample[]): Promise<void> => {
      const folder = await newFolder();
      await conversion.convert(
        inputs.map((sample) => inputOf(sample, folder, password)),
        withDefaults(conversion.optionsSchema, said),
        {
          signal,
          folder,
          log: silentLog,
          progress: (percent) => onProgress?.(percent),
          emit: async ({ name, type }, body) => {
            const bytes = await buffer(body);
            const path = join(results, name);
            await writeFile(path, bytes);
            made.push({ name, type, bytes, path });
          },
        },
      );
      await rm(folder, { recursive: true, force: true });
    };
    if (takesOf(conversion, said) === 'all') await run(samples);
    else for (const sample of samples) await run([sample]);
    return made;
  };

  return {
    root,
    convert,
    /** The same, for one output. */
    convertOne: async (...args: Parameters<typeof convert>): Promise<Result> => {
      const [first, ...more] = await convert(...args);
      if (!first || more.length > 0) throw new Error(`${first ? more.length + 1 : 0} outputs instead of one`);
      return first;
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
};

/** What is offered here, by `image/webp`. */
export const offeredHere = async (): Promise<ReadonlyMap<string, Conversion>> => {
  const all = await usual.all();
  return new Map(all.map((each) => [`${each.category}/${each.target}`, each]));
};
