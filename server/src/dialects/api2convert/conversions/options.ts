import { bytesOption, numberOption, type OptionTable, type OptionValues, textOption } from '../../../kit/options.js';

/** What can be set about conversions. */
export const conversionOptions = {
  conversionTimeout: numberOption({
    help: 'After how many ms a conversion that has not ended is ended as failed.',
    default: 60 * 60 * 1000,
    min: 1000,
    placeholder: 'MS',
  }),
  conversionMemory: bytesOption({
    help: 'How much memory the processes of a conversion may have together.',
    default: 2 * 2 ** 30,
  }),
  conversionDisk: bytesOption({ help: 'How much a conversion may write.', default: 4 * 2 ** 30 }),
  conversionPixels: numberOption({
    help: 'How many pixels a picture may have that is read or made; those of all frames count.',
    default: 150_000_000,
    min: 1,
  }),
  ffmpeg: textOption({
    help: 'Name or path of ffmpeg, for audio and video; "" converts none.',
    default: 'ffmpeg',
    placeholder: 'PROGRAM',
  }),
  ffprobe: textOption({
    help: 'Name or path of ffprobe, for what audio and video are; "" tells nothing of them.',
    default: 'ffprobe',
    placeholder: 'PROGRAM',
  }),
  libreoffice: textOption({
    help: 'Name or path of LibreOffice, for office documents; "" converts none.',
    default: 'soffice',
    placeholder: 'PROGRAM',
  }),
  ghostscript: textOption({
    help: 'Name or path of Ghostscript, for smaller PDF files; "" makes none.',
    default: 'gs',
    placeholder: 'PROGRAM',
  }),
} satisfies OptionTable;

export type ConversionSettings = OptionValues<typeof conversionOptions>;
