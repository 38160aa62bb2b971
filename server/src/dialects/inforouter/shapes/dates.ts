import type { InfoRouterOptions } from '../options.js';

/** How dates are written in lists. */
export type DateForm = InfoRouterOptions['listDates'];

/** A moment (ms since 1970) as lists show it, in UTC: `2026-01-31`, or with the time; empty for none (specs/inforouter.md §6.4). */
export const listDate = (at: number | null, form: DateForm): string => {
  if (at === null) return '';
  const text = new Date(at).toISOString();
  return form === 'day' ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
};

/** A moment as versions show it: `2026-01-31T14:35:00.000Z`; empty for none. */
export const versionDate = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());
