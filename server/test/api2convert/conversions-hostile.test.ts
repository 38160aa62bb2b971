import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { confinements } from '../../src/services/programs/confinement.js';
import { describeWith, lacking } from '../clients/needs.js';
import { output } from '../output.js';
import { openConverting, type Sample } from './converting.js';
import { animation, docx, halves, pdf, tone } from './samples.js';

/* Files that are made to do harm. A conversion may fail, with a message; more it may not do. */

let converting: Awaited<ReturnType<typeof openConverting>>;
beforeAll(async () => {
  converting = await openConverting();
});
afterAll(() => converting.close());

const confined = await confinements();

/** What a client is told of a conversion that failed. */
const told = (message: RegExp) => ({ name: 'ConversionFailed', message: expect.stringMatching(message) as string });

/** A PNG file that says it is of this size, with `rows` of its rows of zeros. */
const hugePng = (width: number, height: number, rows: number): Sample => {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  // One bit a pixel, grey.
  size[8] = 1;
  const data = deflateSync(Buffer.alloc(rows * (Math.ceil(width / 8) + 1)));
  const bytes = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', size),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { name: 'huge.png', bytes };
};

const svg = (body: string, size = 'width="100" height="100"', before = ''): Sample => ({
  name: 'drawing.svg',
  bytes: Buffer.from(
    `${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size}>${body}</svg>`,
  ),
});

describe('pictures', () => {
  test('of 50,000 by 50,000 pixels are not opened', async () => {
    const huge = hugePng(50_000, 50_000, 50_000);
    expect(huge.bytes.length).toBeLessThan(1e6);
    for (const what of ['image/jpg', 'operation/thumbnail', 'operation/compress', 'document/pdf'])
      await expect(converting.convert(what, [huge])).rejects.toMatchObject(told(/pixel limit/));
    for (const pair of [
      [huge, await halves(4, 4)],
      [await halves(4, 4), huge],
    ])
      await expect(converting.convert('operation/compare-image', pair)).rejects.toMatchObject(told(/pixel limit/));
  });

  test('are not made of such a size either', async () => {
    const small = await halves(20, 20);
    await expect(converting.convert('image/png', [small], { width: 65_000, height: 65_000 })).rejects.toMatchObject(
      told(/larger than pictures may be/),
    );
    const blown = { width: 65_000, resize_by: 'perc', resize_handling: 'stretch', height: 65_000 };
    await expect(converting.convert('operation/resize-image', [await halves(600, 600)], blown)).rejects.toMatchObject(
      told(/larger than pictures may be/),
    );
    await expect(
      converting.convert('operation/thumbnail', [hugePng(1, 100_000, 100_000)], { width: 4096 }),
    ).rejects.toMatchObject(told(/larger than pictures may be/));
  });

  test('have all their frames counted', async () => {
    const settings = { conversionPixels: 3 * 40 * 30 - 1 };
    await expect(converting.convert('image/webp', [await animation()], {}, { settings })).rejects.toMatchObject(
      told(/pixel limit/),
    );
    expect(await converting.convert('image/png', [await animation()], {}, { settings })).toHaveLength(1);
  });

  test.skipIf(!confined.memory)('that take too much memory fail, and say so', async () => {
    const settings = { conversionMemory: 400 * 2 ** 20 };
    const wide = {
      name: 'wide.png',
      bytes: await sharp({ create: { width: 8000, height: 8000, channels: 3, background: '#abc' } })
        .png()
        .toBuffer(),
    };
    await expect(converting.convert('image/avif', [wide], {}, { settings })).rejects.toMatchObject(told(/memory/));
  });

  test('that are cut short or none at all fail with a message that names no folder', async () => {
    const { bytes } = await halves(600, 400);
    for (const each of [bytes.subarray(0, bytes.length / 2), Buffer.from('not a picture'), Buffer.alloc(0)])
      for (const what of ['image/webp', 'operation/thumbnail']) {
        const failure: unknown = await converting
          .convert(what, [{ name: 'x.png', bytes: each }])
          .catch((error) => error);
        expect(failure).toMatchObject(told(/could not be converted/));
        expect(String(failure)).not.toContain(converting.root);
      }
  });
});

describe('drawings', () => {
  test('of enormous size are refused', async () => {
    const failure = converting.convert('image/png', [svg('', 'width="1000000" height="1000000"')]);
    await expect(failure).rejects.toMatchObject({ name: 'ConversionFailed' });
  });

  test('with entities that grow and grow end', async () => {
    const names = 'abcdefghijkl'.split('');
    const entities = names.map(
      (name, index) => `<!ENTITY ${name} "${index === 0 ? 'lol' : `&${names[index - 1]};`.repeat(10)}">`,
    );
    const bomb = svg('<text y="20">&l;</text>', undefined, `<!DOCTYPE svg [${entities.join('')}]>`);
    const settings = { conversionTimeout: 20_000 };
    await expect(converting.convert('image/png', [bomb], {}, { settings })).rejects.toMatchObject({
      name: 'ConversionFailed',
    });
  });

  test('with shapes that are drawn again and again end in time', async () => {
    const groups = Array.from({ length: 30 }, (_, index) =>
      index === 0
        ? '<g id="g0"><rect width="9" height="9"/></g>'
        : `<g id="g${index}">${`<use xlink:href="#g${index - 1}"/>`.repeat(10)}</g>`,
    );
    const settings = { conversionTimeout: 5000 };
    const drawn = converting.convert(
      'image/png',
      [svg(`${groups.join('')}<use xlink:href="#g29"/>`)],
      {},
      { settings },
    );
    await expect(drawn).rejects.toMatchObject({ name: 'ConversionFailed' });
  });

  test('show nothing of this machine', async () => {
    const secret = join(converting.root, 'secret.png');
    await writeFile(secret, (await halves(100, 100)).bytes);
    const prefixed = `<image width="100" height="100" xlink:href="file://${secret}"/>`;
    const plain = `<image width="100" height="100" xlink:href="${secret}"/>`;
    const relative = '<image width="100" height="100" xlink:href="../secret.png"/>';
    for (const body of [prefixed, plain, relative]) {
      const { bytes } = await converting.convertOne('image/png', [svg(body)]);
      const { channels } = await sharp(bytes).ensureAlpha().stats();
      expect(channels[3]?.max).toBe(0);
    }
    const entity = svg(
      '<text y="20">&x;</text>',
      undefined,
      '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    );
    const [shown] = await converting.convert('image/png', [entity]).catch(() => []);
    if (shown) expect((await sharp(shown.bytes).ensureAlpha().stats()).channels[3]?.max).toBe(0);
  });
});

describe('PDF files', () => {
  test('with pages as large as fields are not drawn', async () => {
    const text = pdf('x').bytes.toString().replace('[0 0 216 144]', '[0 0 14400 14400]');
    const field = { name: 'field.pdf', bytes: Buffer.from(text) };
    await expect(converting.convert('image/png', [field], { dpi: 1200 })).rejects.toMatchObject(
      told(/larger than pictures may be/),
    );
  });

  test('with pages that contain themselves, or lie about their number, fail or end', async () => {
    const text = pdf('x').bytes.toString();
    for (const [found, put] of [
      ['/Kids [4 0 R] /Count 1', '/Kids [2 0 R] /Count 1'],
      ['/Kids [4 0 R] /Count 1', '/Kids [4 0 R] /Count 999999999'],
      ['/Contents 5 0 R', '/Contents 4 0 R'],
    ] as const) {
      const bytes = Buffer.from(text.replace(found, put));
      const settings = { conversionTimeout: 10_000 };
      const outcome: unknown = await converting
        .convert('operation/thumbnail', [{ name: 'liar.pdf', bytes }], {}, { settings })
        .catch((error) => error);
      if (!Array.isArray(outcome)) expect(outcome).toMatchObject({ name: 'ConversionFailed' });
    }
  });
});

/** Command lines of processes that have to do with the folder of these tests. */
const ours = async (): Promise<string[]> => {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(converting.root));
};

const needsOffice = lacking('soffice', ['--version'], 'LibreOffice (libreoffice-writer-nogui, libreoffice-calc-nogui)');
const needsFfmpeg = lacking('ffmpeg', ['-version'], 'ffmpeg');
const needsPoppler = lacking('pdftotext', ['-v'], 'poppler-utils');
const needsGhostscript = lacking('gs', ['--version'], 'Ghostscript');

describeWith('office documents of strangers', needsOffice ?? needsPoppler, () => {
  test('read no files and call nobody', async () => {
    const calls: string[] = [];
    const server = createServer((request, answer) => {
      calls.push(request.url ?? '');
      answer.end('secret from afar');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
    const file = join(converting.root, 'secret.txt');
    await writeFile(file, 'secret from here');

    const fields = [`INCLUDETEXT "${file}"`, `INCLUDETEXT "${url}"`, `INCLUDEPICTURE "${url}"`].map(
      (field) => `<w:p><w:fldSimple w:instr=' ${field} '><w:r><w:t>-</w:t></w:r></w:fldSimple></w:p>`,
    );
    const section = (href: string) =>
      `<text:section text:name="s${href.length}"><text:section-source xlink:href="${href}" text:filter-name="Text"/><text:p>-</text:p></text:section>`;
    const flat = `<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>Dear readers</text:p>${section(`file://${file}`)}${section(url)}</office:text></office:body></office:document>`;
    const html = `<html><body><p>Dear readers</p><img src="${url}"><iframe src="file://${file}"></iframe><object data="file://${file}" type="text/plain"></object></body></html>`;
    const samples: Sample[] = [
      await docx('Dear readers', fields.join('')),
      { name: 'letter.fodt', bytes: Buffer.from(flat) },
      { name: 'letter.html', bytes: Buffer.from(html) },
      { name: 'table.csv', bytes: Buffer.from(`Dear readers,"=WEBSERVICE(""${url}"")"\n`) },
    ];
    try {
      for (const sample of samples) {
        const { path } = await converting.convertOne('document/pdf', [sample]);
        const text = await output('pdftotext', [path, '-']);
        expect(text).toContain('Dear readers');
        expect(text).not.toContain('secret');
      }
      if (confined.network) expect(calls).toEqual([]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test.skipIf(!confined.memory)('that grow when they are unpacked fail', async () => {
    const bomb = await docx('x', '<w:p><w:r><w:t>bomb</w:t></w:r></w:p>'.repeat(2_000_000));
    expect(bomb.bytes.length).toBeLessThan(1e6);
    const settings = { conversionMemory: 400 * 2 ** 20, conversionTimeout: 60_000 };
    await expect(converting.convert('document/pdf', [bomb], {}, { settings })).rejects.toMatchObject({
      name: 'ConversionFailed',
    });
  });

  test('that are broken, or are called like a command, fail or end', async () => {
    const broken = { name: 'broken.docx', bytes: Buffer.from('PK\x03\x04 nothing') };
    await expect(converting.convert('document/pdf', [broken])).rejects.toMatchObject({ name: 'ConversionFailed' });
    const { bytes } = await docx('Dear readers');
    const odd = await converting.convertOne('document/pdf', [{ name: '--help $(touch x) %20;"\'.docx', bytes }]);
    expect(await output('pdftotext', [odd.path, '-'])).toContain('Dear readers');
  });

  test('are let go of in the middle, with all that works on them', async () => {
    const stop = new AbortController();
    const running = converting.convert('document/pdf', [await docx('x')], {}, { signal: stop.signal });
    const ended = expect(running).rejects.toThrow('cancelled');
    for (let i = 0; i < 1000 && !(await ours()).some((line) => line.includes('soffice.bin')); i += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort(new Error('cancelled'));
    await ended;
    expect(await ours()).toEqual([]);
  });
});

describeWith('sound and video of strangers', needsFfmpeg, () => {
  test('are no lists of other files', async () => {
    const file = join(converting.root, 'tone.wav');
    await writeFile(file, tone().bytes);
    const lists = [
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://${file}\n#EXT-X-ENDLIST\n`,
      `ffconcat version 1.0\nfile ${file}\n`,
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>file://${file}</BaseURL></MPD>`,
    ];
    for (const list of lists)
      for (const name of ['list.mp4', 'list.m3u8'])
        await expect(converting.convert('audio/wav', [{ name, bytes: Buffer.from(list) }])).rejects.toMatchObject({
          name: 'ConversionFailed',
        });
  });

  test('that take too long are ended', async () => {
    const file = join(converting.root, 'long.wav');
    await output('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=440:sample_rate=48000',
      '-t',
      '600',
      '-y',
      file,
    ]);
    const long = { name: 'long.wav', bytes: await readFile(file) };
    const settings = { conversionTimeout: 1000 };
    await expect(converting.convert('audio/ogg', [long], {}, { settings })).rejects.toMatchObject(told(/too long/));
    expect(await ours()).toEqual([]);
  });

  test('that become too large are ended', async () => {
    const settings = { conversionDisk: 10_000 };
    if (confined.memory)
      await expect(converting.convert('audio/wav', [tone()], {}, { settings })).rejects.toMatchObject(
        told(/more than it may/),
      );
  });

  test('may be called like patterns and options', async () => {
    const { bytes } = tone();
    for (const name of ['-y', '%d.wav', 'a:b,c;d.wav', "it's [odd].wav"])
      expect(await converting.convert('audio/flac', [{ name, bytes }])).toHaveLength(1);
  });
});

describeWith('PDF files that are programs, too', needsGhostscript ?? needsPoppler, () => {
  test('read and write nothing of this machine', async () => {
    const secret = join(converting.root, 'secret.txt');
    const written = join(converting.root, 'written.txt');
    await writeFile(secret, 'secret from here');
    const draw = (text: string) => `/Helvetica findfont 12 scalefont setfont 20 20 moveto ${text} show showpage`;
    const programs = [
      draw(`(${secret}) (r) file 100 string readstring pop`),
      `(${written}) (w) file dup (x) writestring closefile ${draw('(x)')}`,
      `(%pipe%touch ${written}) (w) file closefile ${draw('(x)')}`,
    ];
    for (const program of programs)
      for (const [what, options] of [
        ['operation/compress', {}],
        ['document/pdf', { pdf_a: true }],
      ] as const) {
        const bytes = Buffer.concat([Buffer.from(`%!PS\n${program}\n`), pdf('Dear readers').bytes]);
        const made = await converting.convert(what, [{ name: 'both.pdf', bytes }], options).catch((error) => {
          expect(error).toMatchObject({ name: 'ConversionFailed' });
          expect(String(error)).not.toContain('secret from here');
          return [];
        });
        for (const { path } of made) expect(await output('pdftotext', [path, '-'])).not.toContain('secret');
      }
    expect(await readdir(converting.root)).not.toContain('written.txt');
  });
});

describeWith('PDF files with a password', needsGhostscript, () => {
  test('are opened with it alone', async () => {
    const plain = join(converting.root, 'plain.pdf');
    const locked = join(converting.root, 'locked.pdf');
    await writeFile(plain, pdf('Dear readers').bytes);
    await output('gs', [
      '-q',
      '-dBATCH',
      '-dNOPAUSE',
      '-sDEVICE=pdfwrite',
      '-sUserPassword=open',
      '-sOwnerPassword=own',
      '-dEncryptionR=3',
      '-dKeyLength=128',
      `-sOutputFile=${locked}`,
      plain,
    ]);
    const sample = { name: 'locked.pdf', bytes: await readFile(locked) };
    await expect(converting.convert('document/txt', [sample])).rejects.toMatchObject(told(/wants a password/));
    await expect(converting.convert('document/txt', [sample], {}, { password: 'wrong' })).rejects.toMatchObject(
      told(/wants a password/),
    );
    const { bytes } = await converting.convertOne('document/txt', [sample], {}, { password: 'open' });
    expect(bytes.toString()).toContain('Dear readers');
  });
});
