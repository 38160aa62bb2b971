import { createHash } from 'node:crypto';
import type { Ids } from '../../kit/ids.js';

/** A new GUID of version 4, without hyphens, lower case. Nobody can guess it, as nobody can guess the host's ids. */
export const newGuid = (ids: Ids): string => {
  const hex = createHash('sha256').update(ids.next()).digest('hex');
  const variant = (8 + (Number.parseInt(hex.charAt(16), 16) & 3)).toString(16);
  return `${hex.slice(0, 12)}4${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`;
};
