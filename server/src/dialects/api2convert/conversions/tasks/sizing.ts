import type { PictureSize } from './task.js';

const inches = { inches: 1, cm: 1 / 2.54, mm: 1 / 25.4 } as const;

/** The box that a picture is to fill, in pixels. Throws where that is more pixels than there may be. */
export const boxOf = (
  size: PictureSize,
  picture: { readonly width: number; readonly height: number },
  { density, pixels }: { readonly density: number; readonly pixels: number },
): { width: number; height: number } => {
  const inPixels = (length: number, whole: number): number => {
    if (size.unit === 'px') return length;
    if (size.unit === 'perc') return (length / 100) * whole;
    return length * inches[size.unit] * density;
  };
  const ratio = size.ratio > 0 ? size.ratio : picture.width / picture.height;
  let width = inPixels(size.width, picture.width);
  let height = inPixels(size.height, picture.height);
  if (width === 0 && height === 0) width = picture.width;
  if (height === 0 || (size.ratio > 0 && width > 0)) height = width / ratio;
  else if (width === 0) width = height * ratio;
  if (size.onlySmaller && width > picture.width && height > picture.height) ({ width, height } = picture);
  const box = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
  if (box.width > 65_535 || box.height > 65_535 || box.width * box.height > pixels)
    throw new Error(`A picture of ${box.width} x ${box.height} pixels is larger than pictures may be here.`);
  return box;
};
