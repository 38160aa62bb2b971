import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from './picture.js';

const pointsAnInch = 72;

/** Writes a PDF file of one page that a picture covers, in the size that its density tells. */
export const writePicturePdf = async (source: Source, folder: string): Promise<string> => {
  const { data, info } = await source
    .open()
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .jpeg({ quality: 90 })
    .toBuffer({ resolveWithObject: true });
  const width = ((info.width / source.density) * pointsAnInch).toFixed(2);
  const height = ((info.height / source.density) * pointsAnInch).toFixed(2);
  const drawing = `q ${width} 0 0 ${height} 0 0 cm /I Do Q`;
  const colours = info.channels === 1 ? '/DeviceGray' : '/DeviceRGB';
  const objects: Buffer[] = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    Buffer.from(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Resources << /XObject << /I 4 0 R >> >> /Contents 5 0 R >>`,
    ),
    Buffer.concat([
      Buffer.from(
        `<< /Type /XObject /Subtype /Image /Width ${info.width} /Height ${info.height} /ColorSpace ${colours} ` +
          `/BitsPerComponent 8 /Filter /DCTDecode /Length ${data.length} >>\nstream\n`,
      ),
      data,
      Buffer.from('\nendstream'),
    ]),
    Buffer.from(`<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`),
  ];
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  const places: number[] = [];
  let at = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    const whole = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    places.push(at);
    at += whole.length;
    parts.push(whole);
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  const path = join(folder, 'picture.pdf');
  await writeFile(path, Buffer.concat(parts));
  return path;
};
