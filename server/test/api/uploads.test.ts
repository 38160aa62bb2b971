import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Events, Health, Throughput, UploadDetail, Uploads } from '../../src/api/shapes/index.js';
import { type Desk, openDesk } from './desk.js';

let desk: Desk;

beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const begin = (owner: string, dialect = 'test') =>
  desk.app.engine.open({ dialect, owner, size: 1_000, from: '192.0.2.1' });

const send = async (upload: string, offset: number, bytes: number) => {
  const { engine } = desk.app;
  const body = (async function* () {
    yield Buffer.alloc(bytes);
  })();
  return engine.accept(await engine.stage(body, { upload, offset, keep: 'whole', from: '192.0.2.2' }));
};

const list = async (who: string, query = '') => {
  const { status, body } = await desk.as(who).ask('GET', `/uploads${query}`);
  expect(status).toBe(200);
  return v.parse(Uploads, body);
};
const idsOf = async (who: string, query = '') => (await list(who, query)).uploads.map(({ id }) => id);

describe('uploads', () => {
  it('are those that live, a page at a time, in the order of their ids', async () => {
    const ids = [];
    for (let each = 0; each < 5; each += 1) ids.push((await begin('alice')).id);
    ids.sort();
    await desk.app.engine.cancel(ids.splice(2, 1)[0] ?? '');
    expect(await idsOf('alice')).toEqual(ids);
    const first = await list('alice', '?limit=3');
    expect(first.next).toBe(ids[2]);
    expect(await idsOf('alice', `?limit=3&after=${first.next}`)).toEqual([ids[3]]);
    expect((await list('alice')).next).toBeNull();
  });

  it('are all told, also where more live than are followed', async () => {
    const ids: string[] = [];
    for (let each = 0; each < 10_001; each += 1) ids.push((await begin('alice')).id);
    const told: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const { uploads, next } = await list('alice', `?limit=1000&after=${after}`);
      told.push(...uploads.map(({ id }) => id));
      after = next;
    }
    expect(told).toEqual(ids.sort());
  });

  it('are told by state, protocol and owner, to administrators those of all', async () => {
    const [mine, gone, theirs] = [await begin('alice'), await begin('alice'), await begin('bob', 'other')];
    await desk.app.engine.cancel(gone.id);
    expect(await idsOf('alice')).toEqual([mine.id]);
    expect(await idsOf('alice', '?owner=bob')).toEqual([mine.id]);
    expect(await idsOf('alice', '?state=cancelled')).toEqual([gone.id]);
    expect(new Set(await idsOf('root'))).toEqual(new Set([mine.id, theirs.id]));
    expect(await idsOf('root', '?owner=bob')).toEqual([theirs.id]);
    expect(await idsOf('root', '?dialect=test')).toEqual([mine.id]);
    expect((await desk.as('root').ask('GET', '/uploads?state=lost')).status).toBe(400);
  });

  it('are told one by one with all that is known of them', async () => {
    const { id } = await begin('alice');
    await send(id, 0, 10);
    await send(id, 500, 20);
    const { status, body } = await desk.as('alice').ask('GET', `/uploads/${id}`);
    expect(status).toBe(200);
    expect(v.parse(UploadDetail, body)).toMatchObject({
      id,
      from: '192.0.2.2',
      size: 1_000,
      received: 30,
      contiguous: 10,
      ranges: [
        [0, 10],
        [500, 520],
      ],
    });
  });

  it('are told with a thousand ranges at most', async () => {
    const { id } = await desk.app.engine.open({ dialect: 'test', owner: 'alice', size: 10_000 });
    for (let each = 0; each < 1_001; each += 1) await send(id, each * 2, 1);
    expect((await desk.as('alice').ask('GET', `/uploads/${id}`)).body.ranges).toHaveLength(1_000);
  });

  it('of others are none, and may not be cancelled', async () => {
    const { id } = await begin('alice');
    const bob = desk.as('bob');
    for (const method of ['GET', 'DELETE']) {
      expect(await bob.ask(method, `/uploads/${id}`)).toMatchObject({
        status: 404,
        body: { type: 'urn:longshore:no-such-upload' },
      });
      expect((await bob.ask(method, '/uploads/nobody')).status).toBe(404);
      expect((await bob.ask(method, '/uploads/%E2%82%AC%20%00')).status).toBe(404);
    }
    expect((await desk.as('root').ask('DELETE', `/uploads/${id}`)).status).toBe(204);
    expect((await desk.as('alice').ask('DELETE', `/uploads/${id}`)).status).toBe(204);
    expect((await desk.app.engine.look(id)).state).toBe('cancelled');
  });

  it('that are files are not cancelled', async () => {
    const { id } = await begin('alice');
    await send(id, 0, 1_000);
    await desk.app.engine.finish(id);
    expect((await desk.as('alice').ask('DELETE', `/uploads/${id}`)).status).toBe(409);
  });
});

describe('events', () => {
  it('are told the newest first, a page at a time', async () => {
    for (const owner of ['alice', 'bob', 'alice', 'alice']) await desk.app.engine.cancel((await begin(owner)).id);
    const ask = async (who: string, query = '') =>
      v.parse(Events, (await desk.as(who).ask('GET', `/events${query}`)).body);
    const numbers = async (who: string, query = '') => (await ask(who, query)).events.map(({ number }) => number);
    expect(await numbers('root')).toEqual([4, 3, 2, 1]);
    expect(await numbers('alice')).toEqual([4, 3, 1]);
    expect(await numbers('bob')).toEqual([2]);
    expect(await ask('alice', '?limit=2')).toMatchObject({ next: 3 });
    expect(await numbers('alice', '?limit=2&before=3')).toEqual([1]);
    expect((await ask('root')).next).toBeNull();
  });
});

describe('what the server does', () => {
  it('is told to administrators', async () => {
    const { id } = await begin('alice');
    await send(id, 0, 250);
    const root = desk.as('root');
    const throughput = v.parse(Throughput, (await root.ask('GET', '/throughput')).body);
    expect(throughput.stepMs).toBe(5_000);
    expect(throughput.bytes.test).toHaveLength(720);
    expect(throughput.bytes.test?.at(-1)).toBe(250);
    const health = v.parse(Health, (await root.ask('GET', '/health')).body);
    expect(health).toMatchObject({ ready: true, failing: [], openUploads: 1, watchers: 0, node: process.version });
    expect(health.memory.rss).toBeGreaterThan(0);
    for (const path of ['/throughput', '/health']) expect((await desk.as('alice').ask('GET', path)).status).toBe(403);
  });
});
