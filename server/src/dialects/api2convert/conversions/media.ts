import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Conversion, ConversionInput, ConversionOptions, ConversionWork, OptionsSchema } from './conversion.js';
import { mediaInput } from './media-input.js';
import { baseName } from './names.js';
import { numberOf, textOf } from './picture-options.js';
import type { Tools } from './tools.js';

/** A format of sound or video. */
interface MediaFormat {
  readonly target: string;
  readonly type: string;
  /** ffmpeg's encoders, the usual one first, by the names that clients know them by. */
  readonly audio: Readonly<Record<string, string>>;
  readonly video?: Readonly<Record<string, string>>;
  /** ffmpeg's name of the container. */
  readonly container: string;
}

const pcm = { pcm_s16le: 'pcm_s16le', pcm_s24le: 'pcm_s24le', pcm_u8: 'pcm_u8' };

const audioFormats: readonly MediaFormat[] = [
  { target: 'mp3', type: 'audio/mpeg', container: 'mp3', audio: { mp3: 'libmp3lame' } },
  { target: 'wav', type: 'audio/wav', container: 'wav', audio: pcm },
  { target: 'ogg', type: 'audio/ogg', container: 'ogg', audio: { vorbis: 'libvorbis', opus: 'libopus' } },
  { target: 'opus', type: 'audio/ogg', container: 'opus', audio: { opus: 'libopus' } },
  { target: 'flac', type: 'audio/flac', container: 'flac', audio: { flac: 'flac' } },
  { target: 'aac', type: 'audio/aac', container: 'adts', audio: { aac: 'aac' } },
  { target: 'm4a', type: 'audio/mp4', container: 'ipod', audio: { aac: 'aac', alac: 'alac' } },
];

const aac = { aac: 'aac' };
const h264 = { h264: 'libx264' };

const videoFormats: readonly MediaFormat[] = [
  { target: 'mp4', type: 'video/mp4', container: 'mp4', audio: { ...aac, mp3: 'libmp3lame' }, video: h264 },
  { target: 'mov', type: 'video/quicktime', container: 'mov', audio: aac, video: h264 },
  { target: 'mkv', type: 'video/x-matroska', container: 'matroska', audio: aac, video: h264 },
  {
    target: 'webm',
    type: 'video/webm',
    container: 'webm',
    audio: { opus: 'libopus', vorbis: 'libvorbis' },
    video: { vp9: 'libvpx-vp9', vp8: 'libvpx' },
  },
];

const bitdepths: Readonly<Record<string, string>> = { 8: 'u8', 16: 's16', 24: 's32' };

const audioOptions = ({ audio, target }: MediaFormat): OptionsSchema => ({
  audio_codec: {
    type: 'string',
    enum: Object.keys(audio),
    ...(Object.keys(audio)[0] !== undefined && { default: Object.keys(audio)[0] }),
    description: 'How sound is encoded.',
  },
  ...(target !== 'wav' &&
    target !== 'flac' && {
      audio_bitrate: { type: 'integer', minimum: 8, maximum: 512, description: 'kbit/s of the sound.' },
    }),
  channels: {
    type: 'integer',
    minimum: 1,
    maximum: 8,
    description: 'Channels of the sound; as the input, unless told.',
  },
  frequency: {
    type: 'integer',
    enum: [8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000],
    description: 'Samples a second; as the input, unless told.',
  },
  ...((target === 'wav' || target === 'flac') && {
    audio_bitdepth: {
      type: 'integer',
      enum: target === 'wav' ? [8, 16, 24] : [16, 24],
      description: 'Bits of a sample.',
    },
  }),
});

const videoOptions = ({ video = {} }: MediaFormat): OptionsSchema => ({
  video_codec: {
    type: 'string',
    enum: Object.keys(video),
    ...(Object.keys(video)[0] !== undefined && { default: Object.keys(video)[0] }),
    description: 'How pictures are encoded.',
  },
  video_bitrate: { type: 'integer', minimum: 16, maximum: 100_000, description: 'kbit/s of the pictures.' },
  width: { type: 'integer', minimum: 16, maximum: 7680, description: 'Pixels across; the height follows unless told.' },
  height: { type: 'integer', minimum: 16, maximum: 7680, description: 'Pixels down; the width follows unless told.' },
  framerate: { type: 'number', minimum: 1, maximum: 120, description: 'Pictures a second; as the input, unless told.' },
});

/** The encoder that an option names; the usual one where it names none. */
const encoderOf = (encoders: Readonly<Record<string, string>>, named: string): string =>
  encoders[named] ?? Object.values(encoders)[0] ?? 'copy';

const ifAny = (value: number, ...words: readonly string[]): readonly string[] => (value > 0 ? words : []);

const audioWords = (format: MediaFormat, options: ConversionOptions): string[] => {
  const depth = numberOf(options, 'audio_bitdepth');
  const encoder =
    format.target === 'wav' && depth > 0
      ? encoderOf(pcm, depth === 8 ? 'pcm_u8' : `pcm_s${depth}le`)
      : encoderOf(format.audio, textOf(options, 'audio_codec'));
  const bitrate = numberOf(options, 'audio_bitrate');
  const frequency = numberOf(options, 'frequency');
  const channels = numberOf(options, 'channels');
  const sample = bitdepths[depth];
  return [
    '-c:a',
    encoder,
    ...ifAny(bitrate, '-b:a', `${bitrate}k`),
    ...ifAny(channels, '-ac', String(channels)),
    // Opus knows a few frequencies only, and says which.
    ...ifAny(frequency, '-ar', String(frequency)),
    ...(format.target === 'flac' && sample !== undefined ? ['-sample_fmt', sample] : []),
  ];
};

const videoWords = (format: MediaFormat, options: ConversionOptions): string[] => {
  if (format.video === undefined) return ['-vn'];
  const encoder = encoderOf(format.video, textOf(options, 'video_codec'));
  const bitrate = numberOf(options, 'video_bitrate');
  const [width, height] = [numberOf(options, 'width'), numberOf(options, 'height')];
  const framerate = numberOf(options, 'framerate');
  // Encoders want even sides; -2 is one that follows from the shape.
  const scale =
    width > 0 || height > 0
      ? `scale=${width > 0 ? width - (width % 2) : -2}:${height > 0 ? height - (height % 2) : -2}`
      : 'scale=trunc(iw/2)*2:trunc(ih/2)*2';
  return [
    '-c:v',
    encoder,
    '-vf',
    scale,
    '-pix_fmt',
    'yuv420p',
    ...(encoder.startsWith('libvpx') ? ['-deadline', 'good', '-cpu-used', '4', '-row-mt', '1'] : ['-preset', 'fast']),
    ...ifAny(bitrate, '-b:v', `${bitrate}k`),
    ...ifAny(framerate, '-r', String(framerate)),
    // MP4 and MOV can then be played while they come.
    ...(/^(?:mp4|mov)$/.test(format.container) ? ['-movflags', '+faststart'] : []),
  ];
};

/** Seconds that a file plays; 0 where nobody knows. */
const durationOf = async (tools: Tools, file: string, work: ConversionWork): Promise<number> => {
  if (!(await tools.has('ffprobe'))) return 0;
  const asked = ['-v', 'error', '-of', 'csv=p=0', '-show_entries', 'format=duration'];
  const seconds = Number.parseFloat(await tools.program(work, 'ffprobe', [...asked, ...mediaInput(file)]));
  return Number.isFinite(seconds) ? seconds : 0;
};

const encode = async (
  tools: Tools,
  format: MediaFormat,
  { input, options, work }: { input: ConversionInput; options: ConversionOptions; work: ConversionWork },
): Promise<void> => {
  const file = await input.path();
  const made = join(work.folder, `made.${format.target}`);
  const duration = await durationOf(tools, file, work);
  const words = [
    ...['-v', 'error', '-nostdin', '-progress', 'pipe:1', ...mediaInput(file)],
    ...['-map_metadata', '-1', '-sn', '-dn', '-threads', '2'],
    ...videoWords(format, options),
    ...audioWords(format, options),
    ...['-f', format.container, '-y', made],
  ];
  await tools.program(work, 'ffmpeg', words, (text) => {
    const played = Number(/out_time_us=(\d+)/.exec(text)?.[1] ?? 0) / 1e6;
    if (duration > 0) work.progress(Math.min(100, Math.floor((played / duration) * 100)));
  });
  const name = `${baseName(input.name)}.${format.target}`;
  await work.emit({ name, type: format.type }, createReadStream(made));
};

const conversionTo = (
  tools: Tools,
  { category, format, encoders }: { category: string; format: MediaFormat; encoders: () => Promise<string> },
): Conversion => ({
  category,
  target: format.target,
  optionsSchema: { ...audioOptions(format), ...(format.video && videoOptions(format)) },
  takes: 'each',
  available: async () => {
    const listed = await encoders();
    const needed = [...Object.values(format.audio), ...Object.values(format.video ?? {})];
    return needed.every((name) => new RegExp(`^ \\S+ ${name} `, 'm').test(listed));
  },
  convert: async (inputs, options, work) => {
    for (const input of inputs) await encode(tools, format, { input, options, work });
  },
});

/** Sound and video, as far as this installation's ffmpeg can write them. */
export const media = (tools: Tools): readonly Conversion[] => {
  let asked: Promise<string> | undefined;
  const encoders = () => {
    asked ??= tools.ask('ffmpeg', ['-hide_banner', '-encoders']);
    return asked;
  };
  const all = (category: string, formats: readonly MediaFormat[]) =>
    formats.map((format) => conversionTo(tools, { category, format, encoders }));
  return [...all('audio', audioFormats), ...all('video', videoFormats)];
};
