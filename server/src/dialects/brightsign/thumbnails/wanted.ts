import type { Facts } from '../../../engine/ports.js';
import type { File } from '../../../services/catalog/catalog.js';
import { newest } from '../../../services/catalog/versions.js';
import type { Host } from '../../dialect.js';
import { kindOfFile } from '../facts.js';

/** The word for our jobs in the queue. */
export const thumbnailJob = 'brightsign-thumbnail';

/** What is to be made: of which content, and of which of its bytes. */
export interface ThumbnailInput {
  readonly contentId: number;
  readonly object: string;
}

/** Kinds of content that have a thumbnail (specs/brightsign.md §A12). */
const shown: ReadonlySet<string> = new Set(['Image', 'Video', 'WebPage']);

/** Has a thumbnail made of a content, if it is of a kind that has one; once this transaction is committed. */
export const wantThumbnail = ({ jobs }: Pick<Host, 'jobs'>, facts: Facts, file: File): void => {
  if (!shown.has(kindOfFile(file))) return;
  const input = { contentId: file.id, object: newest(file).object } satisfies ThumbnailInput;
  jobs.add(facts, { kind: thumbnailJob, input, maxAttempts: 2 });
};
