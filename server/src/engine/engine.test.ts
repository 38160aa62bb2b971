import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../kit/clock.js';
import { countingIds } from '../kit/ids.js';
import { openMemoryLedger } from '../ledgers/memory/ledger.js';
import { openMemoryStore } from '../stores/memory/store.js';
import { createEngine } from './engine.js';
import type { UploadEvent } from './events.js';
import type { Ledger, Store } from './ports.js';
import type { RefusalKind } from './refusals.js';
import { isRefusal, Refusal } from './refusals.js';
import { usageOf } from './usage.js';
import type { AcceptSpec, StageSpec } from './verbs.js';

const bytesOf = (text: string): Buffer => Buffer.from(text);
const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

async function* inPieces(text: string, piece = 3): AsyncGenerator<Uint8Array> {
  const all = bytesOf(text);
  for (let at = 0; at < all.length; at += piece) yield all.subarray(at, at + piece);
}

async function* thenFail(text: string, error: Error): AsyncGenerator<Uint8Array> {
  yield bytesOf(text);
  throw error;
}

const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<string> => {
  const all: Uint8Array[] = [];
  for await (const each of bytes) all.push(each);
  return Buffer.concat(all).toString();
};

const refused = async (kind: RefusalKind, work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isRefusal(error, kind)) throw error ?? new Error(`${kind} was expected, and it was not refused`);
  return error;
};

let clock: ManualClock;
let store: Store;
let ledger: Ledger;
let engine: ReturnType<typeof createEngine>;
let events: UploadEvent[];

beforeEach(async () => {
  clock = manualClock();
  store = await openMemoryStore();
  ledger = await openMemoryLedger();
  engine = createEngine({ store, ledger, clock, ids: countingIds(), presence: { self: 1, isGone: () => false } });
  events = [];
  engine.listen((event) => events.push(event));
});

afterEach(async () => {
  await engine.close();
});

const open = (spec: Partial<Parameters<typeof engine.open>[0]> = {}) =>
  engine.open({ dialect: 'test', owner: 'ann', ...spec });

const send = async (upload: string, text: string, how: Partial<StageSpec> = {}, spec: AcceptSpec = {}) =>
  engine.accept(await engine.stage(inPieces(text), { upload, keep: 'whole', ...how }), spec);

const content = async (id: string) => collect(engine.read(await engine.look(id)));

describe('an upload in order', () => {
  it('is a file once all of its bytes are there and it is finished', async () => {
    const { id } = await open({ size: 11, declared: { sha1: sha1('hello world') } });
    await send(id, 'hello ', { offset: 0, append: true });
    await send(id, 'world', { offset: 6, append: true });
    const done = await engine.finish(id);
    expect(done).toMatchObject({ state: 'finished', size: 11, received: 11 });
    // CRC-32 of "hello world", from its published test vectors.
    expect(done.digests).toEqual({ crc32: '0d4a1185', sha1: sha1('hello world') });
    expect(await content(id)).toBe('hello world');
    expect(events.map((event) => event.kind)).toEqual(['opened', 'progressed', 'progressed', 'finished']);
  });

  it('is finished in the step that brings the last byte', async () => {
    const { id } = await open({ size: 5 });
    const finish = { record: async () => ({ file: 7 }) };
    const { upload } = await send(id, 'bytes', { offset: 0, keep: 'arrived' }, { finish });
    expect(upload).toMatchObject({ state: 'finished', result: { file: 7 } });
    expect(await content(id)).toBe('bytes');
  });

  it('may be empty', async () => {
    const { id } = await open({ size: 0 });
    expect((await engine.finish(id)).digests.crc32).toBe('00000000');
    expect(await content(id)).toBe('');
  });

  it('is finished once: a repeated finish answers again and records nothing', async () => {
    const { id } = await open({ size: 1 });
    await send(id, 'x', { offset: 0 });
    let records = 0;
    const finish = () => engine.finish(id, { record: async () => ++records });
    const answers = await Promise.all([finish(), finish(), finish()]);
    expect(answers.map((answer) => answer.result)).toEqual([1, 1, 1]);
    expect(await engine.outbox(0)).toHaveLength(1);
  });

  it('refuses a chunk that does not begin where it ends', async () => {
    const { id } = await open({ size: 10 });
    await send(id, 'abc', { offset: 0, append: true });
    const { facts } = await refused('wrong-offset', send(id, 'x', { offset: 2, append: true }));
    expect(facts).toEqual({ expected: 3, given: 2 });
    await refused('wrong-offset', send(id, 'x', { offset: 4, keep: 'arrived' }));
  });

  it('refuses bytes beyond its end, announced or not, and keeps nothing of them', async () => {
    const { id } = await open({ size: 4 });
    await refused('beyond-end', send(id, 'hello', { offset: 0, length: 5 }));
    await refused('beyond-end', send(id, 'hello', { offset: 0, keep: 'arrived' }));
    expect((await engine.look(id)).received).toBe(0);
    await refused('too-large', open({ size: 5, maxSize: 4 }));
  });

  it('keeps what arrived before a cut, or nothing, as it is asked to', async () => {
    const { id } = await open({ size: 9 });
    const cut = new Error('the line went dead');
    const staged = await engine.stage(thenFail('abc', cut), { upload: id, offset: 0, keep: 'arrived' });
    expect(staged).toMatchObject({ cut: true, length: 3 });
    expect((await engine.accept(staged)).upload.contiguous).toBe(3);
    await expect(
      engine.stage(thenFail('def', cut), { upload: id, offset: 3, append: true, keep: 'whole' }),
    ).rejects.toBe(cut);
    expect((await engine.look(id)).contiguous).toBe(3);
  });

  it('takes a chunk whose body ends before its announced length for cut', async () => {
    const { id } = await open({ size: 9 });
    await refused('cut', send(id, 'abc', { offset: 0, length: 5 }));
    const staged = await engine.stage(inPieces('abc'), { upload: id, offset: 0, keep: 'arrived', length: 5 });
    expect(staged.cut).toBe(true);
  });
});

describe('chunks out of order', () => {
  it('may come in any order, placed before or after their bytes', async () => {
    const { id } = await open({ size: 9, follow: ['sha1'] });
    await send(id, 'ghi', {}, { offset: 6 });
    await send(id, 'abc', { offset: 0 });
    expect(await engine.ranges(id)).toEqual([
      { start: 0, end: 3 },
      { start: 6, end: 9 },
    ]);
    const { facts } = await refused('incomplete', engine.finish(id));
    expect(facts).toEqual({ received: 6, size: 9, missing: [{ start: 3, end: 6 }] });
    await send(id, 'def', {}, { offset: 3 });
    const done = await engine.finish(id);
    expect(done.digests).toEqual({ sha1: sha1('abcdefghi'), crc32: '8da988af' });
    expect(await content(id)).toBe('abcdefghi');
  });

  it('of unknown length leave the place behind their limit to others', async () => {
    const { id } = await open({ size: 6 });
    const staged = await engine.stage(inPieces('abc'), { upload: id, keep: 'whole', offset: 0, limit: 3 });
    // Had the first one kept everything behind it, this would wait until it is accepted.
    await send(id, 'def', { offset: 3, limit: 3 });
    await engine.accept(staged);
    await engine.finish(id);
    expect(await content(id)).toBe('abcdef');
  });

  it('know a repeated chunk, and accept what is new of an overlapping one', async () => {
    const { id } = await open({ size: 6 });
    await send(id, 'abcd', {}, { offset: 0 });
    expect((await send(id, 'abcd', {}, { offset: 0, overlap: 'same' })).repeated).toBe(true);
    expect((await send(id, 'cdef', {}, { offset: 2, overlap: 'same' })).repeated).toBe(false);
    await engine.finish(id);
    expect(await content(id)).toBe('abcdef');
  });

  it('refuse other bytes for a place that is taken, or let them win', async () => {
    const { id } = await open({ size: 6, follow: ['sha1'] });
    await send(id, 'abcd', {}, { offset: 0 });
    await refused('wrong-offset', send(id, 'XX', {}, { offset: 1, overlap: 'same' }));
    await refused('wrong-offset', send(id, 'bc', {}, { offset: 1, overlap: 'refuse' }));
    await send(id, 'XXXX', {}, { offset: 2, overlap: 'replace' });
    const done = await engine.finish(id);
    expect(await content(id)).toBe('abXXXX');
    expect(done.digests.sha1).toBe(sha1('abXXXX'));
  });

  it('are refused beyond the end', async () => {
    const { id } = await open({ size: 6 });
    await refused('beyond-end', send(id, 'abc', {}, { offset: 4 }));
    expect((await engine.look(id)).received).toBe(0);
  });

  it('wait in the store where memory does not do', async () => {
    const small = createEngine({
      store,
      ledger,
      clock,
      ids: countingIds('z'),
      presence: { self: 2, isGone: () => false },
      limits: { heldChunkBytes: 4 },
    });
    const { id } = await small.open({ dialect: 'test', owner: 'ann', size: 12 });
    const staged = await small.stage(inPieces('ghijkl'), { upload: id, keep: 'whole' });
    await small.accept(staged, { offset: 6 });
    await small.accept(await small.stage(inPieces('abcdef'), { upload: id, keep: 'whole' }), { offset: 0 });
    await small.finish(id);
    expect(await collect(small.read(await small.look(id)))).toBe('abcdefghijkl');
    const places = [];
    for await (const place of store.list()) places.push(place.kind);
    expect(places).toEqual(['object']);
    await small.close();
  });
});

describe('digests', () => {
  it('of a chunk are judged before it counts', async () => {
    const { id } = await open({ size: 3 });
    const { facts } = await refused(
      'digest-mismatch',
      send(id, 'abc', { offset: 0, digests: ['md5'] }, { digests: { md5: '0'.repeat(32) } }),
    );
    // MD5 of "abc", RFC 1321.
    expect(facts).toMatchObject({ scope: 'chunk', actual: '900150983cd24fb0d6963f7d28e17f72' });
    expect((await engine.look(id)).received).toBe(0);
    await send(id, 'abc', { offset: 0 }, { digests: { crc32: '352441c2' } });
  });

  it('of the whole end the upload as corrupt, or leave it open', async () => {
    const { id } = await open({ size: 3 });
    await send(id, 'abc', { offset: 0 });
    const wrong = { declared: { sha1: sha1('abd') } };
    await refused('digest-mismatch', engine.finish(id, { ...wrong, onMismatch: 'keep' }));
    expect((await engine.look(id)).state).toBe('open');
    await refused('digest-mismatch', engine.finish(id, wrong));
    expect((await engine.look(id)).state).toBe('corrupt');
    await refused('not-open', send(id, 'abc', { offset: 0 }));
    await engine.reset(id);
    await send(id, 'abd', { offset: 0 });
    expect((await engine.finish(id, wrong)).state).toBe('finished');
  });

  it('go on over chunks that were refused in between', async () => {
    const { id } = await open({ size: 6, declared: { sha1: sha1('abcdef') } });
    await send(id, 'abc', { offset: 0, append: true });
    const wrong = { digests: { crc32: '00000000' } };
    await refused('digest-mismatch', send(id, 'XXX', { offset: 3, append: true }, wrong));
    await send(id, 'def', { offset: 3, append: true });
    expect((await engine.finish(id)).state).toBe('finished');
  });
});

describe('a finish that its recording refuses', () => {
  it('never happened, and neither did the chunk that came with it', async () => {
    const { id } = await open({ size: 6, declared: { sha1: sha1('abcdef') } });
    await send(id, 'abc', { offset: 0, append: true });
    const record = async () => {
      throw new Refusal('name-taken', { name: 'x' });
    };
    const wrong = { declared: { sha1: sha1('abcXXX') }, record };
    await refused('name-taken', send(id, 'XXX', { offset: 3, append: true }, { finish: wrong }));
    expect(await engine.look(id)).toMatchObject({ state: 'open', contiguous: 3 });
    await send(id, 'def', { offset: 3, append: true }, { finish: {} });
    expect((await engine.look(id)).state).toBe('finished');
    expect(await content(id)).toBe('abcdef');
  });
});

describe('the end without a file', () => {
  it('by cancelling removes the bytes, once', async () => {
    const { id } = await open({ size: 6 });
    await send(id, 'abc', { offset: 0 });
    await engine.cancel(id);
    await engine.cancel(id);
    expect((await engine.look(id)).state).toBe('cancelled');
    expect(await store.size({ kind: 'part', name: id })).toBeNull();
    expect((await engine.outbox(0)).map((event) => event.kind)).toEqual(['cancelled']);
    await refused('not-open', send(id, 'x', { offset: 3 }));
  });

  it('by expiry slides with each chunk', async () => {
    const at = clock.now() + 1_000;
    const { id } = await open({ size: 6, expiry: { at, sliding: 1_000 } });
    clock.advance(900);
    await send(id, 'abc', { offset: 0 });
    clock.advance(900);
    expect(await engine.expire()).toBe(0);
    clock.advance(200);
    expect(await engine.expire()).toBe(1);
    expect((await engine.look(id)).state).toBe('expired');
    expect(events.at(-1)?.kind).toBe('expired');
  });

  it('cannot be had once the upload is finished', async () => {
    const { id } = await open({ size: 0 });
    await engine.finish(id);
    await refused('not-open', engine.cancel(id));
  });
});

describe('quota', () => {
  it('is reserved at the start, held by files, and given back', async () => {
    const usage = () => ledger.read((facts) => usageOf(facts, 'ann'));
    const first = await open({ size: 6, quota: 10 });
    await refused('over-quota', open({ size: 5, quota: 10 }));
    const second = await open({ size: 4, quota: 10 });
    await send(first.id, 'abcdef', { offset: 0 });
    await engine.finish(first.id);
    expect(await usage()).toEqual({ held: 6, reserved: 4 });
    await engine.cancel(second.id);
    expect(await usage()).toEqual({ held: 6, reserved: 0 });
    await engine.forget(first.id, { withBytes: true });
    expect(await usage()).toEqual({ held: 0, reserved: 0 });
  });

  it('grows with an upload of unknown size', async () => {
    const { id } = await open({ quota: 4 });
    await send(id, 'abc', { offset: 0 });
    await refused('over-quota', send(id, 'de', { offset: 3 }));
    expect((await engine.look(id)).received).toBe(3);
  });
});

/** An engine whose store fails in these calls, once each. */
const withFailing = (calls: { publish?: boolean; withdraw?: boolean }) => {
  const left = { ...calls };
  const failing: Store = {
    ...store,
    // The rename is done when the sync of the folder fails.
    publish: async (part, object, size) => {
      await store.publish(part, object, size);
      if (left.publish) {
        left.publish = false;
        throw new Error('the folder could not be synced');
      }
    },
    withdraw: async (object, part) => {
      if (left.withdraw) {
        left.withdraw = false;
        throw new Error('could not be brought back');
      }
      await store.withdraw(object, part);
    },
  };
  const presence = { self: 9, isGone: (other: unknown) => other === 9 };
  const limits = { patienceMs: 0 };
  return createEngine({ store: failing, ledger, clock, ids: countingIds('f'), presence, limits });
};

describe('a store that fails in the middle of a finish', () => {
  const half = async (with_: ReturnType<typeof createEngine>, text: string, offset: number, spec: AcceptSpec = {}) => {
    const staged = await with_.stage(inPieces(text), { upload: failingId, offset, append: true, keep: 'whole' });
    return with_.accept(staged, spec);
  };
  let failingId = '';

  it('costs no acknowledged byte when the publishing failed after its rename', async () => {
    const failing = withFailing({ publish: true });
    failingId = (await failing.open({ dialect: 'test', owner: 'ann' })).id;
    await half(failing, 'hello ', 0);
    await expect(failing.finish(failingId)).rejects.toThrow('synced');
    await half(failing, 'world', 6);
    const done = await failing.finish(failingId);
    expect(done.digests.crc32).toBe('0d4a1185');
    expect(await collect(failing.read(done))).toBe('hello world');
    await failing.close();
  });

  it('lets nobody write where bytes could not be brought back, until somebody else brings them back', async () => {
    const failing = withFailing({ withdraw: true });
    failingId = (await failing.open({ dialect: 'test', owner: 'ann', size: 11 })).id;
    await half(failing, 'hello ', 0);
    const record = async () => {
      throw new Error('not recorded');
    };
    await expect(half(failing, 'world', 6, { finish: { record } })).rejects.toThrow('brought back');
    clock.advance(1);
    const settling = half(failing, 'world', 6);
    clock.advance(1_000);
    await refused('busy', settling);
    await failing.close();
    // The process ends, and another one goes on.
    const next = createEngine({
      store,
      ledger,
      clock,
      ids: countingIds('n'),
      presence: { self: 10, isGone: () => true },
    });
    await half(next, 'world', 6, { finish: {} });
    expect(await collect(next.read(await next.look(failingId)))).toBe('hello world');
    await next.close();
  });

  it.each(['cancel', 'reset'] as const)('leaves no bytes behind when the next process begins with %s', async (verb) => {
    const failing = withFailing({ withdraw: true });
    failingId = (await failing.open({ dialect: 'test', owner: 'ann', size: 5 })).id;
    const record = async () => {
      throw new Error('not recorded');
    };
    await expect(half(failing, 'hello', 0, { finish: { record } })).rejects.toThrow('brought back');
    await failing.close();
    expect(await store.size({ kind: 'object', name: failingId })).toBe(5);
    const presence = { self: 10, isGone: () => true };
    const next = createEngine({ store, ledger, clock, ids: countingIds('n'), presence });
    await next[verb](failingId);
    for (const kind of ['object', 'part'] as const) expect(await store.size({ kind, name: failingId })).toBe(null);
    await next.close();
  });
});

describe('the last chunk', () => {
  it('seals the upload at its end, also when it is a repeat, or replaces other bytes', async () => {
    const repeated = await open();
    await send(repeated.id, 'aaaa', {}, { offset: 0 });
    await send(repeated.id, 'cccc', {}, { offset: 8 });
    const { upload } = await send(repeated.id, 'cccc', {}, { offset: 8, last: true });
    expect(upload).toMatchObject({ state: 'sealed', size: 12, received: 8 });
    const replaced = await open();
    await send(replaced.id, 'aaaa', {}, { offset: 0 });
    const other = await send(replaced.id, 'bbbb', {}, { offset: 0, overlap: 'replace', last: true });
    expect(other.upload).toMatchObject({ state: 'sealed', size: 4 });
  });

  it('tells the checksum of the whole, from those of the chunks', async () => {
    const { id } = await open();
    expect((await send(id, '1234')).upload.digests).toEqual({});
    const { upload } = await send(id, '56789', {}, { last: true });
    // The check value of CRC-32.
    expect(upload.digests).toEqual({ crc32: 'cbf43926' });
    const empty = await open();
    expect((await send(empty.id, '', {}, { last: true })).upload.digests).toEqual({ crc32: '00000000' });
  });

  it('of no bytes waits for a chunk that is on its way into its place', async () => {
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    let began = () => {};
    const begun = new Promise<void>((resolve) => {
      began = resolve;
    });
    const slow = createEngine({
      store: {
        ...store,
        write: async (part, position, buffers) => {
          began();
          await held;
          await store.write(part, position, buffers);
        },
      },
      ledger,
      clock,
      ids: countingIds('w'),
      presence: { self: 2, isGone: () => false },
    });
    const { id } = await slow.open({ dialect: 'test', owner: 'ann' });
    const [chunk, last] = [
      await slow.stage(inPieces('abc'), { upload: id, keep: 'whole' }),
      await slow.stage(inPieces(''), { upload: id, keep: 'whole' }),
    ];
    const first = slow.accept(chunk);
    await begun;
    const second = slow.accept(last, { last: true });
    go();
    await first;
    expect((await second).upload).toMatchObject({ state: 'sealed', size: 3, received: 3 });
    await slow.close();
  });
});

describe('what a dialect says of an upload', () => {
  it('may be its id, once', async () => {
    const { id } = await open({ id: 'f81d4fae7dec11d0a76500a0c91e6bf6' });
    expect(id).toBe('f81d4fae7dec11d0a76500a0c91e6bf6');
    await send(id, 'abc', {}, { last: true });
    await refused('malformed', open({ id }));
    await engine.finish(id);
    expect(await content(id)).toBe('abc');
    await engine.forget(id);
    await refused('malformed', open({ id }));
    await refused('malformed', open({ id: 'a/b' }));
  });

  it('may be changed by a chunk, with it or not at all', async () => {
    const { id } = await open({ size: 3, metadata: 'before' });
    await refused('beyond-end', send(id, 'abcd', { offset: 0 }, { metadata: 'never' }));
    expect((await engine.look(id)).metadata).toBe('before');
    await send(id, 'ab', { offset: 0 }, { metadata: 'after' });
    await send(id, 'c', { offset: 2 });
    expect((await engine.look(id)).metadata).toBe('after');
  });

  it('may come behind the bytes: which upload they are for', async () => {
    const staged = await engine.stage(inPieces('abcdef'), { keep: 'whole', limit: 6 });
    expect(staged).toMatchObject({ upload: null, length: 6 });
    const { id } = await open({ maxSize: 6 });
    await engine.accept(staged, { upload: id });
    expect((await engine.look(id)).received).toBe(6);
    const more = await engine.stage(inPieces('g'), { keep: 'whole' });
    await refused('too-large', engine.accept(more, { upload: id }));
    await refused('too-large', engine.stage(inPieces('abcdefg'), { keep: 'whole', limit: 6 }));
    const nobodys = await engine.stage(inPieces('abc'), { keep: 'whole' });
    await expect(engine.accept(nobodys)).rejects.toThrow(TypeError);
    const others = await engine.stage(inPieces('abc'), { upload: id, keep: 'whole' });
    await expect(engine.accept(others, { upload: 'another' })).rejects.toThrow(TypeError);
  });
});

describe('a quota', () => {
  it('is not passed by bytes that are committed on the way', async () => {
    const small = createEngine({
      store,
      ledger,
      clock,
      ids: countingIds('q'),
      presence: { self: 2, isGone: () => false },
      limits: { checkpointBytes: 4, batchBytes: 4 },
    });
    const { id } = await small.open({ dialect: 'test', owner: 'ann', quota: 10 });
    const long = 'x'.repeat(200);
    const announced = small.stage(inPieces(long, 4), { upload: id, offset: 0, keep: 'arrived', length: 200 });
    await refused('over-quota', announced);
    const staged = await small.stage(inPieces(long, 4), { upload: id, offset: 0, keep: 'arrived' });
    await refused('over-quota', small.accept(staged));
    expect(await small.look(id)).toMatchObject({ received: 0, reserved: 0 });
    await small.close();
  });

  it('counts a concatenation once', async () => {
    const parts: string[] = [];
    for (const text of ['aaaa', 'bbbb']) {
      const { id } = await open({ size: 4, quota: 10 });
      await send(id, text, { offset: 0 }, { last: true });
      parts.push(id);
    }
    const whole = await engine.concat(parts, { dialect: 'test', owner: 'ann', quota: 10, finish: {} });
    expect(whole.state).toBe('finished');
    expect(await ledger.read((facts) => usageOf(facts, 'ann'))).toEqual({ held: 8, reserved: 0 });
  });
});

describe('two at one upload', () => {
  it('the newest request gets it, and what the older one brought so far is kept', async () => {
    const { id } = await open({ size: 6 });
    let stall = () => {};
    async function* stalling(): AsyncGenerator<Uint8Array> {
      yield bytesOf('ab');
      await new Promise<void>((resolve) => {
        stall = resolve;
      });
      yield bytesOf('NO');
    }
    const old = engine.stage(stalling(), { upload: id, offset: 0, keep: 'arrived' });
    await new Promise((resolve) => setTimeout(resolve, 1));
    const settled = engine.look(id, { settle: true });
    const staged = await old;
    expect(staged.cut).toBe(true);
    await engine.accept(staged);
    expect((await settled).contiguous).toBe(2);
    stall();
    await send(id, 'cdef', { offset: 2, append: true });
    await engine.finish(id);
    expect(await content(id)).toBe('abcdef');
  });
});

describe('a stranger', () => {
  it('does not disturb the request that holds an upload', async () => {
    const { id } = await open({ size: 4 });
    let go = () => {};
    async function* waiting(): AsyncGenerator<Uint8Array> {
      yield bytesOf('ab');
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      yield bytesOf('cd');
    }
    const mine = engine.stage(waiting(), { upload: id, offset: 0, keep: 'arrived' });
    await new Promise((resolve) => setTimeout(resolve, 1));
    const judge = () => {
      throw new Refusal('no-such-upload', { id });
    };
    await refused('no-such-upload', send(id, 'XXXX', { offset: 0, append: true, judge }));
    go();
    expect((await mine).cut).toBe(false);
  });
});

describe('concatenation', () => {
  it('waits for its parts and is joined in their order', async () => {
    const [left, right] = [await open({ size: 3 }), await open({ size: 3 })];
    await send(right.id, 'def', { offset: 0 }, { last: true });
    const whole = await engine.concat([left.id, right.id], { dialect: 'test', owner: 'ann' });
    expect(whole).toMatchObject({ state: 'open', size: 6 });
    const { joins } = await send(left.id, 'abc', { offset: 0 }, { last: true });
    expect(joins).toEqual([whole.id]);
    const done = await engine.join(whole.id, { declared: { sha1: sha1('abcdef') } });
    expect(done.state).toBe('finished');
    expect(await content(whole.id)).toBe('abcdef');
    expect(done.digests.crc32).toBe('4b8e39ef');
    expect((await engine.join(whole.id)).state).toBe('finished');
  });
});

describe('groups', () => {
  it('hold uploads in the order in which they came', async () => {
    const group = await engine.openGroup({ dialect: 'test', owner: 'ann', metadata: { page: 1 } });
    const uploads = [await open({ group: group.id }), await open({ group: group.id })];
    expect((await engine.lookGroup(group.id)).uploads).toEqual(uploads.map((upload) => upload.id));
    await refused('no-such-group', open({ group: 'nobody' }));
  });
});

describe('a drain', () => {
  it('lets what runs end and refuses what is new', async () => {
    const { id } = await open({ size: 3 });
    const staged = await engine.stage(inPieces('abc'), { upload: id, offset: 0, keep: 'whole' });
    const accepted = engine.accept(staged);
    await engine.drain();
    expect((await accepted).upload.received).toBe(3);
    await refused('draining', open());
    await refused('draining', send(id, 'x', { offset: 3 }));
  });
});
