import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith, lacking } from '../clients/needs.js';
import { output } from '../output.js';
import { openConverting, type Result, type Sample } from './converting.js';
import { halves, pdf } from './samples.js';

let converting: Awaited<ReturnType<typeof openConverting>>;
beforeAll(async () => {
  converting = await openConverting();
});
afterAll(() => converting.close());

const needsPoppler = lacking('pdfinfo', ['-v'], 'poppler-utils');
const needsGhostscript = lacking('gs', ['--version'], 'Ghostscript');

describeWith('PDF files that are written anew', needsGhostscript ?? needsPoppler, () => {
  /** Half red, half of a blue that lets half of what is below through; 40 by 20 points. */
  const logo = async (): Promise<Sample> => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="20" height="20" fill="#f00"/><rect x="20" width="20" height="20" fill="#00f" fill-opacity="0.5"/></svg>';
    return { name: 'logo.png', bytes: await sharp(Buffer.from(svg)).png().toBuffer() };
  };

  /** Pages as poppler draws them, at 72 pixels an inch: what asks for a pixel's colour from the left and from above. */
  const drawn = async ({ path }: Result) => {
    await output('pdftoppm', ['-r', '72', '-png', path, `${path}-page`]);
    return async (page: number, x: number, y: number): Promise<number[]> => {
      const one = sharp(`${path}-page-${page}.png`).extract({ left: x, top: y, width: 1, height: 1 });
      return [...(await one.removeAlpha().raw().toBuffer())];
    };
  };

  test.each([
    ['center', 88, 62],
    ['top_left', 0, 0],
    ['top', 88, 0],
    ['right', 176, 62],
    ['bottom_right', 176, 124],
  ])('have a stamp on every page: %s', async (alignment, left, top) => {
    const stamped = await converting.convertOne('document/pdf', [pdf('One', 'Two'), await logo()], {
      stamp: true,
      alignment,
    });
    expect(stamped).toMatchObject({ name: 'pages.pdf', type: 'application/pdf' });
    expect(await output('pdftotext', [stamped.path, '-'])).toMatch(/One\s+Two/);
    // It is in the file once.
    const images = (await output('pdfimages', ['-list', stamped.path])).match(/^ +\d+ +\d+ image .*$/gm) ?? [];
    expect(new Set(images.map((line) => line.trim().split(/\s+/)[10]))).toEqual(new Set([expect.any(String)]));
    expect(images).toHaveLength(2);
    const at = await drawn(stamped);
    for (const page of [1, 2]) {
      expect(await at(page, left + 5, top + 10)).toEqual([255, 0, 0]);
      const [red = 0, green, blue] = await at(page, left + 35, top + 10);
      expect([Math.abs(red - 127) < 3, green, blue]).toEqual([true, red, 255]);
      expect(await at(page, (left + 108) % 216, (top + 80) % 144)).toEqual([255, 255, 255]);
    }
  });

  test('of pictures and of turned pages have it upright, and one that is too large is made smaller', async () => {
    const turned = pdf('One').bytes.toString().replace('/MediaBox', '/Rotate 90 /MediaBox');
    const samples = [{ name: 'turned.pdf', bytes: Buffer.from(turned) }, await halves(60, 30), await logo()];
    const [page, picture] = await converting.convert('document/pdf', samples, { stamp: true });
    if (!page || !picture) throw new Error('two outputs are expected');
    const onPage = await drawn(page);
    expect(await onPage(1, 72 - 15, 108)).toEqual([255, 0, 0]);
    expect(await onPage(1, 72 - 15, 108 - 12)).toEqual([255, 255, 255]);
    const onPicture = await drawn(picture);
    expect((await onPicture(1, 12, 15)).map((value) => value > 128)).toEqual([true, false, false]);
    const large = {
      name: 'large.png',
      bytes: await sharp((await halves(600, 300)).bytes)
        .png()
        .toBuffer(),
    };
    const shrunk = await converting.convertOne('document/pdf', [pdf('One'), large], { stamp: true });
    const onShrunk = await drawn(shrunk);
    const strong = async (x: number, y: number) => (await onShrunk(1, x, y)).map((value) => value > 128);
    expect([await strong(2, 72), await strong(213, 72), await strong(2, 10)]).toEqual([
      [true, false, false],
      [false, false, true],
      [true, true, true],
    ]);
  });

  test('a stamp wants a document, and a picture to stamp it', async () => {
    const stamp = { stamp: true };
    for (const samples of [[pdf('x')], [await halves(4, 4)], [pdf('x'), pdf('y')]])
      await expect(converting.convert('document/pdf', samples, stamp)).rejects.toThrow('A stamp wants');
    await expect(converting.convert('document/pdf', [pdf('x')], { alignment: 'askew' })).rejects.toThrow('alignment');
  });

  test('become PDF/A, with every font in them and what their colours mean', async () => {
    for (const samples of [[pdf('One')], [await halves(30, 30)], [pdf('One'), await logo()]]) {
      const options = { pdf_a: true, stamp: samples.length > 1 };
      const made = await converting.convertOne('document/pdf', samples, options);
      expect(await output('pdfinfo', ['-meta', made.path])).toMatch(/pdfaid:part='2' pdfaid:conformance='B'/);
      expect(made.bytes.toString('latin1')).toMatch(/\/OutputIntents ?\[/);
      // The columns at the end of each line: embedded, a subset, with Unicode, and its object.
      const fonts = (await output('pdffonts', [made.path])).trim().split('\n').slice(2);
      for (const font of fonts) expect(font).toMatch(/ yes +\w+ +\w+ +\d+ +\d+$/);
    }
  });

  test('are opened with their password, and fail where they are broken', async () => {
    const plain = join(converting.root, 'plain.pdf');
    const locked = join(converting.root, 'locked.pdf');
    await writeFile(plain, pdf('Dear readers').bytes);
    const keys = ['-sUserPassword=open', '-sOwnerPassword=own', '-dEncryptionR=3', '-dKeyLength=128'];
    await output('gs', ['-q', '-dBATCH', '-dNOPAUSE', '-sDEVICE=pdfwrite', ...keys, `-sOutputFile=${locked}`, plain]);
    const sample = { name: 'locked.pdf', bytes: await readFile(locked) };
    const options = { pdf_a: true };
    await expect(converting.convert('document/pdf', [sample], options)).rejects.toThrow('wants a password');
    const { path } = await converting.convertOne('document/pdf', [sample], options, { password: 'open' });
    expect(await output('pdftotext', [path, '-'])).toContain('Dear readers');
    const broken = { name: 'broken.pdf', bytes: Buffer.from('%PDF-1.4\nnothing else') };
    for (const what of ['document/pdf', 'operation/compress'])
      await expect(converting.convert(what, [broken], what === 'document/pdf' ? options : {})).rejects.toThrow(
        'cannot be read',
      );
  });
});
