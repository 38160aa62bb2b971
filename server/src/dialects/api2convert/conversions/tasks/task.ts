/*
 * What the process that touches strange pictures and PDF files is told, and what it answers. All of it is JSON, so these are
 * types and no interfaces.
 */

/** Formats in which pictures are written. */
export type PictureFormat = 'png' | 'jpg' | 'webp' | 'avif' | 'gif' | 'tiff' | 'bmp' | 'ico' | 'tga';

/**
 * How a picture comes to fill a box of another shape: `inside` keeps to the smaller side and leaves nothing over; `crop` cuts off
 * what hangs over; `stretch` distorts; the others lay it on a ground.
 */
export type Handling = 'inside' | 'crop' | 'stretch' | 'black' | 'white' | 'transparent' | 'blurred';

/** How colours change; `1980` and `1900` are like photographs of that time. */
export type Colouring = 'colored' | 'gray' | 'monochrome' | 'negate' | '1980' | '1900';

export type PictureSize = {
  /** In `unit`s; 0 follows from the other one and the picture's shape. */
  width: number;
  height: number;
  unit: 'px' | 'perc' | 'inches' | 'cm' | 'mm';
  handling: Handling;
  /** Width by height; 0: as width and height say. */
  ratio: number;
  /** Smaller pictures stay as they are. */
  onlySmaller: boolean;
};

/** How a picture is made from another. */
export type PictureSpec = {
  /** `same`: as the input, where that can be written; else PNG. */
  format: PictureFormat | 'same';
  size: PictureSize | null;
  /** 1 to 100; 0: as is usual for the format. */
  quality: number;
  /** Pixels an inch that the file tells, and in which drawings and pages are drawn; 0: as the input, or as is usual. */
  dpi: number;
  colouring: Colouring;
  enhance: boolean;
  equalize: boolean;
  deskew: boolean;
  normalize: boolean;
  despeckle: boolean;
  sharpen: boolean;
  antialias: boolean;
};

/** Stands for the last page of a document. */
export const lastPage = -1;

/** Pages from 1 on, the last one included. */
export type PageRange = [first: number, last: number];

/** Where on a page a stamp is put. */
export const alignments = [
  'top_left',
  'top',
  'top_right',
  'left',
  'center',
  'right',
  'bottom_left',
  'bottom',
  'bottom_right',
] as const;

export type Alignment = (typeof alignments)[number];

/** What is measured of two pictures (specs/api2convert.md §6): `ae` counts pixels, `psnr` is in dB, the others are parts of 1. */
export const methods = ['ae', 'mae', 'ncc', 'psnr', 'rmse', 'ssim'] as const;

/** How two pictures are compared. */
export type Comparison = {
  method: (typeof methods)[number];
  /** Percent of the whole range by which a colour may differ in a pixel that counts as the same. */
  threshold: number;
  /** Red, green and blue of pixels that differ. */
  colour: [number, number, number];
};

/** Where a task finds things, and how much it may make of them. */
type Place = {
  input: string;
  /** Outputs are written here. */
  folder: string;
  /** Pixels of all frames of a picture. */
  pixels: number;
};

export type Task =
  | (Place & { kind: 'picture'; spec: PictureSpec })
  /** `pages`: none for all. Each picture is told as it is made. */
  | (Place & { kind: 'pages'; spec: PictureSpec; pages: PageRange[]; password: string })
  | (Place & { kind: 'compare'; other: string; comparison: Comparison })
  | (Place & { kind: 'picture-pdf'; spec: PictureSpec })
  /** Programs for Ghostscript: with a picture as a stamp for pages, or with what PDF/A wants. */
  | (Place & { kind: 'stamp'; alignment: Alignment })
  | (Place & { kind: 'intent' })
  | (Place & { kind: 'text'; password: string })
  | (Place & { kind: 'picture-facts' })
  | (Place & { kind: 'pdf-facts'; password: string });

/** A picture that was made. */
export type Made = {
  path: string;
  format: PictureFormat;
  width: number;
  height: number;
  /** From 1 on, of `pages`. */
  page: number;
  pages: number;
};

/** Two pictures that were compared. */
export type Compared = {
  /** A picture that shows where they differ. */
  path: string;
  /** By the method that was asked for; null where it is infinite. */
  value: number | null;
  /** Pixels that differ. */
  different: number;
  /** Of the first one; the second was brought to the same size. */
  width: number;
  height: number;
  otherWidth: number;
  otherHeight: number;
};
