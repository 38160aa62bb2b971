/*
 * What the process that draws a page for the screen is told. All of it is JSON, so this is a type and no interface.
 */
export type PageTask = {
  /** A path: a fax, as a TIFF of several pages. */
  path: string;
  /** A path: where the picture is to be written, as PNG. */
  target: string;
  /** From 0 on. */
  page: number;
  /** Pixels of the picture. */
  width: number;
  height: number;
  /** The page was turned by a quarter, clockwise, and is to be read. */
  turned: boolean;
};
