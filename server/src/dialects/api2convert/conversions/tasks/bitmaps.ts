/** Formats that nobody else writes for us: pixels as they are, with a header. */

/** A picture of red, green, blue and alpha, a byte each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Rows of blue, green, red (and alpha), as Windows and Targa have it, each padded to a multiple of `align` bytes. */
const rows = (
  { width, height, data }: Pixels,
  { alpha, bottomUp, align }: { alpha: boolean; bottomUp: boolean; align: number },
): Buffer => {
  const step = alpha ? 4 : 3;
  const stride = Math.ceil((width * step) / align) * align;
  const result = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    let to = (bottomUp ? height - 1 - y : y) * stride;
    for (let from = y * width * 4; from < (y + 1) * width * 4; from += 4) {
      result[to] = data[from + 2] ?? 0;
      result[to + 1] = data[from + 1] ?? 0;
      result[to + 2] = data[from] ?? 0;
      if (alpha) result[to + 3] = data[from + 3] ?? 0;
      to += step;
    }
  }
  return result;
};

/** A Windows bitmap of 24 bits a pixel. */
export const toBmp = (picture: Pixels, dpi: number): Buffer => {
  const body = rows(picture, { alpha: false, bottomUp: true, align: 4 });
  const header = Buffer.alloc(54);
  header.write('BM', 0, 'latin1');
  header.writeUInt32LE(header.length + body.length, 2);
  header.writeUInt32LE(header.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(picture.width, 18);
  header.writeInt32LE(picture.height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  header.writeUInt32LE(body.length, 34);
  const perMetre = Math.round((dpi || 72) / 0.0254);
  header.writeInt32LE(perMetre, 38);
  header.writeInt32LE(perMetre, 42);
  return Buffer.concat([header, body]);
};

/** A Targa picture of 32 bits a pixel, the first row on top. */
export const toTga = (picture: Pixels): Buffer => {
  if (picture.width > 0xffff || picture.height > 0xffff)
    throw new Error('A Targa picture has at most 65535 pixels a side.');
  const header = Buffer.alloc(18);
  header[2] = 2;
  header.writeUInt16LE(picture.width, 12);
  header.writeUInt16LE(picture.height, 14);
  header[16] = 32;
  // Eight bits of alpha; rows from top to bottom.
  header[17] = 0x28;
  return Buffer.concat([header, rows(picture, { alpha: true, bottomUp: false, align: 1 })]);
};

/** An icon of one picture, given as PNG. */
export const toIco = (png: Buffer, { width, height }: { width: number; height: number }): Buffer => {
  if (width > 256 || height > 256) throw new Error('An icon has at most 256 pixels a side.');
  const header = Buffer.alloc(22);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(1, 4);
  // 0 stands for 256.
  header[6] = width % 256;
  header[7] = height % 256;
  header.writeUInt16LE(1, 10);
  header.writeUInt16LE(32, 12);
  header.writeUInt32LE(png.length, 14);
  header.writeUInt32LE(header.length, 18);
  return Buffer.concat([header, png]);
};
