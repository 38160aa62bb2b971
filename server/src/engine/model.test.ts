import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../kit/clock.js';
import { countingIds } from '../kit/ids.js';
import { openMemoryLedger } from '../ledgers/memory/ledger.js';
import { openMemoryStore } from '../stores/memory/store.js';
import { createEngine } from './engine.js';
import { isRefusal, type RefusalKind } from './refusals.js';
import type { Staged } from './verbs.js';

/** The simplest thing that an upload could be: its bytes, with nothing where none are. */
interface Model {
  readonly id: string;
  size: number | null;
  bytes: (number | undefined)[];
  state: 'open' | 'finished' | 'cancelled' | 'expired';
  due: number;
}

const life = 1_000;
const most = 24;

type Engine = ReturnType<typeof createEngine>;

interface Real {
  engine: Engine;
  readonly clock: ReturnType<typeof manualClock>;
  restart(): void;
  readonly staged: { staged: Staged; upload: number; data: Uint8Array; offset: number | null }[];
}

async function* pieces(data: Uint8Array, piece: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += piece) yield data.subarray(at, at + piece);
}

async function* cutShort(data: Uint8Array): AsyncGenerator<Uint8Array> {
  if (data.length > 0) yield data;
  throw new Error('cut');
}

const front = (model: Model): number => {
  const hole = model.bytes.indexOf(undefined);
  return hole < 0 ? model.bytes.length : hole;
};

const put = (model: Model, offset: number, data: Uint8Array): void => {
  data.forEach((byte, index) => {
    while (model.bytes.length < offset + index) model.bytes.push(undefined);
    model.bytes[offset + index] = byte;
  });
};

/** What the engine should say to bytes for a place: a refusal's kind, or nothing. */
const judge = (
  model: Model,
  { offset, data, overlap }: { offset: number; data: Uint8Array; overlap: 'same' | 'replace' | 'refuse' },
): RefusalKind | null => {
  if (model.state !== 'open') return 'not-open';
  if (model.size !== null && offset + data.length > model.size) return 'beyond-end';
  const there = [...data].map((byte, index) => ({ byte, old: model.bytes[offset + index] }));
  const covered = there.filter(({ old }) => old !== undefined);
  if (covered.length > 0 && overlap === 'refuse') return 'wrong-offset';
  if (covered.some(({ byte, old }) => byte !== old) && overlap !== 'replace') return 'wrong-offset';
  return null;
};

const outcome = async (work: Promise<unknown>): Promise<RefusalKind | null> => {
  try {
    await work;
    return null;
  } catch (error) {
    if (isRefusal(error)) return error.kind;
    throw error;
  }
};

type Step = (models: Model[], real: Real) => Promise<void>;

const pick = (models: Model[], index: number): Model | undefined => models[index % Math.max(1, models.length)];

const open =
  (size: number | null): Step =>
  async (models, { engine, clock }) => {
    if (models.length >= 3) return;
    const due = clock.now() + life;
    const upload = await engine.open({
      dialect: 'test',
      owner: 'ann',
      size,
      follow: ['sha1'],
      expiry: { at: due, sliding: life },
    });
    models.push({ id: upload.id, size, bytes: [], state: 'open', due });
  };

const append =
  (which: number, data: Uint8Array, cut: boolean, known: boolean): Step =>
  async (models, { engine, clock }) => {
    const model = pick(models, which);
    if (!model) return;
    const offset = front(model);
    const islands = model.bytes.length > offset;
    const expected = judge(model, { offset, data, overlap: 'same' });
    if (islands) return;
    const body = cut ? cutShort(data) : pieces(data, 2);
    const got = await outcome(
      engine
        .stage(body, { upload: model.id, offset, keep: 'arrived', ...(known && { length: data.length }) })
        .then((staged) => engine.accept(staged)),
    );
    expect(got).toBe(expected);
    if (expected) return;
    put(model, offset, data);
    model.due = clock.now() + life;
  };

const place =
  (which: number, offset: number, data: Uint8Array, overlap: 'same' | 'replace' | 'refuse', early: boolean): Step =>
  async (models, { engine, clock }) => {
    const model = pick(models, which);
    if (!model) return;
    const expected = judge(model, { offset, data, overlap });
    const got = await outcome(
      engine
        .stage(pieces(data, 3), {
          upload: model.id,
          keep: 'whole',
          ...(early && { offset, length: data.length }),
        })
        .then((staged) => engine.accept(staged, { offset, overlap })),
    );
    expect(got).toBe(expected);
    if (expected) return;
    put(model, offset, data);
    model.due = clock.now() + life;
  };

const stageOnly =
  (which: number, data: Uint8Array): Step =>
  async (models, real) => {
    const model = pick(models, which);
    if (model?.state !== 'open' || (model.size !== null && data.length > model.size)) return;
    const staged = await real.engine.stage(pieces(data, 5), { upload: model.id, keep: 'whole' });
    real.staged.push({ staged, upload: models.indexOf(model), data, offset: null });
  };

const acceptStaged =
  (offset: number, wrongDigest: boolean): Step =>
  async (models, real) => {
    const next = real.staged.shift();
    const model = next && models[next.upload];
    if (!next || !model) return;
    const { data } = next;
    const expected = wrongDigest ? 'digest-mismatch' : judge(model, { offset, data, overlap: 'replace' });
    const spec = { offset, overlap: 'replace', ...(wrongDigest && { digests: { crc32: 'xxxxxxxx' } }) } as const;
    expect(await outcome(real.engine.accept(next.staged, spec))).toBe(expected);
    if (expected) return;
    put(model, offset, data);
    model.due = real.clock.now() + life;
  };

const finish =
  (which: number): Step =>
  async (models, { engine }) => {
    const model = pick(models, which);
    if (!model) return;
    const size = model.size ?? model.bytes.length;
    const complete = model.bytes.length === size && front(model) === size;
    const ended = model.state === 'cancelled' || model.state === 'expired';
    const expected = ended ? 'not-open' : complete || model.state === 'finished' ? null : 'incomplete';
    expect(await outcome(engine.finish(model.id))).toBe(expected);
    if (!expected) model.state = 'finished';
  };

const cancel =
  (which: number): Step =>
  async (models, { engine }) => {
    const model = pick(models, which);
    if (!model) return;
    const refused = model.state === 'finished' || model.state === 'expired';
    expect(await outcome(engine.cancel(model.id))).toBe(refused ? 'not-open' : null);
    if (!refused) model.state = 'cancelled';
  };

const wait =
  (ms: number): Step =>
  async (models, { engine, clock }) => {
    clock.advance(ms);
    await engine.expire();
    for (const model of models) if (model.state === 'open' && model.due <= clock.now()) model.state = 'expired';
  };

/** The process dies: what it had staged is lost with it, and another one goes on. */
const crash: Step = async (_models, real) => {
  real.staged.length = 0;
  real.restart();
};

const data = fc.uint8Array({ minLength: 0, maxLength: 8 });
const which = fc.nat({ max: 2 });
const offset = fc.nat({ max: most });
const overlap = fc.constantFrom('same', 'replace', 'refuse');
const step: fc.Arbitrary<[string, Step]> = fc.oneof(
  fc.option(fc.nat({ max: most }), { freq: 2 }).map((size): [string, Step] => [`open ${size}`, open(size)]),
  fc
    .tuple(which, data, fc.boolean(), fc.boolean())
    .map(([w, d, c, k]): [string, Step] => [`append ${w} [${d}] ${c ? 'cut' : ''}`, append(w, d, c, k)]),
  fc
    .tuple(which, offset, data, overlap, fc.boolean())
    .map(([w, o, d, p, e]): [string, Step] => [`place ${w} at ${o} [${d}] ${p} ${e}`, place(w, o, d, p, e)]),
  fc.tuple(which, data).map(([w, d]): [string, Step] => [`stage ${w} [${d}]`, stageOnly(w, d)]),
  fc.tuple(offset, fc.boolean()).map(([o, x]): [string, Step] => [`accept at ${o} ${x}`, acceptStaged(o, x)]),
  which.map((w): [string, Step] => [`finish ${w}`, finish(w)]),
  fc.oneof({ weight: 1, arbitrary: which.map((w): [string, Step] => [`cancel ${w}`, cancel(w)]) }),
  fc.nat({ max: 400 }).map((ms): [string, Step] => [`wait ${ms}`, wait(ms)]),
  fc.constant<[string, Step]>(['crash', crash]),
);

const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<number[]> => {
  const all: number[] = [];
  for await (const each of bytes) all.push(...each);
  return all;
};

const agree = async (models: readonly Model[], engine: Engine): Promise<void> => {
  for (const model of models) {
    const upload = await engine.look(model.id);
    expect(upload.state).toBe(model.state);
    if (model.state === 'open') {
      const there = new Set<number>();
      for (const { start, end } of await engine.ranges(model.id)) for (let at = start; at < end; at += 1) there.add(at);
      const expected = model.bytes.flatMap((byte, index) => (byte === undefined ? [] : [index]));
      expect([...there]).toEqual(expected);
      expect(upload).toMatchObject({ received: expected.length, contiguous: front(model) });
      const content = await collect(engine.read(upload, { start: 0, end: front(model) }));
      expect(content).toEqual(model.bytes.slice(0, front(model)));
    }
    if (model.state === 'finished') {
      expect(await collect(engine.read(upload))).toEqual(model.bytes);
      const sha1 = createHash('sha1').update(Uint8Array.from(model.bytes, (byte) => byte ?? 0));
      expect(upload.digests.sha1).toBe(sha1.digest('hex'));
    }
  }
};

const startReal = async (limits: { heldChunkBytes: number; batchBytes: number; checkpointBytes: number }) => {
  const clock = manualClock();
  const store = await openMemoryStore();
  const ledger = await openMemoryLedger();
  const ids = countingIds();
  let life = 0;
  const start = () => {
    life += 1;
    const mine = life;
    return createEngine({ store, ledger, clock, ids, limits, presence: { self: mine, isGone: (of) => of !== life } });
  };
  const real: Real = {
    engine: start(),
    clock,
    staged: [],
    restart: () => {
      real.engine = start();
    },
  };
  return real;
};

describe('the engine against a model', () => {
  it('says and keeps what a list of bytes would, whatever comes in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.record({
          heldChunkBytes: fc.constantFrom(3, 1_000),
          batchBytes: fc.constantFrom(1, 4, 1_000),
          checkpointBytes: fc.constantFrom(3, 1_000),
        }),
        async (steps, limits) => {
          const real = await startReal(limits);
          const models: Model[] = [];
          await open(null)(models, real);
          for (const [, run] of steps) await run(models, real);
          await agree(models, real.engine);
          await real.engine.close();
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('keeps apart what happens at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 12 })), { minLength: 1, maxLength: 8 }),
        fc.scheduler(),
        async (whole, cuts, scheduler) => {
          const real = await startReal({ heldChunkBytes: 6, batchBytes: 4, checkpointBytes: 8 });
          const { engine } = real;
          const { id } = await engine.open({ dialect: 'test', owner: 'ann', size: whole.length, follow: ['sha1'] });
          async function* slowly(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
            for (const byte of bytes) yield await scheduler.schedule(Promise.resolve(Uint8Array.of(byte)));
          }
          const send = async (from: number, to: number) => {
            const staged = await engine.stage(slowly(whole.subarray(from, to)), { upload: id, keep: 'whole' });
            await engine.accept(staged, { offset: from, overlap: 'same' });
          };
          const sends = cuts.map(([from, length]) => {
            const start = from % whole.length;
            return send(start, Math.min(whole.length, start + length));
          });
          const early = outcome(engine.finish(id));
          await scheduler.waitFor(Promise.all(sends));
          expect(['incomplete', null]).toContain(await early);
          const { state } = await engine.look(id);
          if (state !== 'finished') {
            for (const { start, end } of await missing(engine, id, whole.length)) {
              const rest = await engine.stage(pieces(whole.subarray(start, end), 4), { upload: id, keep: 'whole' });
              await engine.accept(rest, { offset: start });
            }
            await engine.finish(id);
          }
          const upload = await engine.look(id);
          expect(await collect(engine.read(upload))).toEqual([...whole]);
          expect(upload.digests.sha1).toBe(createHash('sha1').update(whole).digest('hex'));
          await engine.close();
        },
      ),
      { numRuns: 150 },
    );
  });
});

const missing = async (engine: Engine, id: string, size: number) => {
  const have = await engine.ranges(id);
  const holes: { start: number; end: number }[] = [];
  let at = 0;
  for (const { start, end } of [...have, { start: size, end: size }]) {
    if (start > at) holes.push({ start: at, end: start });
    at = end;
  }
  return holes;
};
