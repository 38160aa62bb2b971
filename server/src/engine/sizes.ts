import { Refusal } from './refusals.js';

const isCount = (number: number): boolean => Number.isSafeInteger(number) && number >= 0;

/** Refuses `malformed` for a size that is no number of bytes, and `too-large` for one beyond `limit`; null: no limit, or no size yet. */
export const needSize = (size: number | null, limit: number | null): void => {
  if (size === null) return;
  if (!isCount(size)) throw new Refusal('malformed', { reason: 'The size is not a number of bytes.' });
  if (limit !== null && size > limit) throw new Refusal('too-large', { limit, size });
};
