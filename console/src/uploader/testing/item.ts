import type { Item } from '../item.js';

let last = 0;

/** An upload for tests: of 100 bytes, waiting, unless said otherwise. */
export const item = (facts: Partial<Item> = {}): Item => {
  last += 1;
  return {
    ...{ id: `i${last}`, account: 'ann', tab: 't', order: last, group: null, path: `${last}.bin` },
    ...{ size: 100, lastModified: 1, target: { protocol: 'tus', values: {} }, root: null, copied: false },
    ...{ state: null, confirmed: 0, phase: 'waiting', note: '', file: null, speed: 0, url: null },
    ...facts,
  };
};
