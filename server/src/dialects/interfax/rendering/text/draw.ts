import sharp from 'sharp';
import type { Raster } from '../raster.js';
import type { Grid } from '../sheet.js';
import type { Frame, TextPage } from './flow.js';
import { faces } from './font.js';

const pointsAnInch = 72;

/** 0.6 inches: what a modem or a receiver may cut off, and room for the header. */
const margin = 43;

/** The room that text has on a canvas. */
export const frameOf = ({ width, height, xDensity, yDensity }: Grid): Frame => ({
  width: (width / xDensity) * pointsAnInch,
  height: (height / yDensity) * pointsAnInch,
  margin,
});

/** As text of XML: characters that XML cannot hold become a sign that says so. */
const escaped = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

/** Draws a page of text over the whole of a canvas; `frame` is how large the page is in points. */
export const drawText = async (
  page: TextPage,
  frame: Pick<Frame, 'width' | 'height'>,
  canvas: Grid,
): Promise<Raster> => {
  const { width, height } = canvas;
  const texts = page.texts.map(({ text, face, size, x, y }) => {
    const { family, weight } = faces[face];
    const style = `font-family="${family}" font-weight="${weight}" font-size="${size}"`;
    return `<text x="${x.toFixed(2)}" y="${y.toFixed(2)}" ${style} xml:space="preserve">${escaped(text)}</text>`;
  });
  const rules = page.rules.map(({ x, y, width: wide }) => `<rect x="${x}" y="${y}" width="${wide}" height="0.7"/>`);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${frame.width} ${frame.height}" preserveAspectRatio="none">${texts.join('')}${rules.join('')}</svg>`;
  const data = await sharp(Buffer.from(svg), { limitInputPixels: width * height })
    .flatten({ background: '#fff' })
    .toColourspace('b-w')
    .extractChannel(0)
    .raw()
    .toBuffer();
  return { width, height, data };
};
