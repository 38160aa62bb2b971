import type { Item } from './item.js';

/** How many uploads run at once. Browsers open six connections to one server, and the page itself needs some. */
export const widths = { all: 4, large: 2 } as const;

/** Bytes from which on an upload is large: several of them at once only share the line. */
export const large = 8 * 1024 * 1024;

/** Which of `waiting` may begin, beside those that run: the first ones, yet small ones do not wait behind two large ones. */
export const nextToRun = (waiting: Iterable<Item>, running: Iterable<Item>): Item[] => {
  const under = [...running];
  let free = widths.all - under.length;
  let freeLarge = widths.large - under.filter(({ size }) => size >= large).length;
  const next: Item[] = [];
  if (free <= 0) return next;
  for (const item of waiting) {
    if (item.size >= large) {
      if (freeLarge <= 0) continue;
      freeLarge -= 1;
    }
    next.push(item);
    free -= 1;
    if (free === 0) break;
  }
  return next;
};
