import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { describeWith, lacking } from '../clients/needs.js';
import { output } from '../output.js';
import { bmpOf, pdfOf } from './documents.js';
import { type Given, readPage, render, type Wishes } from './rendered.js';

const sentence = 'The quick brown fox jumps over the lazy dog';
const textPage = (text: string) => `BT /F 24 Tf 72 700 Td (${text}) Tj ET`;

/** A picture of 400 by 300 pixels, white, with its left half black. */
const halves = () => {
  const data = Buffer.alloc(400 * 300, 255);
  for (let y = 0; y < 300; y += 1) data.fill(0, y * 400, y * 400 + 200);
  return sharp(data, { raw: { width: 400, height: 300, channels: 1 } });
};

const kinds: Record<string, () => Promise<Given & { pages: number }>> = {
  PDF: async () => ({ type: 'pdf', bytes: pdfOf([textPage('One'), textPage('Two'), textPage('Three')]), pages: 3 }),
  'plain text': async () => ({ type: 'txt', bytes: `${sentence}\n\fsecond page\n`, pages: 2 }),
  HTML: async () => ({ type: 'html', bytes: `<h1>Heading</h1><p>${sentence}</p>`, pages: 1 }),
  PNG: async () => ({ type: 'png', bytes: await halves().png().toBuffer(), pages: 1 }),
  JPEG: async () => ({ type: 'jpg', bytes: await halves().jpeg().toBuffer(), pages: 1 }),
  GIF: async () => ({ type: 'gif', bytes: await halves().gif().toBuffer(), pages: 1 }),
  BMP: async () => ({ type: 'bmp', bytes: bmpOf(400, 300, (x) => (x < 200 ? 0 : 255)), pages: 1 }),
  TIFF: async () => ({ type: 'tif', bytes: await halves().tiff({ compression: 'lzw' }).toBuffer(), pages: 1 }),
};

for (const [what, make] of Object.entries(kinds)) {
  it(`${what} becomes pages of A4, in CCITT group 4, standard and fine`, async () => {
    const given = await make();
    for (const [resolution, height] of [
      ['Fine', 2292],
      ['Standard', 1146],
    ] as const) {
      await render(
        [given],
        async ({ path, pages, size }) => {
          expect(pages).toBe(given.pages);
          expect((await readFile(path)).length).toBe(size);
          expect(await sharp(path).metadata()).toMatchObject({
            format: 'tiff',
            width: 1728,
            height,
            pages: given.pages,
            bitsPerSample: 1,
            density: 204,
          });
          const first = await readPage(path);
          expect(first.black(0, 0, first.width, first.height)).toBeGreaterThan(0.0002);
        },
        { settings: { resolution } },
      );
    }
  });
}

it('pictures of all kinds come to lie alike: as wide as the page, at its top', async () => {
  for (const what of ['PNG', 'JPEG', 'GIF', 'BMP', 'TIFF']) {
    const given = await kinds[what]?.();
    if (!given) throw new Error(what);
    await render([given], async ({ path }) => {
      const page = await readPage(path);
      // 400 by 300 is as wide as the page, 1728 / 204 inches, and so three quarters of that high.
      const bottom = Math.round((1728 / 204) * 0.75 * 196);
      expect(page.black(0, 0, 850, bottom - 4), what).toBeGreaterThan(0.99);
      expect(page.black(880, 0, 840, bottom - 4), what).toBeLessThan(0.01);
      expect(page.black(0, bottom + 4, 1728, 2292 - bottom - 4), what).toBe(0);
    });
  }
});

it('paper, resolution and orientation give the pixels that fax machines expect', async () => {
  const sizes = [
    ['A4', 'Fine', 1728, 2292],
    ['Letter', 'Fine', 1728, 2156],
    ['Letter', 'Standard', 1728, 1078],
    ['Legal', 'Fine', 1728, 2744],
    ['B4', 'Fine', 2048, 2724],
    ['B4', 'Standard', 2048, 1362],
  ] as const;
  for (const [pageSize, resolution, width, height] of sizes) {
    for (const orientation of ['Portrait', 'Landscape'] as const)
      await render(
        [{ type: 'txt', bytes: sentence }],
        async ({ path }) => expect(await sharp(path).metadata()).toMatchObject({ width, height }),
        { settings: { pageSize, resolution, orientation } },
      );
  }
});

it('a page of a PDF is drawn true to size, at both resolutions', async () => {
  // A square of an inch, 2 inches from the left and 3 from the top.
  const pdf = pdfOf([`0 g ${2 * 72} ${842 - 4 * 72} 72 72 re f`]);
  for (const [resolution, lines] of [
    ['Fine', 196],
    ['Standard', 98],
  ] as const)
    await render(
      [{ type: 'pdf', bytes: pdf }],
      async ({ path }) => {
        const page = await readPage(path);
        // A4 is 595 points wide and the page's 1728 pixels are 610: it lies in the middle.
        const left = Math.round(2 * 204 + (1728 - (595 / 72) * 204) / 2);
        const top = 3 * lines;
        expect(page.black(left + 3, top + 3, 204 - 6, lines - 6)).toBe(1);
        expect(page.black(left + 204 + 3, top, 200, lines)).toBe(0);
        expect(page.black(left, top + lines + 3, 204, lines)).toBe(0);
        expect(page.black(left - 200, top, 197, lines)).toBe(0);
      },
      { settings: { resolution } },
    );
});

it('landscape is drawn on a wide page and turned by a quarter', async () => {
  // A bar along the top of a wide page of A4.
  const pdf = Buffer.from(
    pdfOf(['0 g 0 545 842 50 re f']).toString('latin1').replace('[0 0 595 842]', '[0 0 842 595]'),
    'latin1',
  );
  await render(
    [{ type: 'pdf', bytes: pdf }],
    async ({ path }) => {
      const page = await readPage(path);
      expect([page.width, page.height]).toEqual([1728, 2292]);
      // Turned clockwise: what was above is at the right.
      expect(page.black(1620, 20, 80, 2240)).toBeGreaterThan(0.99);
      expect(page.black(0, 20, 1500, 2240)).toBe(0);
    },
    { settings: { orientation: 'Landscape' } },
  );
});

it('a fax that comes in as TIFF goes out pixel by pixel, also where its pages differ', async () => {
  const { width, height } = { width: 1728, height: 2292 };
  const data = Buffer.alloc(width * height, 255);
  for (let i = 0; i < data.length; i += 7) data[i] = 0;
  const tiff = await sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1, xres: 204 / 25.4, yres: 196 / 25.4, resolutionUnit: 'inch' })
    .toBuffer();
  await render(
    [
      { type: 'tif', bytes: tiff },
      { type: 'txt', bytes: 'end' },
    ],
    async ({ path, pages }) => {
      expect(pages).toBe(2);
      expect((await readPage(path)).data.equals(data)).toBe(true);
    },
  );
  // The same lines at half the density are as high again.
  const standard = await sharp(data, { raw: { width, height: height / 2, channels: 1 } })
    .toColourspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1, xres: 204 / 25.4, yres: 98 / 25.4, resolutionUnit: 'inch' })
    .toBuffer();
  await render(
    [{ type: 'tif', bytes: standard }],
    async ({ path }) => {
      const page = await readPage(path);
      expect(page.data.equals(data.subarray(0, (width * height) / 2))).toBe(true);
    },
    { settings: { resolution: 'Standard' } },
  );
});

it('every page of a TIFF of many is there, without more memory for it', async () => {
  const [width, height, count] = [1728, 1146, 90];
  const tall = Buffer.alloc(width * height * count, 255);
  for (let page = 0; page < count; page += 1)
    tall.fill(0, page * width * height, page * width * height + width * (page + 1));
  const tiff = await sharp(tall, { raw: { width, height: height * count, channels: 1, pageHeight: height } })
    .toColourspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1, xres: 204 / 25.4, yres: 98 / 25.4, resolutionUnit: 'inch' })
    .toBuffer();
  await render(
    [{ type: 'tif', bytes: tiff }],
    async ({ path, pages }) => {
      expect(pages).toBe(count);
      for (const page of [0, 44, 89]) {
        const { black } = await readPage(path, page);
        expect(black(0, 0, width, page + 1)).toBe(1);
        expect(black(0, page + 1, width, height - page - 1)).toBe(0);
      }
    },
    { settings: { resolution: 'Standard' }, limits: { memory: 256 * 2 ** 20 } },
  );
});

it('greys are dithered, or parted by a threshold', async () => {
  const grey = await sharp({ create: { width: 400, height: 400, channels: 3, background: '#808080' } })
    .png()
    .toBuffer();
  const shareOf = (rendering: 'Greyscale' | 'BlackAndWhite') =>
    render([{ type: 'png', bytes: grey }], async ({ path }) => (await readPage(path)).black(100, 100, 1000, 1000), {
      settings: { rendering },
    });
  expect(await shareOf('BlackAndWhite')).toBe(1);
  expect(await shareOf('Greyscale')).toBeCloseTo(1 - 128 / 255, 1);
});

it('in their own size, small pictures stay small', async () => {
  const png = await sharp({ create: { width: 204, height: 204, channels: 3, background: '#000' } })
    .withMetadata({ density: 204 })
    .png()
    .toBuffer();
  await render(
    [{ type: 'png', bytes: png }],
    async ({ path }) => {
      const { black } = await readPage(path);
      expect(black(762 + 1, 1, 202, 194)).toBe(1);
      expect(black(0, 198, 1728, 2000)).toBe(0);
    },
    { settings: { fitToPage: false } },
  );
});

it('text of more lines than a page has goes on on the next, and long lines are broken', async () => {
  const lines = (count: number) => Array.from({ length: count }, (_, i) => `Line ${i}`).join('\n');
  const pagesOf = (bytes: string, wishes?: Wishes) =>
    render([{ type: 'txt', bytes }], async ({ pages }) => pages, wishes);
  // 842 points, less margins of 43 each, 12 points a line: 62 lines.
  expect(await pagesOf(lines(62))).toBe(1);
  expect(await pagesOf(lines(63))).toBe(2);
  expect(await pagesOf(`${lines(62)}\n`)).toBe(1);
  expect(await pagesOf('a\fb\fc\f')).toBe(3);
  expect(await pagesOf('')).toBe(1);
  // 87 characters a line.
  expect(await pagesOf('x'.repeat(87 * 62))).toBe(1);
  expect(await pagesOf('x'.repeat(87 * 62 + 1))).toBe(2);
});

it('a header is printed over the top margin of every page, and changes nothing below', async () => {
  const given = { type: 'pdf', bytes: pdfOf([textPage('One'), textPage('Two')]) };
  const below = 33;
  const plain = await render([given], async ({ path }) => readPage(path, 1));
  await render(
    [given],
    async ({ path }) => {
      const page = await readPage(path, 1);
      expect(page.black(0, 0, 1728, below)).toBeGreaterThan(0.005);
      expect(page.data.subarray(below * 1728).equals(plain.data.subarray(below * 1728))).toBe(true);
    },
    { header: { template: 'To {To}, page {PageNumber} of {TotalPages}', values: { to: 'Ann' } } },
  );
  expect(plain.black(0, 0, 1728, below)).toBe(0);
});

it('pages that were rendered before get a header, and change nowhere else', async () => {
  const given = { type: 'html', bytes: `<h1>${sentence}</h1>${sentence} `.repeat(60) };
  const header = { template: 'To {To}, page {PageNumber} of {TotalPages}', values: { to: 'Ann' } };
  const kindsOfPages = [
    { pageSize: 'A4', orientation: 'Portrait', resolution: 'Fine', rendering: 'BlackAndWhite' },
    { pageSize: 'B4', orientation: 'Landscape', resolution: 'Standard', rendering: 'BlackAndWhite' },
    { pageSize: 'Letter', orientation: 'Landscape', resolution: 'Fine', rendering: 'Greyscale' },
    { pageSize: 'Legal', orientation: 'Portrait', resolution: 'Standard', rendering: 'BlackAndWhite' },
  ] as const;
  for (const settings of kindsOfPages) {
    const read = async ({ path, pages }: { path: string; pages: number }) => {
      expect(pages).toBeGreaterThan(1);
      return readPage(path, 1);
    };
    const first = await render([given], ({ path }) => readFile(path), { settings });
    const upright = { ...settings, orientation: 'Portrait' } as const;
    const plain = await render([{ type: 'tif', bytes: first }], read, { settings: upright });
    const whole = await render([given], read, { settings, header });
    const later = await render([{ type: 'tif', bytes: first }], read, { settings: upright, header });
    const below = (settings.resolution === 'Fine' ? 33 : 17) * whole.width;
    expect(later.data.subarray(below).equals(plain.data.subarray(below))).toBe(true);
    expect(later.data.subarray(0, below).equals(whole.data.subarray(0, below))).toBe(true);
    if (settings.rendering === 'BlackAndWhite') expect(later.data.equals(whole.data)).toBe(true);
  }
});

it('several documents are one fax, in their order', async () => {
  const all = await Promise.all(['PDF', 'plain text', 'PNG'].map((what) => kinds[what]?.()));
  const documents = all.flatMap((each) => each ?? []);
  await render(documents, async ({ pages }) => expect(pages).toBe(6));
});

describeWith('tiffinfo', lacking('sh', ['-c', 'command -v tiffinfo'], 'tiffinfo of libtiff-tools'), () => {
  it('finds a fax of class F: one strip a page, 204 by 98, CCITT group 4, 0 is white', async () => {
    await render(
      [{ type: 'txt', bytes: 'one\ftwo' }],
      async ({ path }) => {
        const said = await output('tiffinfo', [path]);
        for (const fact of [
          'Image Width: 1728 Image Length: 1146',
          'Resolution: 204, 98 pixels/inch',
          'Compression Scheme: CCITT Group 4',
          'Photometric Interpretation: min-is-white',
          'Rows/Strip: 1146',
          'Bits/Sample: 1',
        ])
          expect(said.split(fact)).toHaveLength(3);
        expect(said).toContain('Page Number: 0-2');
        expect(said).toContain('Page Number: 1-2');
      },
      { settings: { resolution: 'Standard' } },
    );
  });
});

describeWith('tesseract', lacking('tesseract', ['--version'], 'tesseract-ocr with English'), () => {
  /** What is read on a page, its words parted by one blank. */
  const words = async (path: string, page: number): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'longshore-'));
    try {
      const picture = join(folder, 'page.png');
      // Its lines are further apart than its columns: it reads better as a page looks.
      const { data, width, height } = await readPage(path, page);
      const square = sharp(data, { raw: { width, height, channels: 1 } }).resize(1728, 2382, { fit: 'fill' });
      await writeFile(picture, await square.withMetadata({ density: 204 }).png().toBuffer());
      return (await output('tesseract', [picture, '-', '-l', 'eng'])).replace(/\s+/g, ' ');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  const documents: Record<string, Given> = {
    'plain text': { type: 'txt', bytes: `first\f${sentence}` },
    HTML: { type: 'htm', bytes: `${'<p>filling words here</p>'.repeat(60)}<p><b>${sentence}</b></p>` },
    PDF: { type: 'pdf', bytes: pdfOf([textPage('first'), textPage(sentence)]) },
  };
  for (const [what, given] of Object.entries(documents))
    it.each(['Fine', 'Standard'] as const)(`reads the second page of ${what}, rendered %s`, async (resolution) => {
      await render(
        [given],
        async ({ path }) => {
          const said = await words(path, 1);
          expect(said).toContain(sentence);
          expect(said).toContain('Page 2 of 2');
        },
        { settings: { resolution }, header: { template: 'Page {PageNumber} of {TotalPages}', values: {} } },
      );
    });
});

describeWith('Ghostscript', lacking('gs', ['--version'], 'ghostscript'), () => {
  it('draws PostScript', async () => {
    const ps =
      '%!PS-Adobe-3.0\n0 setgray 144 600 moveto 72 0 rlineto 0 -72 rlineto -72 0 rlineto closepath fill showpage showpage\n';
    await render([{ type: 'ps', bytes: ps }], async ({ path, pages }) => {
      expect(pages).toBe(2);
      const page = await readPage(path);
      expect(page.black(0, 0, 1728, 2292)).toBeGreaterThan(0.005);
    });
  });
});

describeWith('LibreOffice', lacking('soffice', ['--version'], 'LibreOffice (libreoffice-writer-nogui)'), () => {
  it('draws office documents', async () => {
    const rtf = `{\\rtf1\\ansi{\\fonttbl{\\f0 Helvetica;}}\\f0\\fs48 ${sentence}\\page second page\\par}`;
    await render([{ type: 'rtf', bytes: rtf }], async ({ path, pages }) => {
      expect(pages).toBe(2);
      const page = await readPage(path);
      expect(page.black(0, 0, 1728, 600)).toBeGreaterThan(0.005);
    });
  });
});
