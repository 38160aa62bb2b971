/*
 * What the process that draws a PDF file's first page is told. All of it is JSON, so this is a type and no interface.
 */
export type PdfTask = {
  /** A path: the PDF file. */
  path: string;
  /** A path: where the picture is to be written, as PNG. */
  target: string;
  /** The picture is to be as large as fits in here, in pixels. */
  width: number;
  height: number;
};
