import type { Limits } from '../../../services/programs/limits.js';

/** Where a thumbnail is drawn: a folder of its own, in which the content lies as `content` and the drawing is left as `thumbnail`. */
export interface Desk {
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Names of files in that folder, in which the programs that draw run. */
export const contentName = 'content';
export const thumbnailName = 'thumbnail';

/** Longest side of a thumbnail, in pixels (specs/brightsign.md §A12). */
export const longestSide = 256;

/**
 * What may be used to draw one thumbnail: enough for an image of a hundred million pixels that must be decoded whole, and for a
 * frame of 8K video.
 */
export const limits: Limits = { memory: 2 ** 30, time: 60_000, disk: 2 ** 30 };
