import { open } from 'node:fs/promises';
import type { Sharp, SharpOptions } from 'sharp';

/** An image on its way through the decoder, which is loaded with the first: its 30 MB are not for servers without pictures. */
const decoding = async (source: string | Buffer, options?: SharpOptions): Promise<Sharp> => {
  const { default: sharp } = await import('sharp');
  return sharp(source, options);
};

/** Longest side of a thumbnail, in pixels (specs/brightsign.md §A12). */
const longestSide = 256;
/** Most pixels of an image that is decoded. */
const mostPixels = 100_000_000;
const patience = 20;

/** How the formats that we decode begin: no others reach the decoder, so that no text is taken for a drawing. */
const beginnings: readonly RegExp[] = [
  /^\xff\xd8\xff/, // JPEG
  /^\x89PNG\r\n\x1a\n/,
  /^GIF8[79]a/,
  /^RIFF....WEBP/s,
  /^(?:II\*\0|MM\0\*)/, // TIFF
];

/** Does a file begin like an image that we decode? */
export const isPicture = async (path: string): Promise<boolean> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    const head = buffer.subarray(0, bytesRead).toString('latin1');
    return beginnings.some((beginning) => beginning.test(head));
  } finally {
    await file.close();
  }
};

/**
 * A JPEG of the image in a file, at most 256 pixels wide and high. Throws for an image that is broken, has more than a
 * hundred million pixels, or takes more than 20 s.
 */
export const shrink = async (path: string): Promise<Buffer> => {
  const options = { limitInputPixels: mostPixels, sequentialRead: true, failOn: 'error', pages: 1 } as const;
  const picture = await decoding(path, options);
  return picture
    .timeout({ seconds: patience })
    .autoOrient()
    .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 80 })
    .toBuffer();
};

const card = `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="144">
<rect width="256" height="144" fill="#f2f4f7"/><rect width="256" height="20" fill="#4b5768"/>
<circle cx="12" cy="10" r="4" fill="#f2f4f7"/><circle cx="26" cy="10" r="4" fill="#f2f4f7"/><circle cx="40" cy="10" r="4" fill="#f2f4f7"/>
<rect x="16" y="34" width="150" height="14" fill="#b6c0ce"/><rect x="16" y="58" width="96" height="70" fill="#d5dbe4"/>
<rect x="124" y="58" width="116" height="8" fill="#d5dbe4"/><rect x="124" y="76" width="116" height="8" fill="#d5dbe4"/>
<rect x="124" y="94" width="80" height="8" fill="#d5dbe4"/></svg>`;

/** The plain card that stands for web pages, which nobody renders here: a PNG. */
export const drawCard = async (): Promise<Buffer> => {
  const drawing = await decoding(Buffer.from(card));
  return drawing.png().toBuffer();
};
