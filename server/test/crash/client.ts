import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { createEngine } from '../../src/engine/engine.js';
import { shelf } from '../../src/engine/ports.js';
import { isRefusal } from '../../src/engine/refusals.js';
import type { FinishSpec } from '../../src/engine/verbs.js';

type Engine = ReturnType<typeof createEngine>;

const files = shelf<number>('test-file');

/** What a client knows of one upload: only what it was told. It lives on when the server dies. */
export interface Client {
  readonly name: string;
  /** Goes on until the upload has ended as it should; stops with whatever the server's death throws. */
  drive(engine: Engine): Promise<void>;
  /** Checks what must hold after any death: what was acknowledged is there, and nothing else is. */
  check(engine: Engine): Promise<void>;
}

async function* pieces(bytes: Uint8Array, piece: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
}

const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const each of bytes) all.push(each);
  return Buffer.concat(all);
};

const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

/** A finish that counts how often it was recorded. */
const counted = (name: string): FinishSpec => ({
  record: async (facts) => {
    const times = ((await files.get(facts, name)) ?? 0) + 1;
    files.put(facts, name, times);
    return times;
  },
});

/** Checks a finished upload: its bytes, its digest, its one recording and its one event. */
const checkFinished = async (engine: Engine, id: string, content: Uint8Array): Promise<void> => {
  const upload = await engine.look(id);
  expect(upload.state).toBe('finished');
  expect(upload.result).toBe(1);
  expect((await collect(engine.read(upload))).equals(content)).toBe(true);
  if (upload.digests.sha1) expect(upload.digests.sha1).toBe(sha1(content));
  const events = (await engine.outbox(0, 10_000)).filter((event) => event.uploadId === id);
  expect(events.map((event) => event.kind)).toEqual(['finished']);
};

/** Bytes that were acknowledged are there; bytes that are there were sent. */
const checkOpen = async (
  engine: Engine,
  id: string,
  { acked, sent }: { acked: ReadonlyMap<number, number>; sent: ReadonlyMap<number, ReadonlySet<number>> },
): Promise<void> => {
  const upload = await engine.look(id);
  const there = new Map<number, number>();
  for (const range of await engine.ranges(id)) {
    const bytes = await collect(engine.read(upload, range));
    bytes.forEach((byte, index) => there.set(range.start + index, byte));
  }
  for (const [at] of acked) expect(there.has(at)).toBe(true);
  for (const [at, byte] of there) expect(sent.get(at)?.has(byte)).toBe(true);
};

/** What a client sent and what it was told has arrived, byte for byte. */
const accounts = () => {
  const acked = new Map<number, number>();
  const sent = new Map<number, Set<number>>();
  const each = (offset: number, bytes: Uint8Array, see: (at: number, byte: number) => void) => {
    bytes.forEach((byte, index) => {
      see(offset + index, byte);
    });
  };
  return {
    acked,
    sent,
    noteSent: (offset: number, bytes: Uint8Array) =>
      each(offset, bytes, (at, byte) => sent.set(at, (sent.get(at) ?? new Set()).add(byte))),
    noteAcked: (offset: number, bytes: Uint8Array) => each(offset, bytes, (at, byte) => acked.set(at, byte)),
  };
};

/** Appends chunk after chunk, as tus does; the last one finishes. */
export const appender = (name: string, content: Uint8Array, chunk: number): Client => {
  const told = accounts();
  let id: string | null = null;
  let done = false;
  return {
    name,
    drive: async (engine) => {
      id ??= (await engine.open({ dialect: 'test', owner: name, size: content.length, follow: ['sha1'] })).id;
      for (let turn = 0; turn < content.length + 2; turn += 1) {
        const upload = await engine.look(id, { settle: true });
        if (upload.state === 'finished') break;
        const offset = upload.contiguous;
        const bytes = content.subarray(offset, offset + chunk);
        told.noteSent(offset, bytes);
        const staged = await engine.stage(pieces(bytes, 2), {
          upload: id,
          offset,
          keep: 'arrived',
          length: bytes.length,
        });
        await engine.accept(staged, { finish: counted(name) });
        told.noteAcked(offset, bytes);
      }
      done = true;
    },
    check: async (engine) => {
      if (id === null) return;
      const { state } = await engine.look(id);
      if (done || state === 'finished') return checkFinished(engine, id, content);
      await checkOpen(engine, id, told);
    },
  };
};

/** Places chunks in a given order, some of them twice, one of them first with other bytes; then finishes. */
export const placer = (name: string, content: Uint8Array, order: readonly (readonly [number, number])[]): Client => {
  const told = accounts();
  const left = [...order];
  let id: string | null = null;
  let replaced = false;
  let done = false;
  const put = async (
    engine: Engine,
    upload: string,
    { at, bytes, overlap }: { at: number; bytes: Uint8Array; overlap: 'same' | 'replace' },
  ) => {
    told.noteSent(at, bytes);
    const staged = await engine.stage(pieces(bytes, 3), { upload, keep: 'whole' });
    await engine.accept(staged, { offset: at, overlap });
    told.noteAcked(at, bytes);
  };
  return {
    name,
    drive: async (engine) => {
      const spec = { dialect: 'test', owner: name, size: content.length, declared: { sha1: sha1(content) } };
      id ??= (await engine.open(spec)).id;
      if ((await engine.look(id)).state !== 'finished') {
        if (!replaced) await put(engine, id, { at: 1, bytes: Uint8Array.of(1, 2, 3), overlap: 'replace' });
        replaced = true;
        for (let next = left[0]; next; next = left[0]) {
          const [start, end] = next;
          await put(engine, id, { at: start, bytes: content.subarray(start, end), overlap: 'replace' });
          left.shift();
        }
      }
      await engine.finish(id, counted(name));
      done = true;
    },
    check: async (engine) => {
      if (id === null) return;
      const { state } = await engine.look(id);
      if (done || state === 'finished') return checkFinished(engine, id, content);
      await checkOpen(engine, id, told);
    },
  };
};

/** Uploads parts and lets them be joined. */
export const concatenator = (name: string, parts: readonly Uint8Array[]): Client => {
  const content = Buffer.concat(parts);
  const ids: string[] = [];
  let whole: string | null = null;
  let done = false;
  return {
    name,
    drive: async (engine) => {
      for (const [index, bytes] of parts.entries()) {
        ids[index] ??= (await engine.open({ dialect: 'test', owner: name, size: bytes.length })).id;
        const id = ids[index];
        if ((await engine.look(id, { settle: true })).state === 'sealed') continue;
        const { contiguous } = await engine.look(id);
        const staged = await engine.stage(pieces(bytes.subarray(contiguous), 2), {
          upload: id,
          offset: contiguous,
          keep: 'arrived',
        });
        await engine.accept(staged, { last: true });
      }
      whole ??= (await engine.concat(ids, { dialect: 'test', owner: name })).id;
      await engine.join(whole, counted(name));
      // A death between the joining and the finish leaves it sealed.
      if ((await engine.look(whole)).state === 'sealed') await engine.finish(whole, counted(name));
      done = true;
    },
    check: async (engine) => {
      if (done && whole !== null) await checkFinished(engine, whole, content);
    },
  };
};

/** Sends half of an upload and cancels it. */
export const canceller = (name: string): Client => {
  let id: string | null = null;
  let done = false;
  return {
    name,
    drive: async (engine) => {
      id ??= (await engine.open({ dialect: 'test', owner: name, size: 8 })).id;
      const { state, contiguous } = await engine.look(id, { settle: true });
      if (state === 'open' && contiguous === 0) {
        const staged = await engine.stage(pieces(new Uint8Array(4), 2), { upload: id, offset: 0, keep: 'whole' });
        await engine.accept(staged);
      }
      await engine.cancel(id);
      done = true;
    },
    check: async (engine) => {
      if (id === null || !done) return;
      const upload = await engine.look(id);
      expect(upload).toMatchObject({ state: 'cancelled', received: 0 });
      const late = engine.stage(pieces(new Uint8Array(1), 1), { upload: id, offset: 0, keep: 'whole' });
      await expect(late).rejects.toSatisfy((error) => isRefusal(error, 'not-open'));
    },
  };
};

/** The load that crash tests put on an engine: every way in which bytes become files. */
export const mixedLoad = (): Client[] => {
  const bytes = (length: number, seed: number) => Uint8Array.from({ length }, (_, index) => (index * 7 + seed) % 251);
  return [
    appender('append', bytes(23, 1), 9),
    appender('one chunk', bytes(5, 2), 5),
    appender('empty', bytes(0, 3), 1),
    placer('place', bytes(20, 4), [
      [12, 20],
      [0, 6],
      [6, 12],
      [0, 6],
    ]),
    concatenator('join', [bytes(4, 5), bytes(7, 6)]),
    canceller('cancel'),
  ];
};
