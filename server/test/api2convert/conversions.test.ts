import { createHash, createHmac, randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConverting, type Result } from './converting.js';
import { animation, halves, pdf, writtenPage } from './samples.js';

let converting: Awaited<ReturnType<typeof openConverting>>;
beforeAll(async () => {
  converting = await openConverting();
});
afterAll(() => converting.close());

const noise = { name: 'noise.bin', bytes: randomBytes(300_000) };
const words = { name: 'Wörter.txt', bytes: Buffer.from('many words '.repeat(20_000)) };
const nothing = { name: 'nothing', bytes: Buffer.alloc(0) };

/** A pixel of a picture, as red, green, blue and alpha. */
const pixel = async ({ bytes }: Result, x: number, y: number): Promise<number[]> => {
  const one = sharp(bytes).extract({ left: x, top: y, width: 1, height: 1 }).toColourspace('srgb').ensureAlpha();
  return [...(await one.raw().toBuffer())];
};

/** Red, green and blue of a pixel, as strong (1) or weak (0) as they are. */
const colour = async (result: Result, x: number, y: number): Promise<string> =>
  (await pixel(result, x, y))
    .slice(0, 3)
    .map((value) => (value > 128 ? 1 : 0))
    .join('');

const shape = async ({ bytes }: Result) => {
  const { format, width, height, pageHeight, pages } = await sharp(bytes).metadata();
  return { format, width, height: pageHeight ?? height, frames: pages ?? 1 };
};

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

  test('are made even: every brightness comes as often as it can', async () => {
    // Grey from 100 to 139 in forty stripes of the same width, and the same in shades of red.
    const stripes = (shade: (level: number) => string) =>
      [...Array(40).keys()].map((at) => `<rect x="${at * 4}" width="4" height="20" fill="${shade(100 + at)}"/>`);
    const drawn = async (shade: (level: number) => string) => {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="20">${stripes(shade).join('')}</svg>`;
      return { name: 'stripes.png', bytes: await sharp(Buffer.from(svg)).png().toBuffer() };
    };
    const grey = await drawn((level) => `rgb(${level},${level},${level})`);
    const even = await converting.convertOne('image/png', [grey], { equalize: true });
    for (const at of [0, 10, 20, 39]) {
      const [red = 0, green, blue] = await pixel(even, at * 4 + 1, 10);
      expect(Math.abs(red - (at / 39) * 255)).toBeLessThanOrEqual(1);
      expect([green, blue]).toEqual([red, red]);
    }
    const red = await converting.convertOne('image/png', [await drawn((level) => `rgb(${level},0,0)`)], {
      equalize: true,
    });
    expect([await pixel(red, 1, 10), await pixel(red, 158, 10)]).toEqual([
      [0, 0, 0, 255],
      [255, 0, 0, 255],
    ]);
    const moving = await converting.convertOne('image/gif', [await animation()], { equalize: true, deskew: true });
    expect(await shape(moving)).toMatchObject({ width: 40, height: 30, frames: 3 });
  });

  test.each([-12.4, -3, 0.5, 7.3])('that are turned by %d degrees are made level', async (degrees) => {
    const page = await writtenPage(degrees);
    /** Which share of the rows in the middle of a page is blank: of a level one, 18 of every 30. */
    const blank = async ({ bytes }: { bytes: Buffer }): Promise<number> => {
      const { width, height } = await sharp(bytes).metadata();
      const middle = { left: Math.round(width / 2) - 250, top: Math.round(height / 2) - 240, width: 500, height: 480 };
      const rows = await sharp(bytes).extract(middle).toColourspace('b-w').raw().toBuffer();
      const isBlank = (row: number) => rows.subarray(row * 500, (row + 1) * 500).every((value) => value > 128);
      return [...Array(480).keys()].filter(isBlank).length / 480;
    };
    if (Math.abs(degrees) > 2) expect(await blank(page)).toBeLessThan(0.05);
    const level = await converting.convertOne('image/png', [page], { deskew: true });
    expect(await blank(level)).toBeGreaterThan(0.5);
    expect(await blank(level)).toBeLessThan(0.65);
    expect(await pixel(level, 1, 1)).toEqual([255, 255, 255, 255]);
    const small = await converting.convertOne('image/jpg', [page], { deskew: true, width: 400 });
    expect(await shape(small)).toMatchObject({ format: 'jpeg', width: 400 });
  });

  test('without lines are not turned', async () => {
    const noise = await sharp(randomBytes(300 * 200), { raw: { width: 300, height: 200, channels: 1 } })
      .png()
      .toBuffer();
    const plain = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    for (const bytes of [noise, plain, (await writtenPage(0)).bytes]) {
      const { width, height } = await sharp(bytes).metadata();
      const result = await converting.convertOne('image/png', [{ name: 'x.png', bytes }], { deskew: true });
      expect(await shape(result)).toMatchObject({ width, height });
    }
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

describe('pictures that are compared', () => {
  const plain = async (background: string, [width, height]: readonly [number, number] = [20, 10]) => {
    const bytes = await sharp({ create: { width, height, channels: 3, background } })
      .png()
      .toBuffer();
    return { name: `${background.slice(1)}.png`, bytes };
  };
  const compared = async (samples: Parameters<typeof converting.convert>[1], options = {}) => {
    const [picture, told] = await converting.convert('operation/compare-image', samples, options);
    if (!picture || !told) throw new Error('two outputs are expected');
    return { picture, told: JSON.parse(told.bytes.toString()) };
  };

  test.each([
    ['ae', 200],
    // 0x33 is a fifth of the whole range.
    ['mae', 0.2],
    ['rmse', 0.2],
    ['psnr', 20 * Math.log10(5)],
    ['ncc', 0],
  ])('of one colour each, by %s', async (method, expected) => {
    const { told } = await compared([await plain('#000000'), await plain('#333333')], { method });
    expect(told).toMatchObject({
      method,
      different_pixels: 200,
      pixels: 200,
      reference: { name: '000000.png', width: 20, height: 10 },
    });
    expect(told.value).toBeCloseTo(expected, 5);
  });

  test('are the same, or each other’s negative', async () => {
    const sample = await halves(40, 20);
    const same = async (method: string) => (await compared([sample, sample], { method })).told;
    expect([await same('ae'), await same('mae')]).toMatchObject([{ value: 0, different_pixels: 0 }, { value: 0 }]);
    expect([await same('psnr'), await same('ncc'), await same('ssim')]).toMatchObject([
      { value: null },
      { value: 1 },
      { value: 1 },
    ]);
    const negative = {
      name: 'negative.png',
      bytes: await sharp(sample.bytes).negate({ alpha: false }).png().toBuffer(),
    };
    const { told } = await compared([sample, negative], { method: 'ncc' });
    expect(told.value).toBeCloseTo(-1, 5);
  });

  test('show where they differ, and by more than is allowed', async () => {
    const sample = await halves(40, 20);
    const changed = await sharp(sample.bytes)
      .composite([
        { input: (await plain('#ff0010', [4, 4])).bytes, left: 2, top: 2 },
        { input: (await plain('#00ff00', [4, 4])).bytes, left: 30, top: 10 },
      ])
      .png()
      .toBuffer();
    const samples = [sample, { name: 'changed.png', bytes: changed }];
    const all = await compared(samples, { diff_color: 'violet' });
    expect(all.picture).toMatchObject({ name: 'halves-compared.png', type: 'image/png' });
    expect(all.told.different_pixels).toBe(32);
    expect(await pixel(all.picture, 3, 3)).toEqual([0xee, 0x82, 0xee, 255]);
    expect(await pixel(all.picture, 31, 11)).toEqual([0xee, 0x82, 0xee, 255]);
    // What is the same stays to be seen, and pale.
    expect(await pixel(all.picture, 15, 15)).toEqual([255, 192, 192, 255]);
    // 0x10 is 6.3 percent.
    const some = await compared(samples, { threshold: '7', diff_color: '#123456' });
    expect(some.told.different_pixels).toBe(16);
    expect(await pixel(some.picture, 3, 3)).toEqual([255, 192, 192, 255]);
    expect(await pixel(some.picture, 31, 11)).toEqual([0x12, 0x34, 0x56, 255]);
  });

  test('are brought to the size of the first', async () => {
    const { told, picture } = await compared([await halves(40, 20), { ...(await halves(80, 40)), name: 'large.png' }], {
      threshold: 1,
    });
    expect(told).toMatchObject({ pixels: 800, candidate: { width: 80, height: 40 } });
    expect(told.different_pixels).toBeLessThan(100);
    expect(await shape(picture)).toMatchObject({ width: 40, height: 20 });
  });

  test('are two, and pictures', async () => {
    const sample = await halves(4, 4);
    for (const samples of [[sample], [sample, sample, sample], [sample, pdf('x')]])
      await expect(compared(samples)).rejects.toMatchObject({ name: 'ConversionFailed' });
    await expect(compared([sample, sample], { method: 'guess' })).rejects.toThrow('method');
    await expect(compared([sample, sample], { threshold: 101 })).rejects.toThrow('threshold');
    await expect(compared([sample, sample], { diff_color: 'mauve' })).rejects.toThrow('diff_color');
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
