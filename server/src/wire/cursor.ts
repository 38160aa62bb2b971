/** A place in bytes that arrive: what is at hand lies in `chunk` from `at` on. */
export interface Cursor {
  chunk: Buffer;
  at: number;
  /** Gets the next bytes behind what is unread; false when there are none. */
  more(): Promise<boolean>;
  /** Gets bytes until at least `count` are unread; false when the source ends before. */
  has(count: number): Promise<boolean>;
  /** Are the next bytes those of `mark`? (What has not arrived does not count.) */
  starts(mark: Buffer): boolean;
  /** Takes what surely stands before the next `mark`; steps behind the mark if it is at hand, and says so. */
  takeUpTo(mark: Buffer): { readonly run: Buffer; readonly found: boolean };
}

/** A cursor at the beginning of `source`. It holds one chunk at a time. */
export const cursor = (source: AsyncIterable<Buffer>): Cursor => {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  const self: Cursor = {
    chunk: Buffer.alloc(0),
    at: 0,
    more: async () => {
      if (ended) return false;
      const next = await iterator.next();
      if (next.done) {
        ended = true;
        return false;
      }
      self.chunk = self.at < self.chunk.length ? Buffer.concat([self.chunk.subarray(self.at), next.value]) : next.value;
      self.at = 0;
      return true;
    },
    has: async (count) => {
      while (self.chunk.length - self.at < count) if (!(await self.more())) return false;
      return true;
    },
    starts: (mark) => self.chunk.subarray(self.at, self.at + mark.length).equals(mark),
    takeUpTo: (mark) => {
      const place = self.chunk.indexOf(mark, self.at);
      const end = place < 0 ? Math.max(self.at, self.chunk.length - mark.length + 1) : place;
      const run = self.chunk.subarray(self.at, end);
      self.at = place < 0 ? end : place + mark.length;
      return { run, found: place >= 0 };
    },
  };
  return self;
};
