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
  normalize: boolean;
  despeckle: boolean;
  sharpen: boolean;
  antialias: boolean;
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
  /** `pages`: numbers from 1 on; none: all. Each picture is told as it is made. */
  | (Place & { kind: 'pages'; spec: PictureSpec; pages: number[]; password: string })
  | (Place & { kind: 'picture-pdf'; spec: PictureSpec })
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
