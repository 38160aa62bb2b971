import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConverting } from './converting.js';
import { pixel, shape } from './looking.js';
import { halves, pdf } from './samples.js';

let converting: Awaited<ReturnType<typeof openConverting>>;
beforeAll(async () => {
  converting = await openConverting();
});
afterAll(() => converting.close());

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
