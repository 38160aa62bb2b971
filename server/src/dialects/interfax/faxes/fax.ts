import type { Status } from './statuses.js';

export const pageSizes = ['A4', 'Letter', 'Legal', 'B4'] as const;
export type PageSize = (typeof pageSizes)[number];

export const orientations = ['Portrait', 'Landscape'] as const;
export type Orientation = (typeof orientations)[number];

export const resolutions = ['Standard', 'Fine'] as const;
/** `Standard`: 204 × 98 dpi. `Fine`: 204 × 196. */
export type Resolution = (typeof resolutions)[number];

export const renderings = ['Greyscale', 'BlackAndWhite'] as const;
/** `Greyscale`: greys are dithered. `BlackAndWhite`: a threshold parts them. */
export type Rendering = (typeof renderings)[number];

/** A stretch of an object's bytes that is a document: read it with `engine.readObject(object, { start: offset, … })`. */
export interface FaxDocument {
  /** The name of an engine's object. */
  readonly object: string;
  /** In bytes. */
  readonly offset: number;
  readonly length: number;
  /** A file's ending, lower case, of those in `file-types.ts`: `pdf`. */
  readonly type: string;
}

/** How a fax is to look, and what goes with it; the same for all of a batch. */
export interface FaxSettings {
  /** The sender's id, at most 20 characters. */
  readonly csid: string;
  /** The line above each page, with placeholders (`{To}`, `{From}`, `{TotalPages}` …); empty: none. */
  readonly pageHeader: string;
  readonly jobId: string;
  /** At most 60 characters; for reference alone. */
  readonly subject: string;
  /** E-mail addresses. Kept and told; nothing is sent there. */
  readonly replyAddress: string;
  readonly pageSize: PageSize;
  readonly orientation: Orientation;
  readonly resolution: Resolution;
  readonly rendering: Rendering;
  /** Are documents scaled to the page? */
  readonly fitToPage: boolean;
  /** Most attempts at a transmission, at least 1. */
  readonly attempts: number;
}

/** Who is to get a fax. */
export interface Recipient {
  /** Canonical: `0044` and the rest for `+44 …`; short numbers, as of extensions, as they are. */
  readonly number: string;
  /** A name; may be empty. */
  readonly contact: string;
}

/** A fax that was rendered: a multi-page TIFF. */
export interface FaxImage {
  /** The name of an engine's object. */
  readonly object: string;
  /** Bytes. */
  readonly size: number;
  readonly pages: number;
}

/** How far a fax has come. */
export interface FaxProgress {
  readonly status: Status;
  /** Is it on the line right now? It cannot be cancelled then. */
  readonly onLine: boolean;
  /** Pages of the documents, once they are rendered. */
  readonly pagesSubmitted: number;
  readonly pagesSent: number;
  /** Attempts made. */
  readonly attemptsMade: number;
  /** Seconds on the line. */
  readonly duration: number;
  /** What the other machine calls itself. */
  readonly remoteCsid: string;
  /** What the transport calls it (a HylaFAX job), to find it again after a restart. */
  readonly transportId: string;
}

/** One fax to one number: everything that rendering and delivering it need, and how far it has come. */
export interface Fax extends FaxProgress {
  /** The transaction id: 1 to 999,999,998. */
  readonly id: number;
  /** The id of its batch's first fax; its own where it is alone. */
  readonly parent: number;
  /** How many faxes its batch was made with. */
  readonly batchSize: number;
  /** The account's name. */
  readonly owner: string;
  readonly recipient: Recipient;
  readonly settings: FaxSettings;
  /** In the order of the pages. Empty when their time is over. */
  readonly documents: readonly FaxDocument[];
  /** The documents as pages, upright, which its batch was rendered to; with a header only where all its faxes have the same. */
  readonly batchPages: FaxImage | null;
  /** ms since 1970. */
  readonly submittedAt: number;
  /** Not to be sent before; null: at once. */
  readonly postponedTo: number | null;
  readonly completedAt: number | null;
  readonly image: FaxImage | null;
  readonly hidden: boolean;
  /** The job that does it. */
  readonly job: string;
}
