import type { Picture } from './top-table.js';

/** Where `longshore top` learns what goes on. */
export interface Source {
  /** Does it know which address bytes come from? */
  readonly withFrom: boolean;
  /** What goes on now. */
  look(): Promise<Picture>;
  /** Is asked twice, with some seconds between, before it knows how fast things go. */
  readonly learnsSpeed: boolean;
  close(): void;
}
