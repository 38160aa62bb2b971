import type { Rendering } from '../faxes/fax.js';
import type { RenderReason } from './failure.js';
import type { Header } from './header.js';
import type { Fit } from './placing.js';
import type { Sheet } from './sheet.js';

/** Programs that draw what this one does not: a path each, or null where it is not there. */
export interface Programs {
  readonly libreOffice: string | null;
  readonly ghostscript: string | null;
}

/** What the process that renders is told. */
export interface RenderTask {
  /** A folder of its own, which is removed afterwards. */
  readonly folder: string;
  readonly documents: readonly {
    /** A path in the folder. */
    readonly path: string;
    /** A file's ending, lower case: `pdf`. */
    readonly type: string;
  }[];
  /** A path in the folder: where the fax is to be written. */
  readonly target: string;
  readonly sheet: Sheet;
  readonly rendering: Rendering;
  readonly fit: Fit;
  readonly header: Header;
  readonly mostPages: number;
  readonly programs: Programs;
  /** Memory that the process may take, with those it starts, in bytes. */
  readonly memory: number;
  /** Bytes that may lie in the folder. */
  readonly disk: number;
}

/** What it answers. */
export type RenderAnswer =
  | { readonly kind: 'done'; readonly pages: number }
  | { readonly kind: 'failed'; readonly reason: RenderReason; readonly message: string };
