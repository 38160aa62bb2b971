import type { Rendering } from '../faxes/fax.js';
import type { RenderReason } from './failure.js';
import type { Header } from './header.js';
import type { Fit } from './placing.js';
import type { Sheet } from './sheet.js';

/*
 * What the process that renders is told, and what it answers. All of it is JSON, so these are types and no interfaces.
 */

/** A document that is drawn without the help of another program. */
export type Drawable = {
  /** A path. */
  path: string;
  /** A file's ending, lower case: `pdf`. */
  type: string;
};

/** What is to be rendered. */
export type RenderTask = {
  documents: Drawable[];
  /** A path: where the fax is to be written. */
  target: string;
  sheet: Sheet;
  rendering: Rendering;
  fit: Fit;
  header: Header;
  mostPages: number;
};

/** How that came out, unless it was our fault. */
export type RenderAnswer = { kind: 'done'; pages: number } | { kind: 'failed'; reason: RenderReason; message: string };
