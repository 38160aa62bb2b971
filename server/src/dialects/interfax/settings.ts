import { type FaxSettings, type Orientation, orientations, type PageSize, pageSizes } from './faxes/fax.js';
import type { InterfaxOptions } from './options.js';

/** Most characters (specs/interfax.md §3). */
const longestCsid = 20;
const longestSubject = 60;
const mostAttempts = 99;

/** What a client may say of how a fax is to look; what is left out is as the options have it. */
export interface Wishes {
  readonly csid?: string;
  /** `Y` or empty: the usual line. `N`: none. */
  readonly pageHeader?: string;
  readonly jobId?: string;
  readonly subject?: string;
  readonly replyAddress?: string;
  readonly pageSize?: string;
  readonly orientation?: string;
  readonly isFine?: boolean;
  readonly isGreyscale?: boolean;
  readonly fitToPage?: boolean;
  /** 0 or less: as usual. */
  readonly attempts?: number;
}

const oneOf = <T extends string>(words: readonly T[], said: string | undefined, usual: T): T =>
  words.find((word) => word.toLowerCase() === said?.trim().toLowerCase()) ?? usual;

const headerOf = (said: string | undefined, usual: string): string => {
  const header = said?.trim() ?? '';
  if (header === '' || /^y$/i.test(header)) return usual;
  return /^n$/i.test(header) ? '' : header;
};

/** How a fax is to look: what was said, and the usual for the rest. Too long a text is cut, as it is for reference alone. */
export const settingsOf = (wishes: Wishes, options: InterfaxOptions): FaxSettings => ({
  csid: (wishes.csid?.trim() || options.csid).slice(0, longestCsid),
  pageHeader: headerOf(wishes.pageHeader, options.pageHeader),
  jobId: wishes.jobId ?? '',
  subject: (wishes.subject ?? '').slice(0, longestSubject),
  replyAddress: wishes.replyAddress ?? '',
  pageSize: oneOf<PageSize>(pageSizes, wishes.pageSize, options.pageSize),
  orientation: oneOf<Orientation>(orientations, wishes.orientation, 'Portrait'),
  resolution: wishes.isFine ? 'Fine' : 'Standard',
  rendering: wishes.isGreyscale ? 'Greyscale' : 'BlackAndWhite',
  fitToPage: wishes.fitToPage ?? true,
  attempts: wishes.attempts && wishes.attempts > 0 ? Math.min(mostAttempts, wishes.attempts) : options.attempts,
});
