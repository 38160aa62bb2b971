/** A place in bytes that arrive: what is at hand lies in `chunk` from `at` on. */
export interface Cursor {
  chunk: Buffer;
  at: number;
  /** How many bytes of the source lie before `chunk[at]`. */
  readonly passed: number;
  /** Gets the next bytes behind what is unread; false when there are none. */
  more(): Promise<boolean>;
  /** Gets bytes until at least `count` are unread; false when the source ends before. */
  has(count: number): Promise<boolean>;
  /** Are the next bytes those of `mark`? (What has not arrived does not count.) */
  starts(mark: Buffer): boolean;
  /** Takes what surely stands before the next `mark`; steps behind the mark if it is at hand, and says so. */
  takeUpTo(mark: Buffer): { readonly run: Buffer; readonly found: boolean };
}

/** Where the end of `chunk`, from `at` on, may be the beginning of `mark`; its length where it cannot. */
const beginning = (chunk: Buffer, at: number, mark: Buffer): number => {
  const first = mark[0] ?? 0;
  let place = chunk.indexOf(first, Math.max(at, chunk.length - mark.length + 1));
  while (place >= 0 && !chunk.subarray(place).equals(mark.subarray(0, chunk.length - place)))
    place = chunk.indexOf(first, place + 1);
  return place < 0 ? chunk.length : place;
};

/** A cursor at the beginning of `source`. It holds one chunk at a time. */
export const cursor = (source: AsyncIterable<Buffer>): Cursor => {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  let got = 0;
  const self: Cursor = {
    chunk: Buffer.alloc(0),
    at: 0,
    get passed() {
      return got - self.chunk.length + self.at;
    },
    more: async () => {
      if (ended) return false;
      const next = await iterator.next();
      if (next.done) {
        ended = true;
        return false;
      }
      got += next.value.length;
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
      // What is held back is copied in front of the next bytes: so it is only what must be.
      const end = place < 0 ? beginning(self.chunk, self.at, mark) : place;
      const run = self.chunk.subarray(self.at, end);
      self.at = place < 0 ? end : place + mark.length;
      return { run, found: place >= 0 };
    },
  };
  return self;
};
