/** A picture in greys: a byte a pixel, row by row, 0 black to 255 white. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A white picture. */
export const blank = (width: number, height: number): Raster => ({
  width,
  height,
  data: new Uint8Array(width * height).fill(255),
});

/** Lays `picture` over `ground` with its corner at `x`, `y`; what hangs over the edge is cut off. */
export const lay = (ground: Raster, picture: Raster, x: number, y: number): void => {
  const width = Math.min(picture.width, ground.width - x);
  const height = Math.min(picture.height, ground.height - y);
  for (let row = 0; row < height; row += 1) {
    const from = row * picture.width;
    ground.data.set(picture.data.subarray(from, from + width), (y + row) * ground.width + x);
  }
};

/** Turned by a quarter, clockwise: the first row becomes the last column. */
export const turned = ({ width, height, data }: Raster): Raster => {
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) result[x * height + (height - 1 - y)] = data[y * width + x] ?? 255;
  }
  return { width: height, height: width, data: result };
};
