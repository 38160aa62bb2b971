import type { Staged } from '../../engine/verbs.js';
import type { Host } from '../dialect.js';

/** What a request may leave behind, to be cleared away when it ends. */
export interface Leavings {
  /** Drops these bytes when the request ends, unless they were accepted. */
  dropLater(staged: Staged): void;
  /** Cancels this upload when the request ends, unless it was finished. */
  cancelLater(upload: string): void;
  /** Does what was put off to the end of the request. */
  leave(): Promise<void>;
}

/** Opens the leavings of one request. */
export const openLeavings = ({ engine }: Pick<Host, 'engine'>): Leavings => {
  const staged: Staged[] = [];
  const uploads: string[] = [];
  return {
    dropLater: (chunk) => staged.push(chunk),
    cancelLater: (upload) => uploads.push(upload),
    leave: async () => {
      for (const chunk of staged) await engine.discard(chunk);
      for (const id of uploads) {
        const upload = await engine.find(id);
        if (upload?.state === 'open' || upload?.state === 'sealed') await engine.cancel(id);
      }
    },
  };
};
