import type { Json } from '../../../kit/json.js';
import type { Conversion, ConversionInput, ConversionWork } from './conversion.js';
import { type FileKind, kindOf } from './kinds.js';
import { mediaInput } from './media-input.js';
import { textBody } from './reading.js';
import type { Tools } from './tools.js';

/** `pixelFormat`, `Pixel Format` → `pixel_format`. */
const snake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();

const snakeKeys = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [snake(name), snakeKeys(inner)]));
};

/** What `basic` tells of a picture, a page, a container and its streams. */
const basics = new Set(
  (
    'width height format density pages space channels has_alpha orientation page_count ' +
    'format_name duration bit_rate streams codec_type codec_name sample_rate channel_layout avg_frame_rate'
  ).split(' '),
);

const basic = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(basic);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => basics.has(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, basic(inner)]));
};

const mediaFacts = async (tools: Tools, file: string, work: ConversionWork): Promise<Json> => {
  const shown = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams'];
  const { format, streams } = JSON.parse(await tools.program(work, 'ffprobe', [...shown, ...mediaInput(file)])) as {
    format: { [key: string]: Json };
    streams: Json[];
  };
  // It would tell where the file lies here.
  const { filename: _, ...rest } = format;
  return { ...rest, streams };
};

const sections: Readonly<Record<FileKind, string>> = {
  picture: 'image',
  pdf: 'document',
  office: 'document',
  media: 'media',
};

/** What can be told of what is in a file; null where that is nothing. */
const factsOf = async (tools: Tools, input: ConversionInput, kind: FileKind, work: ConversionWork): Promise<Json> => {
  switch (kind) {
    case 'picture':
      return tools.task(work, { kind: 'picture-facts', input: await input.path() });
    case 'pdf':
      return tools.task(work, { kind: 'pdf-facts', input: await input.path(), password: input.password ?? '' });
    case 'media':
      return (await tools.has('ffprobe')) ? mediaFacts(tools, await input.path(), work) : null;
    case 'office':
      return null;
  }
};

const kinds: Readonly<Record<string, FileKind>> = { document: 'pdf', image: 'picture', video: 'media', audio: 'media' };

/** What a file is, as JSON. */
export const metadata = (tools: Tools): Conversion => ({
  category: 'metadata',
  target: 'json',
  optionsSchema: {
    keys_format: {
      type: 'string',
      enum: ['snake_lowercase'],
      default: 'snake_lowercase',
      description: 'How names are written.',
    },
    output_mode: {
      type: 'string',
      enum: ['basic', 'expert'],
      default: 'basic',
      description: 'The main facts, or all.',
    },
    type: {
      type: 'string',
      enum: ['document', 'image', 'video', 'audio'],
      description:
        'As what the file is read; as what it is, unless told. With it, a file that is something else fails.',
    },
  },
  takes: 'each',
  available: async () => true,
  convert: async (inputs, { output_mode, type }, work) => {
    for (const input of inputs) {
      const wanted = typeof type === 'string' ? kinds[type] : undefined;
      const kind = wanted ?? (await kindOf(input));
      // Of a file that is nothing that we know, size and digests are all that there is to tell.
      const found = await factsOf(tools, input, kind, work).catch((error: unknown) => {
        if (wanted !== undefined || work.signal.aborted) throw error;
        return null;
      });
      const facts = snakeKeys(found);
      const told: Json = {
        file: { name: input.name, size: input.size, content_type: input.type, ...input.digests },
        ...(facts !== null && { [sections[kind]]: output_mode === 'expert' ? facts : basic(facts) }),
      };
      const body = textBody(`${JSON.stringify(told, null, 2)}\n`);
      await work.emit({ name: `${input.name}.json`, type: 'application/json' }, body);
    }
  },
});
