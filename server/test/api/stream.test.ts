import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { basic, type Desk, openDesk } from './desk.js';
import { pass, settle, type Watching, watch } from './watching.js';

let desk: Desk;
let open: Watching[];

beforeEach(async () => {
  desk = await openDesk();
  open = [];
});
afterEach(async () => {
  for (const each of open) each.close();
  await desk.close();
});

const watching = async (name: string, headers: Readonly<Record<string, string>> = {}): Promise<Watching> => {
  const found = await watch(desk.url, {
    ...(headers.cookie === undefined && { authorization: basic(name) }),
    ...headers,
  });
  open.push(found);
  return found;
};

const from = '192.0.2.7';

const begin = (owner: string, size: number | null = null, dialect = 'test') =>
  desk.app.engine.open({ dialect, owner, size, metadata: null });

const send = async (upload: string, bytes: number, spec: { last?: boolean } = {}) => {
  const { engine } = desk.app;
  const body = (async function* () {
    yield Buffer.alloc(bytes);
  })();
  return engine.accept(await engine.stage(body, { upload, offset: 'end', keep: 'whole', from }), spec);
};

describe('the stream', () => {
  it('begins with all that lives, and is sent as it comes', async () => {
    const { id } = await begin('alice', 1_000);
    await send(id, 250);
    const root = await watching('root');
    expect(root.answer.statusCode).toBe(200);
    expect(root.answer.headers['content-type']).toBe('text/event-stream');
    expect(root.answer.headers['cache-control']).toBe('no-store');
    expect(root.answer.headers['content-length']).toBeUndefined();
    const hello = await root.next('hello');
    expect(hello.at).toBe(desk.clock.now());
    expect(hello.uploads).toMatchObject([
      { id, owner: 'alice', dialect: 'test', state: 'open', size: 1_000, received: 250, from, bytesPerSecond: 0 },
    ]);
    expect(hello.throughput.bytes.test).toHaveLength(720);
    expect(hello.throughput.bytes.test?.at(-1)).toBe(250);
  });

  it('tells once of an upload that changed a thousand times', async () => {
    const { id } = await begin('alice');
    const root = await watching('root');
    await root.next('hello');
    await settle();
    for (let chunk = 0; chunk < 1_000; chunk += 1) await send(id, 10);
    await pass(desk.clock, 500);
    const { uploads } = await root.next('uploads');
    expect(uploads).toMatchObject([{ id, received: 10_000 }]);
    expect(root.waiting('uploads')).toEqual([]);
  });

  it('tells of rates, which fall to nothing by themselves', async () => {
    const { id } = await begin('alice');
    const root = await watching('root');
    await root.next('hello');
    await settle();
    const rates: number[] = [];
    for (let half = 0; half < 20; half += 1) {
      if (half % 2 === 0 && half < 6) await send(id, 3_000);
      await pass(desk.clock, 500);
      for (const { uploads } of root.waiting('uploads')) rates.push(...uploads.map((each) => each.bytesPerSecond));
      while (root.waiting('uploads').length > 0) await root.next('uploads');
    }
    expect(Math.max(...rates)).toBe(3_000);
    expect(rates.at(-1)).toBe(0);
  });

  it('tells of an end, and of what it became', async () => {
    const { id } = await begin('alice', 4);
    const root = await watching('root');
    await root.next('hello');
    await settle();
    await send(id, 4, { last: true });
    await desk.app.engine.finish(id);
    const gone = await begin('bob');
    await desk.app.engine.cancel(gone.id);
    await pass(desk.clock, 500);
    const { uploads } = await root.next('uploads');
    expect(new Map(uploads.map((each) => [each.id, each.state]))).toEqual(
      new Map([
        [id, 'finished'],
        [gone.id, 'cancelled'],
      ]),
    );
    const [first, second] = [await root.next('event'), await root.next('event')];
    expect(first).toMatchObject({ number: 1, kind: 'finished', upload: id, owner: 'alice', size: 4 });
    expect(second).toMatchObject({ number: 2, kind: 'cancelled', upload: gone.id });
    const again = await watching('root');
    expect((await again.next('hello')).uploads).toEqual([]);
  });

  it('tells administrators of throughput each second and of health each five, and others of their own uploads alone', async () => {
    const mine = await begin('alice', 10);
    const theirs = await begin('bob', 10);
    const [alice, root] = [await watching('alice'), await watching('root')];
    const hello = await alice.next('hello');
    expect(hello.uploads.map(({ id }) => id)).toEqual([mine.id]);
    expect(hello.throughput.bytes).toEqual({});
    await settle();
    await send(mine.id, 4);
    await send(theirs.id, 5);
    await desk.app.engine.cancel(theirs.id);
    await pass(desk.clock, 5_000);
    const told = alice.waiting('uploads').flatMap(({ uploads }) => uploads);
    expect(new Set(told.map(({ id }) => id))).toEqual(new Set([mine.id]));
    expect([alice.waiting('event'), alice.waiting('throughput'), alice.waiting('health')]).toEqual([[], [], []]);
    expect(root.waiting('throughput').length).toBeGreaterThanOrEqual(4);
    expect(root.waiting('throughput').reduce((most, { bytes }) => Math.max(most, bytes.test ?? 0), 0)).toBe(9);
    expect(await root.next('health')).toMatchObject({ ready: true, openUploads: 1, watchers: 2 });
  });

  it('says something every quarter of a minute', async () => {
    const alice = await watching('alice');
    await alice.next('hello');
    await pass(desk.clock, 46_000);
    expect(alice.heartbeats).toBe(3);
  });

  it('takes so many watchers of one account, and no more', async () => {
    for (let each = 0; each < 20; each += 1) await watching('alice');
    const tooMany = await watching('alice');
    expect(tooMany.answer.statusCode).toBe(503);
    expect(tooMany.answer.headers['content-type']).toBe('application/problem+json');
    expect((await watching('bob')).answer.statusCode).toBe(200);
    open[0]?.close();
    await settle();
    await settle();
    expect((await desk.as('root').ask('GET', '/health')).body.watchers).toBe(20);
    expect((await watching('alice')).answer.statusCode).toBe(200);
  });
});

describe('the stream ends', () => {
  it('with the session', async () => {
    const alice = await desk.login('alice');
    const stream = await watching('alice', { cookie: alice.cookie });
    await stream.next('hello');
    await alice.ask('DELETE', '/session');
    await pass(desk.clock, 5_000);
    await stream.ended;
  });

  it('with the account, and where it may not do any more what it might', async () => {
    const [alice, root] = [await watching('alice'), await watching('root')];
    await desk.app.accounts.remove('alice');
    await desk.app.accounts.amend('root', { role: 'viewer' });
    await pass(desk.clock, 5_000);
    await Promise.all([alice.ended, root.ended]);
  });

  it('when the server stops', async () => {
    const alice = await watching('alice');
    await alice.next('hello');
    await Promise.all([desk.app.drain(), alice.ended]);
  });

  it('and nobody is left when its client is gone, nor by a look at its headers', async () => {
    const alice = await watching('alice');
    await alice.next('hello');
    alice.close();
    expect((await desk.as('alice').ask('HEAD', '/stream')).status).toBe(200);
    await settle();
    await settle();
    expect((await desk.as('root').ask('GET', '/health')).body.watchers).toBe(0);
  });

  it('for nobody who is not logged in', async () => {
    expect((await desk.ask('GET', '/stream')).status).toBe(401);
  });
});
