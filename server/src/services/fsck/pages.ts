import type { FactReader, Ledger, ShelfQuery } from '../../engine/ports.js';

/** How many facts are read at once. */
const pageSize = 200;

/** Everything on a shelf, a page at a time, each page of its own moment. */
export async function* everything<T>(
  ledger: Ledger,
  list: (facts: FactReader, query: ShelfQuery) => Promise<{ id: string; value: T }[]>,
): AsyncIterable<{ id: string; value: T }> {
  let after: string | undefined;
  for (;;) {
    const from = after === undefined ? {} : { after };
    const page = await ledger.read((facts) => list(facts, { limit: pageSize, ...from }));
    yield* page;
    after = page.at(-1)?.id;
    if (page.length < pageSize) return;
  }
}
