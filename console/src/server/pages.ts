import { useEffect, useState } from 'preact/hooks';
import { returns } from './stream.js';

/** Pages that were read one after another, as one list. */
export interface Paged<Item, Next> {
  readonly items: readonly Item[];
  /** Whether the first page is there. */
  readonly ready: boolean;
  readonly error: Error | undefined;
  readonly loading: boolean;
  /** Where the next page begins; null: this was the last one. */
  readonly next: Next | null;
  /** Whether it is more than the first page that was asked for. */
  readonly deep: boolean;
  /** Reads the next page. */
  more(): void;
  /** Begins anew; what is shown stays until the first page is there. */
  reload(): void;
}

interface Page<Item, Next> {
  readonly items: readonly Item[];
  readonly next: Next | null;
}

/** Reads pages: the first one when the component appears and whenever `key` changes or the server is back, the others when they are asked for. */
export const usePages = <Item, Next>(
  read: (after: Next | undefined) => Promise<Page<Item, Next>>,
  key: string,
): Paged<Item, Next> => {
  const [turn, setTurn] = useState(0);
  const [wanted, setWanted] = useState<{ turn: string; after: Next } | null>(null);
  const [state, setState] = useState<{ key: string; page?: Page<Item, Next>; error?: Error; loading: boolean }>({
    key,
    loading: true,
  });
  const now = `${key} ${turn} ${returns.value}`;
  const after = wanted?.turn === now ? wanted.after : undefined;
  useEffect(() => {
    let asked = true;
    setState((before) => (before.key === key ? { ...before, loading: true } : { key, loading: true }));
    read(after).then(
      (page) =>
        asked &&
        setState((before) => {
          const items = after === undefined ? page.items : [...(before.page?.items ?? []), ...page.items];
          return { key, page: { items, next: page.next }, loading: false };
        }),
      (error: Error) => asked && setState((before) => ({ ...before, error, loading: false })),
    );
    return () => {
      asked = false;
    };
  }, [now, after]);
  const known = state.key === key;
  const page = known ? state.page : undefined;
  return {
    items: page?.items ?? [],
    ready: page !== undefined,
    error: known ? state.error : undefined,
    loading: !known || state.loading,
    next: page?.next ?? null,
    deep: after !== undefined,
    more: () => {
      const next = page?.next;
      if (next !== null && next !== undefined) setWanted({ turn: now, after: next });
    },
    reload: () => setTurn(turn + 1),
  };
};
