import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { ZipFile } from 'yazl';
import { output } from '../output.js';
import type { Sample } from './converting.js';

/** Files to convert, made here: none is kept in the repository. */

/** Red on the left, blue on the right. */
export const halves = async (width: number, height: number, format: 'png' | 'jpeg' | 'webp' | 'tiff' = 'png') => {
  const half = await sharp({ create: { width: Math.ceil(width / 2), height, channels: 3, background: '#00f' } })
    .png()
    .toBuffer();
  const picture = sharp({ create: { width, height, channels: 3, background: '#f00' } });
  const bytes = await picture
    .composite([{ input: half, gravity: 'east' }])
    .toFormat(format)
    .toBuffer();
  return { name: `halves.${format}`, bytes, type: `image/${format}` } satisfies Sample;
};

/** A page of 24 lines of black words, turned clockwise by so many degrees on white paper. */
export const writtenPage = async (degrees: number): Promise<Sample> => {
  const words = Array.from({ length: 24 }, (_, line) =>
    Array.from(
      { length: 9 },
      (_, word) =>
        `<rect x="${60 + word * 75}" y="${60 + line * 30}" width="${30 + ((line * 7 + word * 13) % 40)}" height="12"/>`,
    ).join(''),
  );
  const page = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="840"><rect width="800" height="840" fill="#fff"/>${words.join('')}</svg>`;
  const bytes = await sharp(Buffer.from(page)).rotate(degrees, { background: '#fff' }).png().toBuffer();
  return { name: 'page.png', bytes, type: 'image/png' };
};

/** An animation of three frames, each of one colour. */
export const animation = async (): Promise<Sample> => {
  const frames = await Promise.all(
    ['#f00', '#0f0', '#00f'].map((background) =>
      sharp({ create: { width: 40, height: 30, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const bytes = await sharp(frames, { join: { animated: true } })
    .gif({ delay: [100, 100, 100] })
    .toBuffer();
  return { name: 'three.gif', bytes, type: 'image/gif' };
};

/** A PDF file with a page of 3 by 2 inches for each text. */
export const pdf = (...texts: readonly string[]): Sample => {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${texts.map((_, index) => `${4 + index * 2} 0 R`).join(' ')}] /Count ${texts.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...texts.flatMap((text, index) => {
      const drawing = `BT /F1 18 Tf 20 70 Td (${text}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 216 144] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + index * 2} 0 R >>`,
        `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
      ];
    }),
  ];
  let text = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return { name: 'pages.pdf', bytes: Buffer.from(text), type: 'application/pdf' };
};

const zipped = (files: Readonly<Record<string, string>>): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  return buffer(zip.outputStream);
};

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006';

/** A document of Word with one paragraph; `more` is XML that comes behind it. */
export const docx = async (text: string, more = ''): Promise<Sample> => {
  const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  const bytes = await zipped({
    '[Content_Types].xml': `${xml}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${type}.main+xml"/></Types>`,
    '_rels/.rels': `${xml}<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${office}/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `${xml}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p>${more}</w:body></w:document>`,
  });
  return { name: 'letter.docx', bytes, type };
};

/** A second of a tone, as WAV: 16 bits, 8,000 samples a second, one channel. */
export const tone = (): Sample => {
  const rate = 8000;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + rate * 2, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(rate * 2, 40);
  const samples = Buffer.alloc(rate * 2);
  for (let i = 0; i < rate; i += 1) samples.writeInt16LE(Math.round(Math.sin(i * 0.35) * 12_000), i * 2);
  return { name: 'tone.wav', bytes: Buffer.concat([header, samples]), type: 'audio/wav' };
};

/** A second of video with sound, 64 by 48 pixels, made by ffmpeg in `folder`. */
export const clip = async (folder: string): Promise<Sample> => {
  const file = `${folder}/clip.mkv`;
  const sources = ['-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=10', '-f', 'lavfi', '-i', 'sine=frequency=440'];
  await output('ffmpeg', ['-v', 'error', ...sources, '-t', '1', '-c:v', 'mpeg4', '-c:a', 'pcm_s16le', '-y', file]);
  return { name: 'clip.mkv', bytes: await readFile(file), type: 'video/x-matroska' };
};
