import type { ConversionInput } from './conversion.js';
import { endingOf } from './names.js';

/**
 * What a file is, as far as its first bytes and its name tell. `picture` stands for all that is nothing else: whether it is one shows
 * when it is read.
 */
export type FileKind = 'pdf' | 'office' | 'media' | 'picture';

const officeEndings = new Set(
  (
    'doc docx docm dot dotx odt ott fodt rtf txt text md csv tsv html htm xhtml xls xlsx xlsm xlt ods ots fods ppt pptx pptm pps ppsx ' +
    'odp otp fodp odg wpd wps pages epub'
  ).split(' '),
);

const mediaEndings = new Set(
  'mp3 wav ogg oga opus flac aac m4a m4b wma aif aiff amr au mp4 m4v mov webm mkv avi wmv flv mpg mpeg ts m2ts 3gp ogv'.split(
    ' ',
  ),
);

const looked = 1024;

/** Looks what an input is. */
export const kindOf = async (input: ConversionInput): Promise<FileKind> => {
  const parts: Uint8Array[] = [];
  const end = Math.min(looked, input.size);
  if (end > 0) for await (const bytes of input.read({ start: 0, end })) parts.push(bytes);
  const head = Buffer.concat(parts).toString('latin1');
  if (head.includes('%PDF-')) return 'pdf';
  if (head.startsWith('{\\rtf') || head.startsWith('\xd0\xcf\x11\xe0')) return 'office';
  const ending = endingOf(input.name);
  // WebP begins as WAV files do, AVIF as MP4 files do.
  if (/^RIFF....WEBP|^....ftyp(?:avif|avis|mif1|heic)/s.test(head)) return 'picture';
  if (
    /^(?:ID3|OggS|fLaC|RIFF|FORM....AIF|\x1aE\xdf\xa3|....ftyp|\xff[\xe2-\xff])/s.test(head) &&
    !head.startsWith('\xff\xd8')
  )
    return 'media';
  if (officeEndings.has(ending)) return 'office';
  return mediaEndings.has(ending) ? 'media' : 'picture';
};
