import { lastingKinds, type UploadEvent } from '../../engine/events.js';
import { newestEvents } from '../../engine/outbox.js';
import type { Ledger } from '../../engine/ports.js';
import type { Upload } from '../../engine/upload.js';
import type { Engine } from '../../engine/verbs.js';
import { type Alarm, alarm } from '../../kit/alarm.js';
import type { Clock } from '../../kit/clock.js';
import type { Log } from '../../kit/log.js';
import type { Jobs } from '../../services/jobs/jobs.js';
import type { Shown } from '../host.js';
import type { Health, Throughput, Upload as UploadShape } from '../shapes/index.js';
import { eventShape } from './event.js';
import { openFlow } from './flow.js';
import type { Trace } from './followed.js';
import { Mailbox } from './mailbox.js';
import { openTraces } from './traces.js';
import { type WorkWatch, watchWork } from './work.js';

/** Who watches: an account, and whether it may see what is not its own. */
export interface Seer {
  readonly account: string;
  readonly all: boolean;
}

/** Somebody who watches, until it is closed. */
export interface Watcher extends Pick<Alarm, 'sleep'> {
  /** What there is to tell now, as server-sent events; empty where there is nothing. */
  take(): string;
  /** Ends it, and a sleep with it. */
  close(): void;
  readonly closed: boolean;
}

/** What goes on in the server, told to everybody who watches. */
export interface Hub {
  /** Begins to watch; nothing where too many do. */
  watch(seer: Seer): Watcher | undefined;
  /** All uploads that live, in the order of their ids; those of other processes as they were a moment ago. */
  live(): Promise<readonly Upload[]>;
  shapeOf(upload: Upload): UploadShape;
  throughput(): Throughput;
  readonly watchers: number;
  /** Ends everybody's watching, and stops listening. */
  stop(): Promise<void>;
}

/** What a hub is made of. */
export interface HubParts {
  readonly engine: Pick<Engine, 'find' | 'list' | 'listen' | 'outbox'>;
  readonly ledger: Pick<Ledger, 'read'>;
  readonly jobs: Pick<Jobs, 'find' | 'list' | 'listen'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly shown: readonly Shown[];
  /** For administrators who watch. */
  readonly health: () => Promise<Health>;
}

/** In ms: how often what changed is told, and what is told by the clock. */
const tick = 500;
const second = 1_000;
/** In ms: how often the ledger is looked at for what other processes do; more seldom where that takes long. */
const lookEvery = 5_000;
const lookShare = 20;
/** Most who watch at once, and of one account. */
const mostWatchers = 200;
const mostOfAccount = 20;
/** Most uploads of a hello. */
const mostHello = 5_000;
/** Most events told at once. */
const eventsAtOnce = 500;

interface Watching extends Seer {
  readonly mailbox: Mailbox;
  readonly bell: Alarm;
  closed: boolean;
}

/** Opens the hub. It costs next to nothing while nobody watches. */
export const openHub = ({ engine, ledger, jobs, clock, log, shown, health }: HubParts): Hub => {
  const showings = new Map(shown.map(({ dialect, showing }) => [dialect.name, showing]));
  const nameOf = (upload: Upload): string | null => {
    try {
      return showings.get(upload.dialect)?.name?.(upload) ?? null;
    } catch (error) {
      // One upload that nobody can name must not hide the others.
      log.warn({ err: error, upload: upload.id }, 'the name of an upload could not be read');
      return null;
    }
  };
  const traces = openTraces({ engine, clock, nameOf });
  const flow = openFlow();
  const watchers = new Set<Watching>();
  const lasting: ReadonlySet<string> = new Set(lastingKinds);
  const changed = new Map<string, Trace>();
  /** When the ledger was looked at last, and how long that took. */
  let lookedAt = Number.NEGATIVE_INFINITY;
  let lookTook = 0;
  let ended = false;
  let watching: AbortController | null = null;
  /** One run after the other: the last may still be at its end when somebody watches again. */
  let runs = Promise.resolve();

  const unlisten = engine.listen((event: UploadEvent) => {
    flow.hear(event);
    traces.hear(event);
    if (lasting.has(event.kind)) ended = true;
  });

  /** Looks at the ledger, unless it was looked at within the last `ms`, or looking takes too long to do it again now. */
  const look = async (ms: number): Promise<void> => {
    const began = clock.now();
    if (began - lookedAt < Math.max(ms, lookShare * lookTook)) return;
    await traces.look();
    lookedAt = clock.now();
    lookTook = lookedAt - began;
  };

  /** To those who may see what is of `owner`; null: to administrators. */
  const tell = (owner: string | null, send: (mailbox: Mailbox) => void): void => {
    for (const each of watchers) if (each.all || each.account === owner) send(each.mailbox);
  };

  const tellWork = async (work: WorkWatch, all: boolean): Promise<void> => {
    for (const change of await work.changes(all))
      tell(change.owner, (mailbox) => mailbox.put(change.bundle, change.id, change));
  };

  const deliver = (): void => {
    for (const [id, trace] of changed) tell(trace.upload.owner, (mailbox) => mailbox.put('uploads', id, trace));
    changed.clear();
    for (const { mailbox, bell } of watchers) if (!mailbox.isEmpty) bell.ring();
  };

  /** Tells of what goes on, until nobody watches. */
  const run = async (stopping: AbortSignal): Promise<void> => {
    const unfollow = traces.listen((trace) => changed.set(trace.upload.id, trace));
    const work = watchWork({ jobs, shown });
    let told = 0;
    let secondAt = clock.now();
    let lookAt = secondAt + lookEvery;

    const tellEvents = async (): Promise<void> => {
      ended = false;
      const events = await engine.outbox(told, eventsAtOnce);
      if (events.length === eventsAtOnce) ended = true;
      for (const event of events) {
        told = event.seq;
        const text = JSON.stringify(eventShape(event));
        tell(event.owner, (mailbox) => mailbox.tell('event', { text }, event.seq));
      }
    };

    /** What is told by the clock alone. */
    const tellSecond = async (now: number): Promise<void> => {
      traces.tick();
      for (const running of flow.since(secondAt, now))
        tell(null, (mailbox) => mailbox.tell('throughput', { text: JSON.stringify(running) }, running.at));
      secondAt = now;
      await tellWork(work, false);
    };

    const lookAround = async (): Promise<void> => {
      lookAt = clock.now() + lookEvery;
      await look(second);
      await tellEvents();
      await tellWork(work, true);
      if (![...watchers].some(({ all }) => all)) return;
      const text = JSON.stringify(await health());
      tell(null, (mailbox) => mailbox.tell('health', { text }));
    };

    const turn = async (): Promise<void> => {
      const now = clock.now();
      if (ended) await tellEvents();
      if (now - secondAt >= second) await tellSecond(now);
      if (now >= lookAt) await lookAround();
    };

    try {
      const [last] = await ledger.read((facts) => newestEvents(facts, { limit: 1 }));
      told = last?.seq ?? 0;
      await work.changes(true);
      while (!stopping.aborted) {
        await clock.sleep(tick, stopping);
        await turn().catch((error: unknown) => log.error({ err: error }, 'what goes on could not be told'));
        deliver();
      }
    } finally {
      unfollow();
      work.stop();
      changed.clear();
    }
  };

  const begin = (): void => {
    const stopping = new AbortController();
    watching = stopping;
    runs = runs
      .then(() => run(stopping.signal))
      .catch((error: unknown) => {
        log.error({ err: error }, 'what goes on could not be watched');
        // They would be told nothing any more. Whoever is sent away comes back.
        for (const each of [...watchers]) close(each);
      });
  };

  const close = (each: Watching): void => {
    each.closed = true;
    watchers.delete(each);
    each.bell.ring();
    if (watchers.size > 0) return;
    watching?.abort();
    watching = null;
  };

  const helloTo = ({ account, all }: Seer): string => {
    const seen = traces.list().filter(({ upload }) => all || upload.owner === account);
    const uploads = seen.slice(-mostHello).map(({ text }) => text);
    const now = clock.now();
    const { bytes, ...throughput } = flow.all(now);
    // How much goes through the server is nobody else's business.
    const throughputText = JSON.stringify({ ...throughput, bytes: all ? bytes : {} });
    return `{"at":${now},"uploads":[${uploads.join(',')}],"throughput":${throughputText}}`;
  };

  return {
    watch: (seer) => {
      const own = [...watchers].filter(({ account }) => account === seer.account);
      if (watchers.size >= mostWatchers || own.length >= mostOfAccount) return undefined;
      const mailbox = new Mailbox(() => helloTo(seer), clock.now);
      const each: Watching = { ...seer, mailbox, bell: alarm(clock), closed: false };
      watchers.add(each);
      if (watching === null) begin();
      return {
        take: () => mailbox.take(),
        sleep: (ms) => each.bell.sleep(ms),
        close: () => close(each),
        get closed() {
          return each.closed;
        },
      };
    },
    live: async () => {
      await look(second);
      return traces.list().map(({ upload }) => upload);
    },
    shapeOf: (upload) => traces.shapeOf(upload),
    throughput: () => flow.all(clock.now()),
    get watchers() {
      return watchers.size;
    },
    stop: async () => {
      unlisten();
      for (const each of [...watchers]) close(each);
      await runs;
    },
  };
};
