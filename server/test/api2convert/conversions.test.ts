import { createHash, createHmac, randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConverting } from './converting.js';
import { colour, pixel, shape } from './looking.js';
import { animation, halves, pdf } from './samples.js';

let converting: Awaited<ReturnType<typeof openConverting>>;
beforeAll(async () => {
  converting = await openConverting();
});
afterAll(() => converting.close());

const noise = { name: 'noise.bin', bytes: randomBytes(300_000) };
const words = { name: 'Wörter.txt', bytes: Buffer.from('many words '.repeat(20_000)) };
const nothing = { name: 'nothing', bytes: Buffer.alloc(0) };

describe('digests', () => {
  test('are those of node:crypto, in hex and with a line feed', async () => {
    for (const name of ['md5', 'sha1', 'sha256', 'sha384', 'sha512']) {
      const result = await converting.convertOne(`hash/${name}`, [noise]);
      expect(result).toMatchObject({ name: `noise.bin.${name}`, type: 'text/plain' });
      expect(result.bytes.toString()).toBe(`${createHash(name).update(noise.bytes).digest('hex')}\n`);
      const keyed = await converting.convertOne(`hash/${name}`, [noise], { hmac: 'secret' });
      expect(keyed.bytes.toString()).toBe(`${createHmac(name, 'secret').update(noise.bytes).digest('hex')}\n`);
    }
  });

  test('are given for each input, even an empty one', async () => {
    const [first, second] = await converting.convert('hash/crc32', [
      { name: 'check', bytes: Buffer.from('123456789') },
      nothing,
    ]);
    // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    expect(first?.bytes.toString()).toBe('cbf43926\n');
    expect(second?.bytes.toString()).toBe('00000000\n');
  });

  test('refuse options that they do not have', async () => {
    await expect(converting.convert('hash/crc32', [noise], { hmac: 'x' })).rejects.toThrow('hmac');
    await expect(converting.convert('hash/md5', [noise], { hmac: 'x'.repeat(1001) })).rejects.toThrow('hmac');
  });
});

test('the mirror gives what it was given', async () => {
  const [first, second] = await converting.convert('mirror/mirror', [{ ...noise, type: 'x/y' }, nothing]);
  expect(first).toMatchObject({ name: 'noise.bin', type: 'x/y' });
  expect(first?.bytes.equals(noise.bytes)).toBe(true);
  expect(second?.bytes).toHaveLength(0);
});

test('an archive has one output of all inputs, tells how far it is, and ends when it is to end', async () => {
  const told: number[] = [];
  const zip = await converting.convertOne('archive/zip', [noise, words], {}, { onProgress: (each) => told.push(each) });
  expect(zip).toMatchObject({ name: 'archive.zip', type: 'application/zip' });
  expect(zip.bytes.length).toBeLessThan(noise.bytes.length + words.bytes.length / 10);
  expect(told.at(-1)).toBe(100);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  const tar = await converting.convertOne('archive/tar.gz', [noise]);
  expect(tar).toMatchObject({ name: 'noise.tar.gz', type: 'application/gzip' });
  expect(
    gunzipSync(tar.bytes)
      .subarray(512, 512 + noise.bytes.length)
      .equals(noise.bytes),
  ).toBe(true);
  const stopped = { signal: AbortSignal.abort(new Error('cancelled')) };
  for (const target of ['zip', 'tar.gz'])
    await expect(converting.convert(`archive/${target}`, [noise], {}, stopped)).rejects.toThrow('cancelled');
});

describe('pictures', () => {
  const formats = { png: 'png', jpg: 'jpeg', webp: 'webp', avif: 'heif', gif: 'gif', tiff: 'tiff' } as const;

  test('become pictures of every format, with what they show', async () => {
    const sample = await halves(60, 40, 'webp');
    for (const [target, format] of Object.entries(formats)) {
      const result = await converting.convertOne(`image/${target}`, [sample]);
      expect(result).toMatchObject({ name: `halves.${target}`, type: `image/${target === 'jpg' ? 'jpeg' : target}` });
      expect(await shape(result)).toEqual({ format, width: 60, height: 40, frames: 1 });
      expect([await colour(result, 5, 20), await colour(result, 55, 20)]).toEqual(['100', '001']);
    }
  });

  test('become as large as they are wanted', async () => {
    const sample = await halves(60, 40);
    const sized = async (options: Record<string, number | string>) => {
      const { width, height } = await shape(await converting.convertOne('image/png', [sample], options));
      return [width, height];
    };
    expect(await sized({ width: 30 })).toEqual([30, 20]);
    expect(await sized({ width: 20 })).toEqual([20, 13]);
    expect(await sized({ height: '80' })).toEqual([120, 80]);
    expect(await sized({ width: 30, height: 30 })).toEqual([30, 20]);
    for (const width of [0, 65_001, 'wide', 1.5]) await expect(sized({ width })).rejects.toThrow('width');
  });

  test('have the quality and density that is asked for', async () => {
    const sample = {
      name: 'noise.png',
      bytes: await sharp(randomBytes(30_000), { raw: { width: 100, height: 100, channels: 3 } })
        .png()
        .toBuffer(),
    };
    const good = await converting.convertOne('image/jpg', [sample], { quality: 95, dpi: 300 });
    const poor = await converting.convertOne('image/jpg', [sample], { quality: 5 });
    expect(poor.bytes.length).toBeLessThan(good.bytes.length / 3);
    expect(await sharp(good.bytes).metadata()).toMatchObject({ density: 300 });
    await expect(converting.convert('image/jpg', [sample], { quality: 101 })).rejects.toThrow('quality');
    for (const target of ['bmp', 'gif', 'ico', 'tga'])
      await expect(converting.convert(`image/${target}`, [sample], { quality: 50 })).rejects.toThrow('quality');
    const few = await converting.convertOne('image/png', [sample], { quality: 10 });
    expect(few.bytes.length).toBeLessThan(sample.bytes.length / 2);
    const kept = await converting.convertOne('image/png', [sample], { quality: 100 });
    expect(await sharp(kept.bytes).raw().toBuffer()).toEqual(await sharp(sample.bytes).raw().toBuffer());
    await expect(converting.convert('image/jpg', [sample], { dpi: 9 })).rejects.toThrow('dpi');
  });

  test('change their colours', async () => {
    const sample = await halves(60, 40);
    const left = async (color: string) => pixel(await converting.convertOne('image/png', [sample], { color }), 5, 20);
    expect(await left('colored')).toEqual([255, 0, 0, 255]);
    expect(await left('negate')).toEqual([0, 255, 255, 255]);
    const [red, green, blue] = await left('gray');
    expect([green, blue]).toEqual([red, red]);
    expect([
      [0, 0, 0, 255],
      [255, 255, 255, 255],
    ]).toContainEqual(await left('monochrome'));
    // Sepia: more red than green than blue. Faded: red, and no longer pure.
    const [r = 0, g = 0, b = 0] = await left('1900');
    expect(r > g && g > b && b > 0).toBe(true);
    const [, fadedGreen = 0] = await left('1980');
    expect(fadedGreen).toBeGreaterThan(0);
    await expect(left('pink')).rejects.toThrow('color');
  });

  test('are made better', async () => {
    const grey = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#777' } })
      .png()
      .toBuffer();
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    const bytes = await sharp(grey)
      .composite([{ input: dot, left: 20, top: 20 }])
      .png()
      .toBuffer();
    const made = async (options: Record<string, boolean>) => {
      const result = await converting.convertOne('image/png', [{ name: 'dot.png', bytes }], options);
      return [(await pixel(result, 20, 20))[0] ?? 0, (await pixel(result, 5, 5))[0] ?? 0] as const;
    };
    expect(await made({})).toEqual([0x88, 0x77]);
    expect(await made({ despeckle: true })).toEqual([0x77, 0x77]);
    expect((await made({ sharpen: true }))[0]).toBeGreaterThan(0x88);
    const [bright, dark] = await made({ normalize: true });
    expect(bright - dark).toBeGreaterThan(0x88 - 0x77);
    expect((await made({ enhance: true }))[0]).toBeGreaterThan(0x88);
    const blown = async (antialias: boolean) => {
      const sample = await halves(2, 2);
      const result = await converting.convertOne('image/png', [sample], { width: 40, antialias });
      return new Set((await sharp(result.bytes).raw().toBuffer()).values()).size;
    };
    expect(await blown(false)).toBe(2);
    expect(await blown(true)).toBeGreaterThan(2);
  });

  test('stand upright, whatever their camera says', async () => {
    const bytes = await sharp((await halves(60, 40)).bytes)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const result = await converting.convertOne('image/png', [{ name: 'turned.jpg', bytes }]);
    expect(await shape(result)).toMatchObject({ width: 40, height: 60 });
    expect(await colour(result, 20, 5)).toBe('100');
  });

  test('keep moving where the format can', async () => {
    const sample = await animation();
    for (const [target, frames] of Object.entries({ webp: 3, gif: 3, png: 1 }))
      expect(await shape(await converting.convertOne(`image/${target}`, [sample], { width: 20 }))).toMatchObject({
        width: 20,
        height: 15,
        frames,
      });
  });

  test('are drawn from SVG, in the density that is asked for', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="50" height="20"><rect width="50" height="20" fill="#0f0"/></svg>';
    const sample = { name: 'green.svg', bytes: Buffer.from(svg) };
    const result = await converting.convertOne('image/png', [sample], { dpi: 144 });
    expect(await shape(result)).toMatchObject({ width: 100, height: 40 });
    expect(await colour(result, 50, 20)).toBe('010');
  });
});

describe('pages of PDF files', () => {
  test('become one picture each', async () => {
    const document = pdf('One', 'Two', 'Three');
    const pages = await converting.convert('image/png', [document]);
    expect(pages.map(({ name }) => name)).toEqual(['pages-1.png', 'pages-2.png', 'pages-3.png']);
    // 3 by 2 inches, 150 pixels each.
    for (const page of pages) expect(await shape(page)).toMatchObject({ width: 450, height: 300 });
    const [jpg] = await converting.convert('image/jpg', [pdf('One')], { dpi: 72 });
    expect(jpg?.name).toBe('pages.jpg');
    expect(jpg && (await shape(jpg))).toEqual({ format: 'jpeg', width: 216, height: 144, frames: 1 });
    const [wide] = await converting.convert('image/webp', [pdf('One')], { width: 600 });
    expect(wide && (await shape(wide))).toMatchObject({ width: 600, height: 400 });
  });

  test('have black text on white', async () => {
    const page = await converting.convertOne('image/png', [pdf('HHHHHHHH')]);
    const { dominant } = await sharp(page.bytes).stats();
    expect(dominant.r).toBeGreaterThan(240);
    const stats = await sharp(page.bytes).greyscale().stats();
    expect(stats.channels[0]?.min).toBeLessThan(60);
  });

  test('have a text', async () => {
    const { name, type, bytes } = await converting.convertOne('document/txt', [pdf('First page', 'Second page')]);
    expect({ name, type }).toEqual({ name: 'pages.txt', type: 'text/plain; charset=utf-8' });
    expect(
      bytes
        .toString()
        .split('\f')
        .map((page) => page.trim()),
    ).toEqual(['First page', 'Second page']);
  });

  test('fail with a message where there are none', async () => {
    const broken = { name: 'broken.pdf', bytes: Buffer.from('%PDF-1.4\nnothing else') };
    await expect(converting.convert('image/png', [broken])).rejects.toThrow('The PDF file cannot be read.');
    await expect(converting.convert('document/txt', [await halves(4, 4)])).rejects.toMatchObject({
      name: 'ConversionFailed',
    });
  });
});

describe('operations', () => {
  test('resize a picture', async () => {
    const sample = await halves(60, 40);
    const resized = async (options: Record<string, string | number>) => {
      const result = await converting.convertOne('operation/resize-image', [sample], options);
      return { ...(await shape(result)), result };
    };
    expect(await resized({ width: 50, resize_by: 'perc' })).toMatchObject({ format: 'png', width: 30, height: 20 });
    expect(await resized({ width: 1, resize_by: 'inches', dpi: 100 })).toMatchObject({ width: 100 });
    expect(await resized({ width: 2.54, resize_by: 'cm', dpi: 100 })).toMatchObject({ width: 100 });
    expect(await resized({ height: 25.4, resize_by: 'mm', dpi: 100 })).toMatchObject({ height: 100 });
    expect(await resized({ aspect_ratio: '1:1' })).toMatchObject({ width: 60, height: 60 });
    expect(await resized({ width: 32, aspect_ratio: '16:9', resize_target: 'webp' })).toMatchObject({
      format: 'webp',
      width: 32,
      height: 18,
    });
    const square = { width: 40, height: 40 };
    const corner = async (handling: string, more = {}) => {
      const { result, width, height } = await resized({ ...square, resize_handling: handling, ...more });
      expect([width, height]).toEqual([40, 40]);
      return pixel(result, 1, 1);
    };
    expect(await corner('stretch')).toEqual([255, 0, 0, 255]);
    expect(await corner('keep_aspect_ratio_crop')).toEqual([255, 0, 0, 255]);
    expect(await corner('keep_aspect_ratio_fill_black')).toEqual([0, 0, 0, 255]);
    expect(await corner('keep_aspect_ratio_fill_white')).toEqual([255, 255, 255, 255]);
    expect((await corner('keep_aspect_ratio_fill_transparent'))[3]).toBe(0);
    const [red = 0, , , alpha] = await corner('keep_aspect_ratio_fill_blurred');
    expect(red > 100 && alpha === 255).toBe(true);
    await expect(resized({ aspect_ratio: '16/9' })).rejects.toThrow('aspect_ratio');
    await expect(resized({ aspect_ratio: '0:9' })).rejects.toMatchObject({ name: 'ConversionFailed' });
    await expect(resized({ resize_handling: 'squeeze' })).rejects.toThrow('resize_handling');
  });

  test('make thumbnails of pictures and pages', async () => {
    const small = await converting.convertOne('operation/thumbnail', [await halves(600, 400)], {
      width: 30,
      thumbnail_target: 'jpg',
    });
    expect(await shape(small)).toEqual({ format: 'jpeg', width: 30, height: 20, frames: 1 });
    const document = pdf('1', '2', '3', '4');
    const [first, ...others] = await converting.convert('operation/thumbnail', [document]);
    expect(first && (await shape(first))).toMatchObject({ format: 'png', width: 300, height: 200 });
    expect(others).toHaveLength(3);
    const low = await converting.convertOne('operation/thumbnail', [document], { pages: 'first', height: 20 });
    expect(await shape(low)).toMatchObject({ width: 30, height: 20 });
    const named = async (pages: string) =>
      (await converting.convert('operation/thumbnail', [document], { pages, width: 30 })).map(({ name }) => name);
    expect(await named('last')).toEqual(['pages.png']);
    expect(await named('3-last')).toEqual(['pages-3.png', 'pages-4.png']);
    expect(await named('1, 4-')).toEqual(['pages-1.png', 'pages-4.png']);
    const some = await converting.convert('operation/thumbnail', [document], { pages: '2-3,9', width: 30 });
    expect(some.map(({ name }) => name)).toEqual(['pages-2.png', 'pages-3.png']);
    for (const pages of ['0', '7', '3-2'])
      await expect(converting.convert('operation/thumbnail', [document], { pages })).rejects.toMatchObject({
        name: 'ConversionFailed',
      });
    await expect(converting.convert('operation/thumbnail', [document], { pages: 'all' })).rejects.toThrow('pages');
  });

  test('make a picture smaller, and never larger', async () => {
    const bytes = await sharp(randomBytes(120_000), { raw: { width: 200, height: 200, channels: 3 } })
      .jpeg({ quality: 95 })
      .toBuffer();
    const sample = { name: 'noise.jpg', bytes, type: 'image/jpeg' };
    const sizes: number[] = [];
    for (const compression_level of ['low', 'medium', 'high']) {
      const result = await converting.convertOne('operation/compress', [sample], { compression_level });
      expect(result).toMatchObject({ name: 'noise.jpg', type: 'image/jpeg' });
      expect(await shape(result)).toMatchObject({ format: 'jpeg', width: 200, height: 200 });
      sizes.push(result.bytes.length);
    }
    const [low = 0, medium = 0, high = 0] = sizes;
    expect(bytes.length > low && low > medium && medium > high).toBe(true);
    const tiny = {
      name: 'tiny.jpg',
      bytes: await sharp({ create: { width: 1, height: 1, channels: 3, background: '#f00' } })
        .jpeg({ quality: 1 })
        .toBuffer(),
    };
    const same = await converting.convertOne('operation/compress', [tiny], { compression_level: 'low' });
    expect(same.bytes.length).toBeLessThanOrEqual(tiny.bytes.length);
    await expect(converting.convert('operation/compress', [words])).rejects.toMatchObject({ name: 'ConversionFailed' });
  });
});

test('a picture becomes a PDF file of one page', async () => {
  const bytes = await sharp((await halves(300, 150)).bytes)
    .withMetadata({ density: 150 })
    .jpeg()
    .toBuffer();
  const made = await converting.convertOne('document/pdf', [{ name: 'wide.jpg', bytes }]);
  expect(made).toMatchObject({ name: 'wide.pdf', type: 'application/pdf' });
  const page = await converting.convertOne('image/png', [{ name: 'wide.pdf', bytes: made.bytes }], { dpi: 150 });
  expect(await shape(page)).toMatchObject({ width: 300, height: 150 });
  expect([await colour(page, 20, 75), await colour(page, 280, 75)]).toEqual(['100', '001']);
  const again = await converting.convertOne('document/pdf', [{ name: 'wide.pdf', bytes: made.bytes }]);
  expect(again.bytes.equals(made.bytes)).toBe(true);
});

describe('metadata', () => {
  const told = async (sample: Parameters<typeof converting.convert>[1][number], options = {}) => {
    const { type, bytes } = await converting.convertOne('metadata/json', [sample], options);
    expect(type).toBe('application/json');
    return JSON.parse(bytes.toString()) as unknown;
  };

  test('tells what a picture, a PDF file and anything else is', async () => {
    expect(await told(await halves(60, 40))).toMatchObject({
      file: { name: 'halves.png', content_type: 'image/png', md5: expect.stringMatching(/^[0-9a-f]{32}$/) },
      image: { width: 60, height: 40, format: 'png' },
    });
    expect(await told(pdf('One', 'Two'))).toMatchObject({
      document: {
        page_count: 2,
        pages: [
          { width: 216, height: 144 },
          { width: 216, height: 144 },
        ],
      },
    });
    expect(Object.keys((await told(noise)) as object)).toEqual(['file']);
  });

  test('tells more to experts, and holds on to the type that is said', async () => {
    const { image } = (await told(await halves(60, 40), { output_mode: 'expert' })) as { image: object };
    expect(image).toMatchObject({ is_progressive: false, has_profile: false });
    await expect(told(noise, { type: 'image' })).rejects.toMatchObject({ name: 'ConversionFailed' });
    await expect(told(noise, { type: 'poem' })).rejects.toThrow('type');
  });
});
