import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type App, startApp } from '../../src/app.js';
import { configOf } from '../../src/config.js';
import { manualClock } from '../../src/kit/clock.js';
import { basic, openDesk } from './desk.js';
import { pass, settle, type Watching, watch } from './watching.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const watching = async (url: string, name: string): Promise<Watching> => {
  const found = await watch(url, { authorization: basic(name) });
  cleanups.push(found.close);
  return found;
};

const desk = async () => {
  const opened = await openDesk();
  cleanups.push(opened.close);
  return opened;
};

const send = async ({ engine }: App, upload: string, bytes: number) => {
  const body = (async function* () {
    yield Buffer.alloc(bytes);
  })();
  return engine.accept(await engine.stage(body, { upload, offset: 'end', keep: 'whole', from: '192.0.2.1' }));
};

const begin = ({ engine }: App, dialect = 'test') => engine.open({ dialect, owner: 'alice', size: 1_000_000 });

test('a thousand live uploads are told at once, and then those that change', async () => {
  const { app, clock, url } = await desk();
  const ids: string[] = [];
  for (let each = 0; each < 1_000; each += 1) ids.push((await begin(app)).id);
  const root = await watching(url, 'root');
  expect((await root.next('hello')).uploads.map(({ id }) => id)).toEqual(ids.sort());
  await settle();
  for (const id of ids.slice(0, 600)) await send(app, id, 100);
  await pass(clock, 500);
  expect(new Set((await root.next('uploads')).uploads.map(({ id }) => id))).toEqual(new Set(ids.slice(0, 600)));
});

test('a watcher that reads nothing holds nobody up, and is told how things are when it reads again', async () => {
  const { app, clock, url } = await desk();
  const ids: string[] = [];
  // So much is told of each that the buffers of a socket do not hold many messages.
  for (let each = 0; each < 100; each += 1) ids.push((await begin(app, 'x'.repeat(20_000))).id);
  const slow = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
  cleanups.push(() => slow.destroy());
  await once(slow, 'connect');
  slow.pause();
  slow.write(`GET /api/stream HTTP/1.1\r\nhost: x\r\nauthorization: ${basic('root')}\r\n\r\n`);
  const quick = await watching(url, 'root');
  await quick.next('hello');
  await settle();
  const rounds = 30;
  for (let round = 0; round < rounds; round += 1) {
    for (const id of ids) await send(app, id, 1);
    await pass(clock, 500);
    expect((await quick.next('uploads')).uploads.length).toBeGreaterThanOrEqual(ids.length);
    while (quick.waiting('uploads').length > 0) await quick.next('uploads');
  }
  let heard = '';
  slow.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  slow.resume();
  const last = `"id":"${ids.at(-1)}"`;
  while (!heard.slice(heard.lastIndexOf(last)).includes(`"received":${rounds},`)) await once(slow, 'data');
  // What it was told is what its socket had taken, and then how things were.
  expect(heard.split('event: uploads').length - 1).toBeLessThan(rounds / 2);
});

test('jobs that change are told to administrators, tasks to their owners as well', async () => {
  const { clock, url, as } = await desk();
  const [alice, bob, root] = [await watching(url, 'alice'), await watching(url, 'bob'), await watching(url, 'root')];
  for (const each of [alice, bob, root]) await each.next('hello');
  await pass(clock, 1_000);
  const fax = await fetch(`${url}/outbound/faxes?faxNumber=%2B442079460123`, {
    method: 'POST',
    headers: { authorization: basic('alice'), 'content-type': 'text/plain' },
    body: 'Good morning.',
  });
  expect(fax.status).toBe(201);
  await pass(clock, 1_000);
  const { jobs } = await root.next('jobs');
  expect(jobs).toHaveLength(1);
  const [task] = (await alice.next('tasks')).tasks;
  expect(task).toMatchObject({ dialect: 'interfax', owner: 'alice' });
  expect((await root.next('tasks')).tasks).toMatchObject([{ id: task?.id }]);
  expect((await as('alice').ask('POST', `/tasks/interfax/${task?.id}/cancel`)).status).toBe(200);
  await pass(clock, 1_000);
  const told = [];
  while (told.at(-1)?.state !== 'cancelled') told.push(...(await alice.next('tasks')).tasks);
  expect(alice.waiting('jobs')).toEqual([]);
  expect([bob.waiting('tasks'), bob.waiting('jobs')]).toEqual([[], []]);
});

test('however many uploads end at once, each is told of soon', async () => {
  const { app, clock, url } = await desk();
  const root = await watching(url, 'root');
  await root.next('hello');
  await pass(clock, 500);
  const ids: string[] = [];
  for (let each = 0; each < 700; each += 1) ids.push((await begin(app)).id);
  for (const id of ids) await app.engine.cancel(id);
  await pass(clock, 1_500);
  const told: string[] = [];
  while (told.length < ids.length) told.push((await root.next('event')).upload);
  expect(told).toEqual(ids);
});

test('after a restart all that lives is told; another server over the same folder is followed', async () => {
  const data = await mkdtemp(join(tmpdir(), 'longshore-'));
  cleanups.push(() => rm(data, { recursive: true, force: true }));
  const start = async () => {
    const clock = manualClock();
    const app = await startApp(configOf({ flags: { data, port: '0', 'accounts-password-cost': '10' } }), { clock });
    cleanups.push(app.close);
    return { app, clock };
  };
  const first = await start();
  await first.app.accounts.add({ name: 'root', password: 'secret', role: 'admin' });
  const { id } = await begin(first.app);
  await send(first.app, id, 500);
  const second = await start();
  const root = await watching(second.app.address, 'root');
  expect((await root.next('hello')).uploads).toMatchObject([{ id, received: 500, from: null, bytesPerSecond: 0 }]);
  await settle();
  await send(first.app, id, 10_000);
  first.clock.advance(1);
  const later = await begin(first.app);
  await pass(second.clock, 6_500);
  const told = new Map<string, number>();
  while (told.size < 2) for (const each of (await root.next('uploads')).uploads) told.set(each.id, each.received);
  expect(told).toEqual(
    new Map([
      [id, 10_500],
      [later.id, 0],
    ]),
  );
  await first.app.engine.cancel(id);
  await pass(second.clock, 6_500);
  expect(await root.next('event')).toMatchObject({ kind: 'cancelled', upload: id });
  const { uploads } = (await (
    await fetch(`${second.app.address}/api/uploads`, { headers: { authorization: basic('root') } })
  ).json()) as { uploads: { id: string }[] };
  expect(uploads.map((each) => each.id)).toEqual([later.id]);
});
