/** How far an upload is. */
export interface Progress {
  /** Bytes the server has said it holds. */
  readonly confirmed: number;
  /** Bytes handed to the network, the confirmed ones included; more than `confirmed` while a request is under way. */
  readonly sent: number;
  /** All bytes, or null while a stream's end is not in sight. */
  readonly total: number | null;
  /** Bytes per second over the last ten seconds; 0 until there is something to measure. */
  readonly speed: number;
  /** Seconds until the end at this speed, or null where that cannot be said. */
  readonly eta: number | null;
}

/** The progress of one run of bytes, from its start at 0. */
export interface Lane {
  /** The server holds `bytes` of this lane from earlier times: they count, but not as speed. */
  begin(bytes: number): void;
  /** `bytes` more went to the network; the server has not said anything about them. */
  send(bytes: number): void;
  /** The server has said that it holds `bytes` of this lane in all. */
  confirm(bytes: number): void;
}

/** Adds up the lanes of one upload and tells of each change. */
export interface Meter {
  lane(): Lane;
  /** Forgets every lane and the speed: the upload begins again, or goes on after a pause. */
  restart(): void;
  now(): Progress;
}

const span = 10_000;
const pace = 100;

interface Sample {
  readonly at: number;
  readonly moved: number;
}

/**
 * Makes a `Meter`. Sent bytes are told of ten times a second at most, confirmed ones always; `clock` says ms.
 */
export const openMeter = (
  total: () => number | null,
  tell: (progress: Progress) => void,
  clock: () => number = () => performance.now(),
): Meter => {
  let lanes: { confirmed: number; high: number }[] = [];
  let moved = 0;
  let samples: Sample[] = [];
  let told = Number.NEGATIVE_INFINITY;

  const speed = (at: number): number => {
    while (samples.length > 1 && at - (samples[0]?.at ?? at) > span) samples.shift();
    const first = samples[0];
    if (first === undefined || at - first.at < pace) return 0;
    return ((moved - first.moved) * 1000) / (at - first.at);
  };

  const now = (): Progress => {
    const confirmed = lanes.reduce((sum, lane) => sum + lane.confirmed, 0);
    const sent = lanes.reduce((sum, lane) => sum + Math.max(lane.high, lane.confirmed), 0);
    const all = total();
    const rate = speed(clock());
    const eta = all === null || rate === 0 ? null : Math.max(0, all - sent) / rate;
    return { confirmed, sent, total: all, speed: rate, eta };
  };

  const changed = (bytes: number, always: boolean): void => {
    const at = clock();
    moved += bytes;
    const last = samples.at(-1);
    if (last === undefined || at - last.at >= pace) samples.push({ at, moved });
    if (!always && at - told < pace) return;
    told = at;
    tell(now());
  };

  return {
    now,
    restart: () => {
      lanes = [];
      samples = [];
    },
    lane: () => {
      const lane = { confirmed: 0, high: 0 };
      lanes.push(lane);
      return {
        begin: (bytes) => {
          lane.confirmed = bytes;
          lane.high = bytes;
          changed(0, true);
        },
        send: (bytes) => {
          lane.high += bytes;
          changed(bytes, false);
        },
        confirm: (bytes) => {
          const fresh = Math.max(0, bytes - lane.high);
          lane.confirmed = bytes;
          lane.high = Math.max(lane.high, bytes);
          changed(fresh, true);
        },
      };
    },
  };
};
