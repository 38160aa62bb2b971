import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Source } from './picture.js';
import type { Alignment } from './task.js';

/*
 * Programs in PostScript that Ghostscript runs before it writes a PDF file anew.
 */

/** Bytes as a stream that can be read again and again, under a name. */
const stream = (name: string, bytes: Buffer): string =>
  `/${name} currentfile /ASCIIHexDecode filter /ReusableStreamDecode filter\n${bytes.toString('hex').replace(/.{200}/g, '$&\n')}>\ndef\n`;

/** Pixels of a stamp's longer side at most: enough to be printed on the width of a page. */
const finest = 1200;
const pointsAnInch = 72;

/** How far from the left and from below, as parts of what is free. */
const places: Readonly<Record<Alignment, readonly [across: number, up: number]>> = {
  top_left: [0, 1],
  top: [0.5, 1],
  top_right: [1, 1],
  left: [0, 0.5],
  center: [0.5, 0.5],
  right: [1, 0.5],
  bottom_left: [0, 0],
  bottom: [0.5, 0],
  bottom_right: [1, 0],
};

/**
 * Writes a program that has a picture drawn on every page, over what is there: in the size that its density tells, made smaller where the page
 * is. It is kept once in the file, however many pages there are.
 */
export const writeStamp = async (source: Source, alignment: Alignment, folder: string): Promise<string> => {
  const { data, info } = await source
    .open()
    .resize({ width: finest, height: finest, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const picture = sharp(data, { raw: { width, height, channels: 4 } });
  const colours = await picture.clone().removeAlpha().raw().toBuffer();
  const alpha = await picture.clone().extractChannel('alpha').raw().toBuffer();
  const [wide, high] = [source.width, source.height].map((side) => (side / source.density) * pointsAnInch);
  const [across, up] = places[alignment];
  const image = `/ImageType 1 /Width ${width} /Height ${height} /BitsPerComponent 8 /ImageMatrix [${width} 0 0 -${height} 0 ${height}]`;
  const program = `%!PS
${stream('Colours', colours)}${stream('Alpha', alpha)}/Stamp << /FormType 1 /BBox [0 0 1 1] /Matrix [1 0 0 1 0 0] /PaintProc { pop
  Colours 0 setfileposition Alpha 0 setfileposition
  /DeviceRGB setcolorspace
  << /ImageType 103 /InterleaveType 3
    /DataDict << ${image} /Decode [0 1 0 1 0 1] /DataSource Colours >>
    /OpacityMaskDict << ${image} /Decode [0 1] /InterleaveType 3 /DataSource Alpha >>
  >> .image3x
} >> def
<< /EndPage { exch pop 2 ne dup {
  gsave initmatrix initclip clippath pathbbox newpath
  2 index sub /High exch def 2 index sub /Wide exch def /Low exch def /Left exch def
  1 Wide ${wide} div 2 copy gt { exch } if pop High ${high} div 2 copy gt { exch } if pop /Scale exch def
  Left Wide ${wide} Scale mul sub ${across} mul add Low High ${high} Scale mul sub ${up} mul add translate
  ${wide} Scale mul ${high} Scale mul scale
  Stamp execform
  grestore
} if } >> setpagedevice
`;
  const path = join(folder, 'stamp.ps');
  await writeFile(path, program);
  return path;
};

/** Writes a program that says of a PDF/A file what its colours mean: sRGB (ISO 19005-2, 6.2.3). */
export const writeIntent = async (folder: string): Promise<string> => {
  const white = sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } });
  const { icc } = await sharp(await white.withIccProfile('srgb').png().toBuffer()).metadata();
  if (!icc) throw new Error('There is no colour profile.');
  const path = join(folder, 'intent.ps');
  await writeFile(
    path,
    `%!PS
${stream('Profile', icc)}[ /_objdef {Profile} /type /stream /OBJ pdfmark
[ {Profile} << /N 3 >> /PUT pdfmark
[ {Profile} Profile /PUT pdfmark
[ /_objdef {Intent} /type /dict /OBJ pdfmark
[ {Intent} << /Type /OutputIntent /S /GTS_PDFA1 /DestOutputProfile {Profile} /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) >> /PUT pdfmark
[ {Catalog} << /OutputIntents [ {Intent} ] >> /PUT pdfmark
`,
  );
  return path;
};
