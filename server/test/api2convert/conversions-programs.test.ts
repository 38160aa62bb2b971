import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zipOf } from '../../src/dialects/api2convert/conversions/archive/zip.js';
import type { Json } from '../../src/kit/json.js';
import { describeWith, lacking } from '../clients/needs.js';
import { output } from '../output.js';
import { offeredHere, openConverting, type Result, type Sample } from './converting.js';
import { clip, docx, halves, pdf, tone } from './samples.js';

/*
 * Results of conversions, looked at by programs of others. Between them these tests have every target that is offered here
 * convert something; the last one sees to that.
 */

let converting: Awaited<ReturnType<typeof openConverting>>;
const checked = new Set<string>();
beforeAll(async () => {
  converting = await openConverting();
});
afterAll(() => converting.close());

/** Converts one file and notes that the target was looked at. */
const converted = (what: string, sample: Sample, options: Readonly<Record<string, Json>> = {}): Promise<Result> => {
  checked.add(what);
  return converting.convertOne(what, [sample], options);
};

interface Probed {
  readonly format: { readonly format_name: string; readonly duration?: string };
  readonly streams: readonly Readonly<Record<string, string | number>>[];
}

/** What ffprobe sees: the codecs, and the first stream's width and height. */
const probe = async ({ path }: Result) => {
  const text = await output('ffprobe', ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', path]);
  const { format, streams } = JSON.parse(text) as Probed;
  const seconds = Number.parseFloat(format.duration ?? '0');
  return { codecs: streams.map(({ codec_name }) => codec_name), first: streams[0] ?? {}, streams, seconds };
};

const needsFfmpeg = lacking('ffmpeg', ['-version'], 'ffmpeg') ?? lacking('ffprobe', ['-version'], 'ffmpeg');
const needsOffice = lacking('soffice', ['--version'], 'LibreOffice (libreoffice-writer-nogui, libreoffice-calc-nogui)');
const needsPoppler = lacking('pdfinfo', ['-v'], 'poppler-utils');
const needsGhostscript = lacking('gs', ['--version'], 'Ghostscript');
const needsUnzip = lacking('unzip', ['-v'], 'unzip');
const needsTar = lacking('tar', ['--version'], 'tar');
const needsSums = lacking('sha256sum', ['--version'], 'the GNU core utilities');

const noise = { name: 'noise.bin', bytes: randomBytes(300_000) };

describeWith('digests, seen by the core utilities', needsSums, () => {
  test.each(['md5', 'sha1', 'sha256', 'sha384', 'sha512'])('%s', async (name) => {
    const { bytes } = await converted(`hash/${name}`, noise);
    const said = await output(`${name}sum`, ['-'], { input: noise.bytes });
    expect(bytes.toString().trim()).toBe(said.split(' ')[0]);
  });

  test('crc32', async () => {
    const { bytes } = await converted('hash/crc32', noise);
    const { path } = await converted('mirror/mirror', noise);
    await output('gzip', ['-k', path]);
    expect(bytes.toString().trim()).toBe(/^defla (\w{8}) /m.exec(await output('gzip', ['-lv', `${path}.gz`]))?.[1]);
  });
});

/** Names that are hard: letters of others, longer than tar's old header has room for, twice the same. */
const files: readonly Sample[] = [
  noise,
  { name: 'Größe 大きさ.txt', bytes: Buffer.from('large '.repeat(10_000)) },
  { name: `${'long'.repeat(50)}.txt`, bytes: Buffer.from('long') },
  { name: 'noise.bin', bytes: Buffer.from('another') },
  { name: 'nothing', bytes: Buffer.alloc(0) },
];

/** The names of files as an archive has them. */
const namesInArchive = files.map(({ name }, index) => (index === 3 ? 'noise (2).bin' : name));

const unpacked = async (folder: string) => Promise.all(namesInArchive.map((name) => readFile(join(folder, name))));

describeWith('a zip archive, seen by unzip', needsUnzip, () => {
  test('has every file', async () => {
    checked.add('archive/zip');
    const zip = await converting.convertOne('archive/zip', files);
    expect(await output('unzip', ['-tq', zip.path])).toContain('No errors detected');
    const folder = `${zip.path}.d`;
    await output('unzip', ['-q', zip.path, '-d', folder]);
    expect(await unpacked(folder)).toEqual(files.map(({ bytes }) => bytes));
  });

  test('may have more files than its first format could count', async () => {
    const many = Array.from({ length: 65_600 }, (_, index) => ({
      name: `${index}`,
      size: 0,
      read: async function* (): AsyncIterable<Uint8Array> {},
    }));
    const path = join(converting.root, 'many.zip');
    await writeFile(path, await buffer(zipOf(many)));
    expect(await output('unzip', ['-Z', '-t', path])).toMatch(/^65600 files/);
  });
});

describeWith('a tar.gz archive, seen by tar', needsTar, () => {
  test('has every file', async () => {
    checked.add('archive/tar.gz');
    const tar = await converting.convertOne('archive/tar.gz', files);
    const folder = `${tar.path}.d`;
    await mkdir(folder);
    await output('tar', ['-xzf', tar.path, '-C', folder]);
    expect(await unpacked(folder)).toEqual(files.map(({ bytes }) => bytes));
  });
});

describeWith('pictures, seen by ffprobe', needsFfmpeg, () => {
  test.each([
    ['png', 'png'],
    ['jpg', 'mjpeg'],
    ['webp', 'webp'],
    ['gif', 'gif'],
    ['tiff', 'tiff'],
    ['bmp', 'bmp'],
    ['tga', 'targa'],
    ['ico', 'png'],
  ])('image/%s', async (target, codec) => {
    const result = await converted(`image/${target}`, await halves(64, 48));
    expect(await probe(result)).toMatchObject({ codecs: [codec], first: { width: 64, height: 48 } });
  });

  test('image/avif', async () => {
    const result = await converted('image/avif', await halves(64, 48));
    expect((await probe(result)).codecs).toEqual(['av1']);
    // This ffprobe leaves the size of AVIF pictures to others: the box of ISO/IEC 23008-12, 6.5.3, has it.
    const box = result.bytes.indexOf('ispe');
    expect([result.bytes.readUInt32BE(box + 8), result.bytes.readUInt32BE(box + 12)]).toEqual([64, 48]);
  });

  test.each(['bmp', 'tga', 'ico'])('the colours of image/%s', async (target) => {
    const { path } = await converted(`image/${target}`, await halves(64, 48));
    const png = `${path}.png`;
    await output('ffmpeg', ['-v', 'error', '-i', path, '-y', png]);
    const { data } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([[...data.subarray(0, 3)], [...data.subarray(63 * 3, 64 * 3)]]).toEqual([
      [255, 0, 0],
      [0, 0, 255],
    ]);
  });

  test('operations', async () => {
    const sample = await halves(64, 48);
    const resized = await converted('operation/resize-image', sample, { width: 32, resize_target: 'tga' });
    expect(await probe(resized)).toMatchObject({ codecs: ['targa'], first: { width: 32, height: 24 } });
    const thumbnail = await converted('operation/thumbnail', sample, { width: 16, thumbnail_target: 'webp' });
    expect(await probe(thumbnail)).toMatchObject({ codecs: ['webp'], first: { width: 16, height: 12 } });
    const smaller = await converted('operation/compress', sample);
    expect(await probe(smaller)).toMatchObject({ codecs: ['png'], first: { width: 64, height: 48 } });
  });
});

describeWith('pictures that are compared, by ffmpeg, too', needsFfmpeg, () => {
  /** A grey gradient, and the same with noise that is no stranger from one run to the next. */
  const gradients = async (): Promise<Sample[]> => {
    const [width, height] = [96, 64];
    const smooth = Buffer.from(Array.from({ length: width * height }, (_, at) => 60 + (at % width)));
    const rough = smooth.map((value, at) => value + ((at * 7919) % 41) - 20);
    const png = async (name: string, data: Buffer | Uint8Array) => ({
      name,
      bytes: await sharp(data, { raw: { width, height, channels: 1 } })
        .png()
        .toBuffer(),
    });
    return [await png('smooth.png', smooth), await png('rough.png', rough)];
  };

  test.each([
    ['psnr', /average:([\d.]+)/, 1],
    // Its ssim leaves out a small constant.
    ['ssim', /All:([\d.]+)/, 2],
  ])('%s', async (method, said, digits) => {
    const samples = await gradients();
    checked.add('operation/compare-image');
    const outputs = await converting.convert('operation/compare-image', samples, { method });
    const { value } = JSON.parse(outputs[1]?.bytes.toString() ?? '');
    const paths = await Promise.all(
      samples.map(async ({ name, bytes }) => {
        const path = join(converting.root, name);
        await writeFile(path, bytes);
        return path;
      }),
    );
    const stats = join(converting.root, `${method}.log`);
    const filter = `[0]format=gray[a];[1]format=gray[b];[a][b]${method}=stats_file=${stats}`;
    const inputs = paths.flatMap((path) => ['-i', path]);
    await output('ffmpeg', ['-v', 'error', ...inputs, '-lavfi', filter, '-f', 'null', '-']);
    const line = (await readFile(stats, 'utf8')).replaceAll('psnr_avg', 'average');
    expect(value).toBeCloseTo(Number(said.exec(line)?.[1]), digits);
  });
});

describeWith('PDF files, seen by poppler', needsPoppler, () => {
  test('a picture becomes one page of its size', async () => {
    const { path } = await converted('document/pdf', await halves(144, 72));
    const info = await output('pdfinfo', [path]);
    expect(info).toMatch(/^Pages: +1$/m);
    expect(info).toMatch(/^Page size: +144 x 72 pts/m);
    expect(await output('pdfimages', ['-list', path])).toMatch(/image +144 +72 +rgb/);
  });
});

describeWith('smaller PDF files', needsGhostscript ?? needsPoppler, () => {
  test('have the same pages', async () => {
    const large = pdf(...Array.from({ length: 40 }, (_, index) => `Page ${index}`));
    for (const compression_level of ['low', 'medium', 'high']) {
      const { path, bytes } = await converted('operation/compress', large, { compression_level });
      expect(bytes.length).toBeLessThanOrEqual(large.bytes.length);
      expect(await output('pdfinfo', [path])).toMatch(/^Pages: +40$/m);
      expect(await output('pdftotext', [path, '-'])).toContain('Page 39');
    }
  });
});

describeWith('office documents', needsOffice ?? needsPoppler, () => {
  const samples = async (): Promise<Sample[]> => [
    await docx('Dear readers'),
    { name: 'letter.rtf', bytes: Buffer.from('{\\rtf1 Dear readers}') },
    { name: 'letter.html', bytes: Buffer.from('<p>Dear readers</p>') },
    { name: 'letter.txt', bytes: Buffer.from('Dear readers') },
    { name: 'table.csv', bytes: Buffer.from('Dear readers,2\nx,3\n') },
  ];

  test('become PDF files and texts', async () => {
    for (const sample of await samples()) {
      const { path, name } = await converted('document/pdf', sample);
      expect(name).toBe(`${sample.name.split('.')[0]}.pdf`);
      expect(await output('pdftotext', [path, '-'])).toContain('Dear readers');
      const { bytes } = await converted('document/txt', sample);
      expect(bytes.toString()).toContain('Dear readers');
    }
  });

  test('become PDF/A', async () => {
    const [plain, archived] = await Promise.all(
      [false, true].map(async (pdf_a) => (await converted('document/pdf', await docx('Dear readers'), { pdf_a })).path),
    );
    expect(await output('pdfinfo', ['-meta', plain ?? ''])).not.toContain('pdfaid:part');
    expect(await output('pdfinfo', ['-meta', archived ?? ''])).toMatch(/pdfaid:part>1</);
  });

  test('become pictures of their pages', async () => {
    const { bytes } = await converted('image/png', await docx('Dear readers'), { dpi: 36 });
    const { width = 0, height = 0 } = await sharp(bytes).metadata();
    // A page of Letter or A4.
    expect([
      [306, 396],
      [298, 421],
    ]).toContainEqual([width, height]);
  });
});

describeWith('sound and video, seen by ffprobe', needsFfmpeg, () => {
  test.each([
    ['mp3', 'mp3', {}],
    ['wav', 'pcm_s16le', {}],
    ['ogg', 'vorbis', {}],
    ['opus', 'opus', {}],
    ['flac', 'flac', {}],
    ['aac', 'aac', {}],
    ['m4a', 'aac', {}],
    ['m4a', 'alac', { audio_codec: 'alac' }],
    ['ogg', 'opus', { audio_codec: 'opus', frequency: 48_000 }],
    ['wav', 'pcm_s24le', { audio_bitdepth: 24 }],
  ])('audio/%s with %s', async (target, codec, options) => {
    const result = await converted(`audio/${target}`, tone(), options);
    const { codecs, seconds } = await probe(result);
    expect(codecs).toEqual([codec]);
    expect(seconds).toBeGreaterThan(0.9);
    expect(seconds).toBeLessThan(1.3);
  });

  test('sound has the channels, frequency and bit rate that are asked for', async () => {
    const options = { channels: 2, frequency: 44_100, audio_bitrate: 96 };
    const { first } = await probe(await converted('audio/mp3', tone(), options));
    expect(first).toMatchObject({ channels: 2, sample_rate: '44100', bit_rate: '96000' });
    await expect(converted('audio/mp3', tone(), { channels: 0 })).rejects.toThrow('channels');
    await expect(converted('audio/mp3', tone(), { audio_codec: 'vorbis' })).rejects.toThrow('audio_codec');
  });

  test.each([
    ['mp4', 'h264', 'aac', {}],
    ['mov', 'h264', 'aac', {}],
    ['mkv', 'h264', 'aac', {}],
    ['webm', 'vp9', 'opus', {}],
    ['webm', 'vp8', 'vorbis', { video_codec: 'vp8', audio_codec: 'vorbis' }],
  ])('video/%s with %s and %s', async (target, video, audio, options) => {
    const result = await converted(`video/${target}`, await clip(converting.root), options);
    const { codecs, first } = await probe(result);
    expect(codecs).toEqual([video, audio]);
    expect(first).toMatchObject({ width: 64, height: 48 });
  });

  test('video has the size and frames that are asked for, and tells how far it is', async () => {
    const told: number[] = [];
    const sample = await clip(converting.root);
    const options = { width: 32, framerate: 5 };
    const result = await converting.convertOne('video/mp4', [sample], options, {
      onProgress: (each) => told.push(each),
    });
    expect((await probe(result)).first).toMatchObject({ width: 32, height: 24, r_frame_rate: '5/1' });
    expect(told.at(-1)).toBeGreaterThan(50);
  });

  test('sound is taken out of video, and pictures too', async () => {
    const sample = await clip(converting.root);
    expect((await probe(await converted('audio/mp3', sample))).codecs).toEqual(['mp3']);
    const thumbnail = await converted('operation/thumbnail', sample, { width: 32 });
    expect(await probe(thumbnail)).toMatchObject({ codecs: ['png'], first: { width: 32, height: 24 } });
  });

  test('what they are is told', async () => {
    const { bytes } = await converted('metadata/json', await clip(converting.root), { type: 'video' });
    expect(JSON.parse(bytes.toString())).toMatchObject({
      media: { streams: [{ codec_name: 'mpeg4', width: 64, height: 48 }, { codec_name: 'pcm_s16le' }] },
    });
    expect(bytes.toString()).not.toContain(converting.root);
  });

  test('what is neither fails with a message', async () => {
    await expect(converted('audio/mp3', noise)).rejects.toMatchObject({ name: 'ConversionFailed' });
    await expect(converted('video/mp4', await halves(8, 8))).rejects.toMatchObject({ name: 'ConversionFailed' });
  });
});

describeWith(
  'all that is offered',
  needsFfmpeg ?? needsOffice ?? needsPoppler ?? needsUnzip ?? needsTar ?? needsSums,
  () => {
    test('was converted to and looked at', async () => {
      expect([...checked].toSorted()).toEqual([...(await offeredHere()).keys()].toSorted());
    });
  },
);

test('without its programs an installation offers what it can do without them', async () => {
  const settings = { ffmpeg: '', ffprobe: '', libreoffice: '', ghostscript: '' };
  const alone = (what: string, sample: Sample, options = {}) =>
    converting.convert(what, [sample], options, { settings });
  await expect(alone('video/mp4', tone())).rejects.toThrow('not offered');
  await expect(alone('audio/mp3', tone())).rejects.toThrow('not offered');
  await expect(alone('document/pdf', await docx('x'))).rejects.toMatchObject({ name: 'ConversionFailed' });
  await expect(alone('document/pdf', pdf('x'), { stamp: true })).rejects.toThrow('options');
  await expect(alone('document/pdf', pdf('x'), { pdf_a: true })).rejects.toMatchObject({ name: 'ConversionFailed' });
  await expect(alone('operation/compress', pdf('x'))).rejects.toMatchObject({ name: 'ConversionFailed' });
  expect(await alone('document/pdf', await halves(8, 8))).toHaveLength(1);
});
