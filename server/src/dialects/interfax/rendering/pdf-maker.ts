/** Who makes a PDF file of documents that are not drawn here, with a program. */
export interface PdfMaker {
  /** Files' endings, lower case. */
  readonly types: readonly string[];
  /** Gives the path of the PDF file; that there is one is not promised. Throws what `run` throws. */
  toPdf(document: {
    readonly path: string;
    /** Where files may lie. */
    readonly folder: string;
    /** Runs the program to its end. */
    readonly run: (args: readonly string[]) => Promise<void>;
  }): Promise<string>;
}
