import type { Algorithm, Declared, Digest } from './digests.js';
import { startDigest } from './digests.js';

/** Digests of an upload from 0 on, grown while its bytes arrive; a thing of this process's memory alone. */
interface Follower {
  readonly digests: ReadonlyMap<Algorithm, Digest>;
  /** How many bytes they have seen. */
  front: number;
}

/** A follower's own copy that runs ahead with bytes not accepted yet. */
export interface Trail {
  update(bytes: Uint8Array): void;
  /** The bytes were accepted: the follower goes on from here. */
  keep(): void;
}

export interface Followers {
  /** Runs ahead from `offset`, if the follower stands there; otherwise nothing is followed. */
  trail(upload: string, algorithms: readonly Algorithm[], offset: number): Trail | null;
  /**
   * The digests of the first `size` bytes, hex. Bytes that the follower has not seen are read by `read`, so this costs
   * little when they came in order and were seen by this process.
   */
  digests(
    upload: string,
    algorithms: readonly Algorithm[],
    size: number,
    read: (from: number, to: number) => AsyncIterable<Uint8Array>,
  ): Promise<Declared>;
  /**
   * Follows the bytes up to `front` in the background. Resolves at once, unless the digests are so far behind that the
   * finish would have to wait for them: then the chunk that asks waits instead, and with it its sender.
   */
  catchUp(
    upload: string,
    algorithms: readonly Algorithm[],
    front: number,
    read: (from: number, to: number) => AsyncIterable<Uint8Array>,
  ): Promise<void>;
  /** Forgets an upload: it ended, or its bytes were replaced. */
  drop(upload: string): void;
  /** Waits for what runs in the background. */
  close(): Promise<void>;
}

/** Uploads that are followed at once; the longest unused is forgotten, and read again at its finish. */
const mostFollowed = 4096;

/** Bytes that the digests may be behind before senders wait for them. */
const mostBehind = 8 * 2 ** 20;

/** Opens the followers of one process. */
export const openFollowers = (): Followers => {
  const followed = new Map<string, Follower>();
  const running = new Map<string, { to: number; readonly done: Promise<void> }>();

  const follower = (upload: string, algorithms: readonly Algorithm[]): Follower => {
    const known = followed.get(upload);
    followed.delete(upload);
    const fits = known && algorithms.every((algorithm) => known.digests.has(algorithm));
    const mine = fits
      ? known
      : { digests: new Map(algorithms.map((algorithm) => [algorithm, startDigest(algorithm)] as const)), front: 0 };
    followed.set(upload, mine);
    if (followed.size > mostFollowed) {
      const [oldest] = followed.keys();
      if (oldest !== undefined) followed.delete(oldest);
    }
    return mine;
  };

  const advance = async (
    mine: Follower,
    to: number,
    read: (from: number, to: number) => AsyncIterable<Uint8Array>,
  ): Promise<void> => {
    if (mine.front >= to) return;
    for await (const bytes of read(mine.front, to)) {
      for (const digest of mine.digests.values()) digest.update(bytes);
      mine.front += bytes.length;
    }
  };

  /** Advances until a goal that may move away meanwhile. */
  const advanceTo = async (
    mine: Follower,
    goal: { readonly to: number },
    read: (from: number, to: number) => AsyncIterable<Uint8Array>,
  ): Promise<void> => {
    while (mine.front < goal.to) await advance(mine, goal.to, read);
  };

  return {
    trail: (upload, algorithms, offset) => {
      if (algorithms.length === 0 || running.has(upload)) return null;
      const mine = follower(upload, algorithms);
      if (mine.front !== offset) return null;
      const ahead = new Map([...mine.digests].map(([algorithm, digest]) => [algorithm, digest.copy()]));
      let front = offset;
      return {
        update: (bytes) => {
          for (const digest of ahead.values()) digest.update(bytes);
          front += bytes.length;
        },
        keep: () => {
          if (followed.get(upload) === mine && mine.front === offset && !running.has(upload))
            followed.set(upload, { digests: ahead, front });
        },
      };
    },

    digests: async (upload, algorithms, size, read) => {
      if (algorithms.length === 0) return {};
      await running.get(upload)?.done;
      let mine = follower(upload, algorithms);
      if (mine.front > size) {
        followed.delete(upload);
        mine = follower(upload, algorithms);
      }
      await advance(mine, size, read);
      return Object.fromEntries(algorithms.map((algorithm) => [algorithm, mine.digests.get(algorithm)?.copy().hex()]));
    },

    catchUp: async (upload, algorithms, front, read) => {
      if (algorithms.length === 0) return;
      const mine = follower(upload, algorithms);
      if (mine.front >= front) return;
      let run = running.get(upload);
      if (run) run.to = Math.max(run.to, front);
      else {
        const goal = { to: front };
        const done = advanceTo(mine, goal, read)
          // Whatever is wrong with the bytes shows at the finish, where somebody waits for the answer.
          .catch(() => {
            if (followed.get(upload) === mine) followed.delete(upload);
          })
          .finally(() => running.delete(upload));
        run = Object.assign(goal, { done });
        running.set(upload, run);
      }
      if (run.to - mine.front > mostBehind) await run.done;
    },

    drop: (upload) => {
      followed.delete(upload);
    },

    close: async () => {
      await Promise.all([...running.values()].map(({ done }) => done));
      followed.clear();
    },
  };
};
