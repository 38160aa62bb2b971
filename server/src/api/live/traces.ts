import type { UploadEvent } from '../../engine/events.js';
import type { Upload } from '../../engine/upload.js';
import type { Engine } from '../../engine/verbs.js';
import type { Clock } from '../../kit/clock.js';
import type { Upload as UploadShape } from '../shapes/index.js';
import { Followed, type Trace } from './followed.js';
import { isLive, uploadShape } from './shape.js';

/** What is known of the uploads that live. */
export interface Traces {
  /** Hears what this process did. Costs the same however many uploads there are. */
  hear(event: UploadEvent): void;
  /** Learns from the ledger what was there before, and what other processes do. */
  look(): Promise<void>;
  /** All that live, in the order of their ids. */
  list(): Trace[];
  /** An upload of any state, with what is known of it here. */
  shapeOf(upload: Upload): UploadShape;
  readonly size: number;
  /** Hears from now on which uploads change, also by their rates alone. While nobody hears, no rate is worked out. */
  listen(hear: (trace: Trace) => void): () => void;
  /** Tells of the uploads whose rate is another by now. To be called once a second while somebody hears. */
  tick(): void;
}

/** Most uploads that are followed; where there are more, those noticed first are left to the next look. */
export const mostFollowed = 10_000;
/** An upload of which nothing was heard for so many ms may be another process's. */
const ownMs = 10_000;

const isSame = (one: Upload, other: Upload): boolean =>
  one.touchedAt === other.touchedAt &&
  one.received === other.received &&
  one.state === other.state &&
  one.size === other.size &&
  one.expiry?.at === other.expiry?.at;

/** Chunks that come side by side may be told of in another order than they were counted in. */
const isOlder = ({ kind, upload }: UploadEvent, known: Upload): boolean =>
  kind === 'progressed' && upload.touchedAt <= known.touchedAt && upload.received < known.received;

/** Begins to follow uploads. `nameOf`: the file's name, as the client said it. */
export const openTraces = (parts: {
  readonly engine: Pick<Engine, 'find' | 'list'>;
  readonly clock: Clock;
  readonly nameOf: (upload: Upload) => string | null;
}): Traces => {
  const { engine, clock, nameOf } = parts;
  const traces = new Map<string, Followed>();
  /** Those whose rate is to be looked at. */
  const moving = new Set<Followed>();
  const listeners = new Set<(trace: Trace) => void>();
  let count = 0;
  /** A look that is under way, and what ended meanwhile: it may still find that alive. */
  let looking: Promise<void> | null = null;
  const ended = new Set<string>();

  const tell = (trace: Followed): void => {
    for (const hear of listeners) hear(trace);
  };

  const begin = (upload: Upload): Followed => {
    const trace = new Followed(upload, nameOf);
    traces.set(upload.id, trace);
    const [eldest] = traces.size > mostFollowed ? traces.keys() : [];
    if (eldest !== undefined) traces.delete(eldest);
    return trace;
  };

  const took = (trace: Followed, bytes: number): void => {
    if (bytes <= 0) return;
    trace.add(clock.now(), bytes);
    if (listeners.size > 0) moving.add(trace);
  };

  const know = (trace: Followed, upload: Upload, from: string | null = null): void => {
    trace.know(upload, from);
    if (!isLive(upload)) {
      traces.delete(upload.id);
      moving.delete(trace);
      if (looking !== null) ended.add(upload.id);
    }
    tell(trace);
  };

  const rerate = (trace: Followed, now: number): void => {
    if (trace.rerate(now)) tell(trace);
  };

  /** What the ledger says of an upload of which nothing was heard meanwhile. */
  const read = (upload: Upload): void => {
    const trace = traces.get(upload.id);
    if (!trace) return tell(begin(upload));
    if (isSame(trace.upload, upload)) return;
    if (trace.heardAt < clock.now() - ownMs) took(trace, upload.received - trace.upload.received);
    know(trace, upload);
  };

  const look = async (): Promise<void> => {
    const before = count;
    const isNews = (id: string) => ended.has(id) || (traces.get(id)?.heard ?? 0) > before;
    const live = await engine.list({ states: ['open', 'sealed'], limit: mostFollowed });
    for (const upload of live) if (!isNews(upload.id)) read(upload);
    if (live.length === mostFollowed) return;
    const there = new Set(live.map(({ id }) => id));
    for (const [id, trace] of [...traces]) {
      if (there.has(id) || isNews(id)) continue;
      const upload = await engine.find(id);
      const forgotten: Upload = { ...trace.upload, state: 'cancelled', endedAt: clock.now() };
      if (!isNews(id)) know(trace, upload ?? forgotten);
    }
  };

  return {
    hear: (event) => {
      const { upload, bytes, from } = event;
      count += 1;
      const trace = traces.get(upload.id) ?? begin(upload);
      trace.heard = count;
      trace.heardAt = clock.now();
      took(trace, bytes);
      know(trace, isOlder(event, trace.upload) ? trace.upload : upload, from);
    },
    look: () => {
      looking ??= look().finally(() => {
        looking = null;
        ended.clear();
      });
      return looking;
    },
    list: () => {
      const now = clock.now();
      for (const trace of traces.values()) rerate(trace, now);
      return [...traces.values()].sort((one, other) => (one.upload.id < other.upload.id ? -1 : 1));
    },
    shapeOf: (upload) => {
      const trace = traces.get(upload.id);
      if (trace) rerate(trace, clock.now());
      const { from = null, bytesPerSecond = 0 } = trace?.shape ?? {};
      return uploadShape(upload, { name: nameOf(upload), from, bytesPerSecond });
    },
    get size() {
      return traces.size;
    },
    listen: (hear) => {
      const now = clock.now();
      if (listeners.size === 0) for (const trace of traces.values()) if (trace.isMoving(now)) moving.add(trace);
      listeners.add(hear);
      return () => {
        listeners.delete(hear);
        if (listeners.size === 0) moving.clear();
      };
    },
    tick: () => {
      const now = clock.now();
      for (const trace of moving) {
        rerate(trace, now);
        if (!trace.isMoving(now)) moving.delete(trace);
      }
    },
  };
};
