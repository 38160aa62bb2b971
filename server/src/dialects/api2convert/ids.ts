import { hyphenated, newDigits, newUuid as newPlainUuid } from '../../kit/guids.js';
import type { Ids } from '../../kit/ids.js';

/** A new UUID that nobody can guess: a job's id protects its downloads (specs/api2convert.md §4). */
export const newUuid = (ids: Ids): string => hyphenated(newPlainUuid(ids));

/** A new token of 32 hex digits. */
export const newToken = newDigits;

/** Can this be one of our UUIDs? Others are not looked up. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
