import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Json } from '../../../kit/json.js';
import type { Conversion, ConversionInput, ConversionWork, OptionsSchema } from './conversion.js';
import { kindOf } from './kinds.js';
import { baseName } from './names.js';
import { officeToPdf } from './office.js';
import { pictureOptions, qualityOption, specOf } from './picture-options.js';
import type { Made, PageRange, PictureFormat, PictureSpec } from './tasks/task.js';
import type { Tools } from './tools.js';
import { firstFrame } from './video-frames.js';

/** Media types of pictures. */
export const pictureTypes: Readonly<Record<PictureFormat, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  tga: 'image/x-tga',
};

/** Emits a picture and removes its file. */
export const emitPicture = async (work: ConversionWork, input: ConversionInput, made: Made): Promise<void> => {
  const number = made.pages > 1 ? `-${made.page}` : '';
  const name = `${baseName(input.name)}${number}.${made.format}`;
  await work.emit({ name, type: pictureTypes[made.format] }, createReadStream(made.path));
  await rm(made.path, { force: true });
};

/**
 * Makes pictures of any file that can be seen: of a picture itself, of the pages of a document (`pages`: none for all), of
 * the first frame of a video.
 */
export const picture = async (
  tools: Tools,
  { input, spec, pages, work }: { input: ConversionInput; spec: PictureSpec; pages: PageRange[]; work: ConversionWork },
): Promise<void> => {
  let drawn = 0;
  const onPage = async (message: Json): Promise<void> => {
    const made = message as Made;
    await emitPicture(work, input, made);
    drawn += 1;
    work.progress(Math.floor((drawn / made.pages) * 100));
  };
  const file = await input.path();
  const kind = await kindOf(input);
  if (kind === 'pdf' || (kind === 'office' && (await tools.has('libreoffice')))) {
    const pdf = kind === 'pdf' ? file : await officeToPdf(tools, file, work);
    await tools.task(work, { kind: 'pages', input: pdf, spec, pages, password: input.password ?? '' }, onPage);
    return;
  }
  const still = kind === 'media' && (await tools.has('ffmpeg')) ? await firstFrame(tools, file, work) : file;
  const made = (await tools.task(work, { kind: 'picture', input: still, spec })) as Made;
  await emitPicture(work, input, made);
};

const toFormat = (tools: Tools, format: PictureFormat, optionsSchema: OptionsSchema): Conversion => ({
  category: 'image',
  target: format,
  optionsSchema,
  takes: 'each',
  available: async () => true,
  convert: async (inputs, options, work) => {
    for (const input of inputs) await picture(tools, { input, spec: specOf(options, format), pages: [], work });
  },
});

/** Pictures of pictures, pages and videos. */
export const pictures = (tools: Tools): readonly Conversion[] => [
  toFormat(tools, 'png', { ...pictureOptions, ...qualityOption }),
  toFormat(tools, 'jpg', { ...pictureOptions, ...qualityOption }),
  toFormat(tools, 'webp', { ...pictureOptions, ...qualityOption }),
  toFormat(tools, 'avif', { ...pictureOptions, ...qualityOption }),
  toFormat(tools, 'gif', pictureOptions),
  toFormat(tools, 'tiff', { ...pictureOptions, ...qualityOption }),
  toFormat(tools, 'bmp', pictureOptions),
  toFormat(tools, 'tga', pictureOptions),
  toFormat(tools, 'ico', pictureOptions),
];
