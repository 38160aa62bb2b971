/**
 * Bytes that may be held in memory, server-wide. Whoever wants to hold some takes them first and gives them back;
 * when there are none left, `take` waits (which slows the sender's socket down) and `tryTake` says no.
 */
export interface ByteBudget {
  readonly limit: number;
  /** Bytes taken and not yet given back. */
  readonly taken: number;
  /** Takes `bytes`, waiting in line for them. More than the limit is granted once nothing else is out. */
  take(bytes: number): Promise<void>;
  /** Takes `bytes` if they are there and nobody waits for any; says whether it did. */
  tryTake(bytes: number): boolean;
  give(bytes: number): void;
}

/** Makes a budget of `limit` bytes. */
export const byteBudget = (limit: number): ByteBudget => {
  let taken = 0;
  const waiting: { bytes: number; go: () => void }[] = [];
  const fits = (bytes: number) => taken === 0 || taken + bytes <= limit;
  return {
    limit,
    get taken() {
      return taken;
    },
    take: (bytes) => {
      if (waiting.length === 0 && fits(bytes)) {
        taken += bytes;
        return Promise.resolve();
      }
      return new Promise((go) => waiting.push({ bytes, go }));
    },
    tryTake: (bytes) => {
      if (waiting.length > 0 || taken + bytes > limit) return false;
      taken += bytes;
      return true;
    },
    give: (bytes) => {
      taken -= bytes;
      for (let next = waiting[0]; next && fits(next.bytes); next = waiting[0]) {
        waiting.shift();
        taken += next.bytes;
        next.go();
      }
    },
  };
};
