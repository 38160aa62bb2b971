const blockSize = 65536;

/** Bytes of one file, kept in blocks; what was never written reads as zeros. */
export interface Blocks {
  /** Length in bytes. */
  readonly size: number;
  readonly modifiedAt: number;
  write(position: number, buffers: readonly Uint8Array[], now: number): void;
  /** Copies of the bytes `start` to `end`, which must lie within the size. */
  read(start: number, end: number): Generator<Uint8Array>;
  truncate(size: number): void;
}

/** Makes an empty file. */
export const blocks = (): Blocks => {
  const held = new Map<number, Uint8Array>();
  let size = 0;
  let modifiedAt = 0;

  const copyIn = (position: number, buffer: Uint8Array) => {
    for (let done = 0; done < buffer.length; ) {
      const at = position + done;
      const index = Math.floor(at / blockSize);
      const block = held.get(index) ?? new Uint8Array(blockSize);
      held.set(index, block);
      const piece = buffer.subarray(done, done + blockSize - (at % blockSize));
      block.set(piece, at % blockSize);
      done += piece.length;
    }
  };

  return {
    get size() {
      return size;
    },
    get modifiedAt() {
      return modifiedAt;
    },
    write: (position, buffers, now) => {
      let at = position;
      for (const buffer of buffers) {
        copyIn(at, buffer);
        at += buffer.length;
      }
      if (at > position) size = Math.max(size, at);
      modifiedAt = now;
    },
    *read(start, end) {
      for (let at = start; at < end; ) {
        const within = at % blockSize;
        const length = Math.min(blockSize - within, end - at);
        const block = held.get(Math.floor(at / blockSize));
        yield block ? block.slice(within, within + length) : new Uint8Array(length);
        at += length;
      }
    },
    truncate: (to) => {
      for (const index of [...held.keys()]) if (index * blockSize >= to) held.delete(index);
      // What is cut off must read as zeros should the file grow again.
      held.get(Math.floor(to / blockSize))?.fill(0, to % blockSize);
      size = Math.min(size, to);
    },
  };
};
