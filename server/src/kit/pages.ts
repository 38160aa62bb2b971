/**
 * Memory in pages that are used again and again, so that bytes which only pass through leave nothing behind for the
 * garbage collector. Whoever takes a page gives it back once nobody looks at it any more.
 */
export interface Pages {
  /** Bytes of a page. */
  readonly size: number;
  /** A page with whatever it held before. */
  take(): Buffer;
  give(page: Buffer): void;
}

/** Pages of `size` bytes, of which at most `kept` wait for their next use. */
export const openPages = ({ size, kept }: { readonly size: number; readonly kept: number }): Pages => {
  const idle: Buffer[] = [];
  return {
    size,
    take: () => idle.pop() ?? Buffer.allocUnsafeSlow(size),
    give: (page) => {
      if (idle.length < kept) idle.push(page);
    },
  };
};
