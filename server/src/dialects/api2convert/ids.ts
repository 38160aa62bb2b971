import { createHash } from 'node:crypto';
import type { Ids } from '../../kit/ids.js';

/** 32 hex digits of an id's random bits, never told together with it. */
const digits = (ids: Ids): string => createHash('sha256').update(ids.next()).digest('hex').slice(0, 32);

/** A new UUID (version 4) that nobody can guess: a job's id protects its downloads (specs/api2convert.md §4). */
export const newUuid = (ids: Ids): string => {
  const hex = digits(ids);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20)].join(
    '-',
  );
};

/** A new token of 32 hex digits. */
export const newToken = digits;

/** Can this be one of our UUIDs? Others are not looked up. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
