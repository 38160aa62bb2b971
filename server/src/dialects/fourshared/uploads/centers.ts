import { crc32Of } from '../../../kit/crc32.js';
import { uploadPath } from '../address.js';

/**
 * Data centres: the addresses at which parts are taken, numbered from 1. Behind all of them is one store, so a file may be sent to
 * any, and to several.
 */
export interface Centers {
  /** The number that an account is told: always the same one, as long as the configuration stays. */
  numberFor(account: string): number;
  /** Where parts are posted with this session key; nothing where there is no such data centre. `origin`: where the client asked. */
  uploadUrl(number: number, place: { key: string; origin: string }): string | undefined;
}

/** Opens the data centres of these public addresses; without any there is one, wherever the client asked. */
export const openCenters = (addresses: readonly string[]): Centers => {
  const bases = addresses.map((address) => address.replace(/\/+$/, ''));
  return {
    numberFor: (account) => 1 + (crc32Of(Buffer.from(account.toLowerCase())) % Math.max(1, bases.length)),
    uploadUrl: (number, { key, origin }) => {
      const base = bases.length === 0 && number === 1 ? origin : bases[number - 1];
      return base === undefined ? undefined : `${base}${uploadPath}?sId=${encodeURIComponent(key)}&dc=${number}`;
    },
  };
};
