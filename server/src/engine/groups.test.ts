import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../kit/clock.js';
import { countingIds } from '../kit/ids.js';
import { openMemoryLedger } from '../ledgers/memory/ledger.js';
import { openMemoryStore } from '../stores/memory/store.js';
import { createEngine } from './engine.js';
import { type Ledger, type Store, shelf } from './ports.js';
import { Refusal } from './refusals.js';
import { usageOf } from './usage.js';

const hour = 3_600_000;
const mine = shelf<string>('mine');

let clock: ManualClock;
let store: Store;
let ledger: Ledger;
let engine: ReturnType<typeof createEngine>;

beforeEach(async () => {
  clock = manualClock();
  store = await openMemoryStore();
  ledger = await openMemoryLedger();
  engine = createEngine({ store, ledger, clock, ids: countingIds(), presence: { self: 1, isGone: () => false } });
});
afterEach(() => engine.close());

const send = async (upload: string, text: string, offset = 0) => {
  const body = (async function* () {
    yield Buffer.from(text);
  })();
  return engine.accept(await engine.stage(body, { upload, offset, keep: 'whole' }));
};

const openPair = async (expiry: number | null = null) => {
  const { id, uploads } = await engine.openGroup({
    dialect: 'test',
    owner: 'ann',
    metadata: { page: 1 },
    expiry: expiry === null ? null : { at: clock.now() + expiry, sliding: expiry },
    uploads: [{ size: 3, metadata: 'first' }, { size: 5 }],
  });
  const [first = '', second = ''] = uploads;
  return { id, first, second };
};

const statesOf = async (group: string) => (await engine.list({ group })).map(({ state }) => state);
const usage = () => ledger.read((facts) => usageOf(facts, 'ann'));

describe('a group with uploads', () => {
  it('is opened whole, or not at all', async () => {
    const { id, first } = await openPair();
    expect(await engine.look(first)).toMatchObject({ state: 'open', size: 3, metadata: 'first', group: id });
    expect((await usage()).reserved).toBe(8);
    const tooMuch = {
      dialect: 'test',
      owner: 'bob',
      uploads: [
        { size: 3, quota: 5 },
        { size: 3, quota: 5 },
      ],
    };
    await expect(engine.openGroup(tooMuch)).rejects.toMatchObject({ kind: 'over-quota' });
    expect(await engine.list({ owner: 'bob' })).toEqual([]);
    expect(await engine.listGroups({ owner: 'bob' })).toEqual([]);
  });

  it('is finished once, in one step with what is recorded, and its open uploads are cancelled', async () => {
    const { id, first } = await openPair();
    await send(first, 'abc');
    await engine.finish(first);
    let runs = 0;
    const record: NonNullable<Parameters<typeof engine.finishGroup>[1]>['record'] = async (facts, group, uploads) => {
      runs += 1;
      mine.put(facts, group.id, uploads.map(({ state }) => state).join());
      return { page: runs };
    };
    const refuse = async () => {
      throw new Refusal('malformed', { reason: 'not yet' });
    };
    await expect(engine.finishGroup(id, { record: refuse })).rejects.toMatchObject({ kind: 'malformed' });
    expect((await engine.lookGroup(id)).state).toBe('open');

    const [one, other] = await Promise.all([engine.finishGroup(id, { record }), engine.finishGroup(id, { record })]);
    expect(one).toMatchObject({ state: 'finished', result: { page: 1 }, endedAt: clock.now() });
    expect(other.result).toEqual(one.result);
    expect(runs).toBe(1);
    expect(await ledger.read((facts) => mine.get(facts, id))).toBe('finished,open');
    expect(await statesOf(id)).toEqual(['finished', 'cancelled']);
    expect(await usage()).toEqual({ reserved: 0, held: 3 });
    await expect(engine.cancelGroup(id)).rejects.toMatchObject({ kind: 'not-open' });
    await expect(engine.amendGroup(id, { metadata: 2 })).rejects.toMatchObject({ kind: 'not-open' });
  });

  it('takes no upload and finishes none once it has ended', async () => {
    const { id, first, second } = await openPair();
    await engine.cancelGroup(id);
    expect(await statesOf(id)).toEqual(['cancelled', 'cancelled']);
    expect((await engine.cancelGroup(id)).state).toBe('cancelled');
    await expect(engine.open({ dialect: 'test', owner: 'ann', group: id })).rejects.toMatchObject({ kind: 'not-open' });
    for (const upload of [first, second])
      await expect(engine.finish(upload)).rejects.toMatchObject({ kind: 'not-open' });
    await expect(engine.finishGroup(id)).rejects.toMatchObject({ kind: 'not-open' });
  });

  it('expires so long after the last touch of any of its uploads', async () => {
    const { id, first } = await openPair(24 * hour);
    clock.advance(20 * hour);
    await send(first, 'ab');
    clock.advance(5 * hour);
    expect(await engine.expire()).toBe(0);
    expect((await engine.lookGroup(id)).state).toBe('open');
    clock.advance(19 * hour);
    expect(await engine.expire()).toBe(1);
    expect((await engine.lookGroup(id)).state).toBe('expired');
    expect(await statesOf(id)).toEqual(['expired', 'expired']);
    expect((await usage()).reserved).toBe(0);
    expect(await engine.expire()).toBe(0);
  });

  it('is forgotten when it is over, and not before', async () => {
    const { id } = await openPair(24 * hour);
    await expect(engine.forgetGroup(id)).rejects.toMatchObject({ kind: 'not-open' });
    await engine.finishGroup(id);
    clock.advance(hour);
    const ended = await engine.listGroups({ endedBefore: clock.now() });
    expect(ended.map((group) => group.id)).toEqual([id]);
    expect(await engine.listGroups({ endedBefore: clock.now() - hour })).toEqual([]);
    await engine.forgetGroup(id);
    await engine.forgetGroup(id);
    await expect(engine.lookGroup(id)).rejects.toMatchObject({ kind: 'no-such-group' });
    clock.advance(30 * hour);
    expect(await engine.expire()).toBe(0);
  });

  it('has what a dying process left open of it ended by the next sweep', async () => {
    const { id, first } = await openPair();
    const broken = createEngine({
      ...{ store, clock, ids: countingIds('other'), presence: { self: 2, isGone: () => false } },
      // Dies right behind the commit that ends the group.
      ledger: {
        ...ledger,
        read: () => Promise.reject(new Error('died')),
      },
    });
    await expect(broken.cancelGroup(id)).rejects.toThrow('died');
    expect((await engine.lookGroup(id)).state).toBe('cancelled');
    expect((await engine.look(first)).state).toBe('open');
    await engine.expire();
    expect(await statesOf(id)).toEqual(['cancelled', 'cancelled']);
    await broken.close();
  });
});

describe('an emptied upload', () => {
  it('may be given another size, for which room is set aside', async () => {
    const { id } = await engine.open({ dialect: 'test', owner: 'ann', size: 3, maxSize: 10 });
    await send(id, 'ab');
    expect(await engine.reset(id, { size: 7 })).toMatchObject({ size: 7, received: 0 });
    expect((await usage()).reserved).toBe(7);
    expect((await engine.reset(id, { size: 2 })).reserved).toBe(2);
    expect((await usage()).reserved).toBe(2);
    await expect(engine.reset(id, { size: 11 })).rejects.toMatchObject({ kind: 'too-large' });
    expect((await engine.reset(id)).size).toBe(2);
  });
});
