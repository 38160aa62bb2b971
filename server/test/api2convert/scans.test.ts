import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConverting } from './converting.js';
import { pixel, shape } from './looking.js';
import { animation, writtenPage } from './samples.js';

let converting: Awaited<ReturnType<typeof openConverting>>;
beforeAll(async () => {
  converting = await openConverting();
});
afterAll(() => converting.close());

describe('pictures', () => {
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
});
