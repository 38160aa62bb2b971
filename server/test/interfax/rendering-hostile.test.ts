import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RenderFailure } from '../../src/dialects/interfax/rendering/failure.js';
import { openRenderer } from '../../src/dialects/interfax/rendering/renderer.js';
import { describeWith, lacking } from '../clients/needs.js';
import { pdfOf, pdfOfObjects, pdfStream, pngOf, zipOf } from './documents.js';
import { type Given, render, type Wishes } from './rendered.js';

const mebibyte = 2 ** 20;

/** How a rendering that must not succeed comes out. */
const reasonOf = async (given: Given, wishes?: Wishes): Promise<string> => {
  try {
    await render([given], async () => undefined, wishes);
    return 'rendered';
  } catch (error) {
    if (error instanceof RenderFailure) return error.reason;
    throw error;
  }
};

/** Objects of a PDF file with one page of this content and these resources. */
const onePage = (content: string | Buffer, resources: string): (string | Buffer)[] => [
  '<</Type/Catalog/Pages 2 0 R>>',
  '<</Type/Pages/Kids[3 0 R]/Count 1>>',
  `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<${resources}>>>>`,
  pdfStream(Buffer.from(content)),
];

/** Each form draws the next ten times over: 10 to the 25th rectangles. */
const explosion = pdfOfObjects([
  ...onePage('/F Do', '/XObject<</F 5 0 R>>'),
  ...Array.from({ length: 25 }, (_, i) =>
    pdfStream(
      Buffer.from('/F Do '.repeat(10)),
      `/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</XObject<</F ${i + 6} 0 R>>>>`,
    ),
  ),
]);

const broken: Record<string, Given> = {
  'a PDF of noise': { type: 'pdf', bytes: Buffer.alloc(100_000, 'no PDF ') },
  'a PDF that is cut short': { type: 'pdf', bytes: pdfOf(['0 g 0 0 9 9 re f']).subarray(0, 200) },
  'a PDF whose pages are their own parents': {
    type: 'pdf',
    bytes: pdfOfObjects(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>']),
  },
  'an empty file': { type: 'pdf', bytes: '' },
  'an empty picture': { type: 'png', bytes: '' },
  'a PNG of 100,000 by 100,000 pixels': { type: 'png', bytes: pngOf(100_000, 100_000, 1000) },
  'a PNG that is cut short': { type: 'png', bytes: pngOf(1000, 1000).subarray(0, 60) },
  'a picture that is a web page': { type: 'gif', bytes: '<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>' },
  'a TIFF that runs in a circle': {
    type: 'tif',
    bytes: Buffer.from('49492a0008000000010000010400010000006400000008000000', 'hex'),
  },
  'a BMP that says too much': {
    type: 'bmp',
    bytes: Buffer.from(
      `424d${'00'.repeat(8)}3600000028000000a0860100a08601000100180000000000${'00'.repeat(20)}`,
      'hex',
    ),
  },
};

for (const [what, given] of Object.entries(broken))
  it(`${what} is no fax`, async () => expect(await reasonOf(given)).toBe('unreadable'));

it('a type that nothing draws is told apart', async () => {
  for (const type of ['zip', 'url', 'snp', 'constructor'])
    expect(await reasonOf({ type, bytes: 'http://127.0.0.1/' })).toBe('unsupported');
  const none = { limits: { libreOffice: '', ghostscript: '/no/such/program' } };
  for (const type of ['doc', 'docx', 'ps', 'eps'])
    expect(await reasonOf({ type, bytes: '%!PS' }, none)).toBe('unsupported');
});

it('more pages than a fax may have', async () => {
  const limits = { mostPages: 3 };
  expect(await reasonOf({ type: 'txt', bytes: 'a\fb\fc' }, { limits })).toBe('rendered');
  expect(await reasonOf({ type: 'txt', bytes: 'a\fb\fc\fd' }, { limits })).toBe('too-many-pages');
  expect(await reasonOf({ type: 'txt', bytes: '\n'.repeat(5_000_000) }, { limits })).toBe('too-many-pages');
  expect(await reasonOf({ type: 'pdf', bytes: pdfOf(['', '', '', '']) }, { limits })).toBe('too-many-pages');
  const two = { type: 'txt', bytes: 'a\fb' };
  await expect(render([two, two], async () => undefined, { limits })).rejects.toMatchObject({
    reason: 'too-many-pages',
  });
});

it('a PDF that would be drawn for ever ends at its limits', async () => {
  const limits = { time: 1500, memory: 400 * mebibyte };
  expect(['out-of-time', 'out-of-memory']).toContain(await reasonOf({ type: 'pdf', bytes: explosion }, { limits }));
});

it('a PDF that unpacks to a gigabyte ends at its limits', async () => {
  const content = Buffer.alloc(600 * mebibyte, ' ');
  const limits = { memory: 300 * mebibyte };
  expect(await reasonOf({ type: 'pdf', bytes: pdfOfObjects(onePage(content, '')) }, { limits })).toBe('out-of-memory');
});

it('a web page that is nothing but beginnings is read in bounded time', async () => {
  const nested = { type: 'html', bytes: '<div><ul><li><table><tr><td>'.repeat(50_000) };
  expect(await reasonOf(nested, { limits: { time: 60_000 } })).toMatch(/rendered|too-many-pages/);
  const open = { type: 'html', bytes: '<'.repeat(500_000) };
  expect(await reasonOf(open, { limits: { time: 60_000 } })).toMatch(/rendered|too-many-pages|out-of-memory/);
});

it('characters that no document should have are drawn as something', async () => {
  const bytes = `\u0000\u0001\u001b[31m\uffff & <b> ]]> &#xD800; ${'\u0301'.repeat(1000)}`;
  for (const type of ['txt', 'html', 'xml']) expect(await reasonOf({ type, bytes })).toBe('rendered');
});

it('when it is no longer wanted, it ends at once and leaves nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  const limits = { mostPages: 9, time: 600_000, memory: 2 ** 40, disk: 2 ** 40 };
  const renderer = openRenderer({ folder, ...limits, libreOffice: '', ghostscript: '' });
  const stop = new AbortController();
  const order = {
    name: 'stopped',
    documents: [
      {
        type: 'pdf',
        bytes: (async function* () {
          yield explosion;
          stop.abort(new Error('no longer wanted'));
        })(),
      },
    ],
    settings: {
      pageSize: 'A4',
      orientation: 'Portrait',
      resolution: 'Fine',
      rendering: 'Greyscale',
      fitToPage: true,
    },
    header: { template: '', values: {} },
  } as const;
  await expect(renderer.render(order, stop.signal, async () => undefined)).rejects.toThrow();
  expect(await readdir(folder)).not.toContain('stopped');
  await rm(folder, { recursive: true, force: true });
});

describeWith('Ghostscript with hostile PostScript', lacking('gs', ['--version'], 'ghostscript'), () => {
  it('ends with its limits, and reads no files', async () => {
    expect(await reasonOf({ type: 'ps', bytes: '%!PS\n{ } loop\n' }, { limits: { time: 1500 } })).toBe('out-of-time');
    const hungry = '%!PS\n/a [ ] def { /a [ a 100000 array ] def } loop\n';
    expect(await reasonOf({ type: 'ps', bytes: hungry }, { limits: { memory: 300 * mebibyte } })).toBe('out-of-memory');
    const curious = '%!PS\n(/etc/passwd) (r) file pop showpage\n';
    expect(await reasonOf({ type: 'ps', bytes: curious })).toBe('unreadable');
    const noise = { type: 'eps', bytes: 'no PostScript at all' };
    expect(await reasonOf(noise)).toBe('unreadable');
  });

  it('ends when the server is killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longshore-'));
    const built = (path: string) => new URL(`../../dist/${path}`, import.meta.url).href;
    const program = `
      import { openRenderer } from '${built('dialects/interfax/rendering/renderer.js')}';
      const limits = { folder: '${folder}', mostPages: 9, time: 600000, memory: 2 ** 40, disk: 2 ** 40 };
      const settings = { pageSize: 'A4', orientation: 'Portrait', resolution: 'Fine', rendering: 'Greyscale' };
      const bytes = async function* () { yield Buffer.from('%!PS\\n{ } loop'); };
      await openRenderer({ ...limits, libreOffice: '', ghostscript: 'gs' }).render(
        { name: 'fax', documents: [{ type: 'ps', bytes: bytes() }], settings, header: { template: '', values: {} } },
        new AbortController().signal, async () => undefined);`;
    const server = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
    const drawing = () => spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout.includes(`-f ${folder}`);
    const until = async (isDrawing: boolean) => {
      for (let i = 0; i < 300 && drawing() !== isDrawing; i += 1) await delay(100);
      expect(drawing()).toBe(isDrawing);
    };
    await until(true);
    server.kill('SIGKILL');
    await until(false);
    await rm(folder, { recursive: true, force: true });
  });
});

describeWith('LibreOffice with hostile documents', lacking('soffice', ['--version'], 'LibreOffice'), () => {
  const types =
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Override PartName="/word/document.xml" ' +
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
  const relations =
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
    '<Relationship Id="r" Target="word/document.xml" ' +
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>';
  const docx = (body: Buffer): Buffer =>
    zipOf({
      '[Content_Types].xml': Buffer.from(types),
      '_rels/.rels': Buffer.from(relations),
      'word/document.xml': Buffer.concat([
        Buffer.from('<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'),
        body,
        Buffer.from('</w:body></w:document>'),
      ]),
    });
  const paragraph = '<w:p><w:r><w:t>many words of one bomb</w:t></w:r></w:p>';

  it('draws a small one', async () => {
    expect(await reasonOf({ type: 'docx', bytes: docx(Buffer.from(paragraph)) })).toBe('rendered');
  });

  it('fetches nothing that a document refers to', async () => {
    let asked = 0;
    const outside = createServer((_, response) => {
      asked += 1;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(outside, 'listening');
    const address = outside.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const names = Object.entries({ office: 'office', text: 'text', draw: 'drawing', svg: 'svg-compatible' });
    const spaces = names
      .map(([name, uri]) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${uri}:1.0"`)
      .join(' ');
    const picture = `<draw:frame svg:width="5cm" svg:height="5cm" text:anchor-type="as-char"><draw:image xlink:href="http://127.0.0.1:${port}/a.png" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>`;
    const section = `<text:section text:name="s"><text:section-source xlink:href="http://127.0.0.1:${port}/b"/><text:p>old</text:p></text:section>`;
    const content = `<office:document-content ${spaces} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"><office:body><office:text><text:p>${picture}</text:p>${section}</office:text></office:body></office:document-content>`;
    const odt = 'application/vnd.oasis.opendocument.text';
    const entry = (path: string, type: string) =>
      `<manifest:file-entry manifest:full-path="${path}" manifest:media-type="${type}"/>`;
    const bytes = zipOf({
      mimetype: Buffer.from(odt),
      'META-INF/manifest.xml': Buffer.from(
        `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">${entry('/', odt)}${entry('content.xml', 'text/xml')}</manifest:manifest>`,
      ),
      'content.xml': Buffer.from(content),
    });
    const page = `<img src="http://127.0.0.1:${port}/c.png"><iframe src="http://127.0.0.1:${port}/d"></iframe>words`;
    expect(await reasonOf({ type: 'odt', bytes })).toBe('rendered');
    expect(await reasonOf({ type: 'doc', bytes: `<html><body>${page}</body></html>` })).toBe('rendered');
    expect(await reasonOf({ type: 'html', bytes: page })).toBe('rendered');
    expect(asked).toBe(0);
    outside.close();
  });

  it('a zip bomb ends at its limits, and leaves no process', async () => {
    const bytes = docx(Buffer.alloc(500 * mebibyte, paragraph));
    expect(bytes.length).toBeLessThan(4 * mebibyte);
    const limits = { memory: 400 * mebibyte, time: 60_000 };
    // LibreOffice does not always say what it lacked.
    expect(['out-of-memory', 'out-of-time', 'unreadable']).toContain(
      await reasonOf({ type: 'docx', bytes }, { limits }),
    );
    const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(stdout.split('\n').filter((line) => /soffice.*longshore-/.test(line))).toEqual([]);
  });
});
