import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import * as v from 'valibot';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { Task, Tasks } from '../../src/api/shapes/index.js';
import { basic, type Desk, openDesk } from './desk.js';

let desk: Desk;

const open = async (flags: Readonly<Record<string, string>> = {}): Promise<void> => {
  // Numbers say how faxes come out, and nothing leaves.
  desk = await openDesk({ flags: { 'dialects-interfax-transport': 'none', ...flags } });
};
afterEach(() => desk.close());

const as = (who: string) => ({ authorization: basic(who) });

/** Faxes a text; gives the transaction id. */
const fax = async (number: string, { text = 'Dear Ann', who = 'alice', wishes = '' } = {}): Promise<string> => {
  const path = `/outbound/faxes?faxNumber=${encodeURIComponent(number)}&retriesToPerform=1${wishes}`;
  const answer = await fetch(`${desk.url}${path}`, {
    method: 'POST',
    headers: { ...as(who), 'content-type': 'text/plain' },
    body: text,
  });
  expect(answer.status).toBe(201);
  return answer.headers.get('location')?.split('/').at(-1) ?? '';
};

const look = async (path: string, who = 'alice'): Promise<Task> => {
  const { status, body } = await desk.as(who).ask('GET', `/tasks/${path}`);
  expect(status).toBe(200);
  return v.parse(Task, body);
};

const list = async (query = '', who = 'alice'): Promise<Task[]> => {
  const { body } = await desk.as(who).ask('GET', `/tasks${query}`);
  return v.parse(Tasks, body).tasks;
};

/** Waits until the task is in this state. */
const until = async (path: string, state: Task['state']): Promise<Task> => {
  for (let tries = 0; tries < 600; tries += 1) {
    const task = await look(path);
    if (task.state === state) return task;
    await delay(50);
  }
  throw new Error(`the task does not become ${state}`);
};

const post = (path: string, who = 'alice') => desk.as(who).ask('POST', `/tasks/${path}`);

const waitsForEver = '+442079460008';
const isBusy = '+442079460001';

describe('faxes', () => {
  it('are tasks, in the vendor’s words, with their pages as pictures', async () => {
    await open();
    const id = await fax('+442079460123', {
      wishes: '&contact=Ann&reference=Offer',
      text: `one\f${'line\n'.repeat(20)}`,
    });
    const done = await until(`interfax/${id}`, 'done');
    expect(done).toMatchObject({
      dialect: 'interfax',
      id,
      owner: 'alice',
      title: 'Fax to Ann (+442079460123)',
      message: 'Sent',
      progress: 1,
      may: { retry: false, cancel: false },
      createdAt: desk.clock.now(),
      endedAt: desk.clock.now(),
    });
    expect(new Map(done.facts)).toEqual(
      new Map([
        ['Transaction', id],
        ['Number', '+442079460123'],
        ['Name', 'Ann'],
        ['Subject', 'Offer'],
        ['Documents', 'txt'],
        ['Pages', String(done.pages)],
        ['Pages sent', String(done.pages)],
        ['Transmissions', '1 of 1'],
        ['The other machine', expect.any(String)],
        ['Page', 'A4, Portrait, Standard'],
      ]),
    );
    expect(done.pages).toBeGreaterThan(0);
    const page = await fetch(`${desk.url}/api/tasks/interfax/${id}/pages/1`, { headers: as('alice') });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('image/png');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    // Of a fax 1728 pixels across, 204 an inch, and 2292 lines down, 196 an inch.
    const bytes = Buffer.from(await page.arrayBuffer());
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 1000, height: 1381 });
    const { channels } = await sharp(bytes).greyscale().stats();
    // White paper with some ink on it.
    expect(channels[0]?.min).toBeLessThan(80);
    expect(channels[0]?.mean).toBeGreaterThan(230);
    for (const number of ['0', String(done.pages + 1), '-1', 'x', '1e0'])
      expect((await desk.as('alice').ask('GET', `/tasks/interfax/${id}/pages/${number}`)).status).toBe(404);
  });

  it('lie down where they are landscape, and are not stretched where they are fine', async () => {
    await open();
    const id = await fax('+442079460123', { wishes: '&pageOrientation=landscape&resolution=fine' });
    await until(`interfax/${id}`, 'done');
    const page = await fetch(`${desk.url}/api/tasks/interfax/${id}/pages/1`, { headers: as('alice') });
    expect(await sharp(Buffer.from(await page.arrayBuffer())).metadata()).toMatchObject({ width: 1381, height: 1000 });
  });

  it('that failed can be sent again, as a fax of its own', async () => {
    await open();
    const id = await fax(isBusy);
    const failed = await until(`interfax/${id}`, 'failed');
    expect(failed).toMatchObject({ message: 'Busy (263)', progress: null, may: { retry: true, cancel: false } });
    const { status, body } = await post(`interfax/${id}/retry`);
    expect(status).toBe(200);
    const again = v.parse(Task, body);
    expect(again).toMatchObject({ owner: 'alice', title: failed.title, endedAt: null });
    expect(again.id).not.toBe(id);
    await until(`interfax/${again.id}`, 'failed');
    expect((await list()).map((task) => task.id)).toEqual([again.id, id]);
  });

  it('that wait can be cancelled, once', async () => {
    await open();
    const id = await fax('+442079460123', { wishes: '&postponeTime=2026-01-02T00:00:00Z' });
    expect(await look(`interfax/${id}`)).toMatchObject({ state: 'waiting', may: { retry: false, cancel: true } });
    expect((await post(`interfax/${id}/retry`)).status).toBe(400);
    const { body } = await post(`interfax/${id}/cancel`);
    expect(body).toMatchObject({ id, state: 'cancelled', message: 'Cancelled (403)', may: { cancel: false } });
    const again = await post(`interfax/${id}/cancel`);
    expect([again.status, again.body.type]).toEqual([400, 'urn:longshore:malformed']);
    // As its client sees it, and the queue.
    const seen = await fetch(`${desk.url}/outbound/faxes/${id}`, { headers: as('alice') });
    expect(await seen.json()).toMatchObject({ status: 403 });
    const { body: queue } = await desk.as('root').ask('GET', '/jobs?kind=interfax-fax');
    expect(queue.jobs).toMatchObject([{ state: 'cancelled' }]);
  });

  it('that are on the line can be cancelled when they are off it', async () => {
    await open();
    const id = await fax(waitsForEver);
    await until(`interfax/${id}`, 'running');
    expect((await list('?state=running')).map((task) => task.id)).toEqual([id]);
    expect(await list('?state=waiting')).toEqual([]);
    for (let tries = 0; tries < 200 && !(await look(`interfax/${id}`)).may.cancel; tries += 1) await delay(50);
    expect((await post(`interfax/${id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
  });
});

describe('conversions', () => {
  const job = async (body: object, who = 'alice'): Promise<{ id: string; server: string }> => {
    const answer = await fetch(`${desk.url}/v2/jobs`, {
      method: 'POST',
      headers: as(who),
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as { id: string; server: string };
  };

  const upload = async ({ id, server }: { id: string; server: string }, name: string, content: string) => {
    const form = new FormData();
    form.set('file', new Blob([content]), name);
    const answer = await fetch(`${server}/upload-file/${id}`, { method: 'POST', headers: as('alice'), body: form });
    expect(answer.status).toBe(200);
  };

  it('are tasks, from their beginning to their outputs', async () => {
    await open();
    const made = await job({ conversion: [{ category: 'hash', target: 'sha256' }] });
    const path = `api2convert/${made.id}`;
    expect(await look(path)).toMatchObject({
      title: 'No file yet → hash/sha256',
      state: 'waiting',
      pages: 0,
      may: { retry: false, cancel: true },
    });
    await upload(made, 'lake.txt', 'water');
    const done = await until(path, 'done');
    expect(done).toMatchObject({ title: 'lake.txt → hash/sha256', progress: 1, endedAt: desk.clock.now() });
    expect(done.facts).toEqual([
      ['Input', 'lake.txt (ready)'],
      ['Output', expect.stringMatching(/^lake\S* \(\S+, \d+ bytes\)$/)],
    ]);
    expect((await desk.as('alice').ask('GET', `/tasks/${path}/pages/1`)).status).toBe(404);
    expect((await post(`${path}/cancel`)).status).toBe(400);
    expect((await post(`${path}/retry`)).status).toBe(400);
  });

  it('are cancelled with all their files', async () => {
    await open();
    const made = await job({ process: false, conversion: [{ category: 'hash', target: 'sha256' }] });
    await upload(made, 'lake.txt', 'water');
    const count = async () => (await desk.as('alice').ask('GET', '/files')).body.files.length;
    expect(await count()).toBe(1);
    expect((await post(`api2convert/${made.id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    expect(await count()).toBe(0);
    const seen = await fetch(`${desk.url}/v2/jobs/${made.id}`, { headers: as('alice') });
    expect(await seen.json()).toMatchObject({ status: { code: 'canceled' } });
  });

  it('that failed are done anew, with inputs that could not be had fetched again', async () => {
    let asked = 0;
    const remote = createServer((_request, response) => {
      asked += 1;
      response.writeHead(asked === 1 ? 404 : 200).end('water');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void remote.close());
    await open({ 'dialects-api2convert-remote-hosts': '127.0.0.1' });
    const source = `http://127.0.0.1:${(remote.address() as AddressInfo).port}/lake.txt`;
    const made = await job({
      input: [{ type: 'remote', source }],
      conversion: [{ category: 'hash', target: 'sha256' }],
    });
    const path = `api2convert/${made.id}`;
    const failed = await until(path, 'failed');
    expect(failed).toMatchObject({ message: expect.stringContaining('404'), may: { retry: true, cancel: false } });
    const { status, body } = await post(`${path}/retry`);
    expect([status, body.id]).toEqual([200, made.id]);
    expect(await until(path, 'done')).toMatchObject({ title: 'lake.txt → hash/sha256' });
    expect(asked).toBe(2);
  });

  it('that fail once more have failed once more', async () => {
    await open();
    const made = await job({ conversion: [{ category: 'image', target: 'png' }] });
    await upload(made, 'a.jpg', 'no picture');
    const path = `api2convert/${made.id}`;
    const first = await until(path, 'failed');
    desk.clock.advance(1000);
    expect((await post(`${path}/retry`)).status).toBe(200);
    const second = await until(path, 'failed');
    expect(second.endedAt).toBeGreaterThan(first.endedAt ?? 0);
    expect(second.message).toBe(first.message);
  });
});

describe('tasks', () => {
  it('are one’s own; an administrator sees all, or those of one account, and may do with them what their owner may', async () => {
    await open();
    const postponed = { wishes: '&postponeTime=2026-01-02T00:00:00Z' };
    const hers = await fax('+442079460123', postponed);
    desk.clock.advance(10);
    const his = await fax('+442079460124', { ...postponed, who: 'bob' });
    const ids = async (who: string, query = '') => (await list(query, who)).map(({ id }) => id);
    expect(await ids('alice')).toEqual([hers]);
    expect(await ids('alice', '?owner=bob')).toEqual([hers]);
    expect(await ids('victor')).toEqual([]);
    expect(await ids('root')).toEqual([his, hers]);
    expect(await ids('root', '?owner=bob')).toEqual([his]);
    expect(await ids('root', '?limit=1')).toEqual([his]);
    expect(await ids('root', '?dialect=interfax')).toEqual([his, hers]);
    expect(await ids('root', '?dialect=api2convert')).toEqual([]);
    expect(await ids('root', '?state=done')).toEqual([]);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/pages/1'],
      ['POST', '/cancel'],
      ['POST', '/retry'],
    ] as const) {
      const { status, body } = await desk.as('bob').ask(method, `/tasks/interfax/${hers}${path}`);
      expect([status, body.type]).toEqual([404, 'urn:longshore:no-such-task']);
    }
    expect((await desk.as('victor').ask('POST', `/tasks/interfax/${hers}/retry`)).status).toBe(403);
    expect((await post(`interfax/${hers}/cancel`, 'root')).body).toMatchObject({ state: 'cancelled', owner: 'alice' });
    expect((await post(`interfax/${hers}/retry`, 'root')).body).toMatchObject({ state: 'waiting', owner: 'alice' });
  });

  it.each(['interfax/999', 'interfax/0', 'interfax/x', 'api2convert/1', 'tus/1', 'nobody/1', 'interfax/__proto__'])(
    'there is no task %s',
    async (path) => {
      await open();
      expect((await desk.as('root').ask('GET', `/tasks/${path}`)).status).toBe(404);
    },
  );

  it('a state that there is not is refused', async () => {
    await open();
    expect((await desk.as('alice').ask('GET', '/tasks?state=dead')).status).toBe(400);
  });
});

describe('the queue', () => {
  const kind = 'interfax-fax';

  it('is an administrator’s, and tells nothing of what jobs were given', async () => {
    await open();
    await fax('+442079460123', { wishes: '&postponeTime=2026-01-02T00:00:00Z' });
    const { body, text } = await desk.as('root').ask('GET', `/jobs?kind=${kind}&state=waiting`);
    expect(body.jobs).toEqual([
      {
        id: expect.any(String),
        kind,
        state: 'waiting',
        attempts: 0,
        maxAttempts: 1000,
        message: null,
        dueAt: Date.UTC(2026, 0, 2),
        createdAt: desk.clock.now(),
        endedAt: null,
      },
    ]);
    expect(text).not.toContain('input');
    const [{ id }] = body.jobs;
    expect((await desk.as('root').ask('GET', '/jobs?kind=other')).body.jobs).toEqual([]);
    expect((await desk.as('root').ask('GET', '/jobs?state=failed')).body.jobs).toEqual([]);
    expect((await desk.as('root').ask('GET', '/jobs?state=dead')).status).toBe(400);
    for (const [method, path] of [
      ['GET', '/jobs'],
      ['POST', `/jobs/${id}/retry`],
      ['POST', `/jobs/${id}/cancel`],
    ] as const) {
      expect((await desk.as('alice').ask(method, path)).status).toBe(403);
      expect((await desk.ask(method, path)).status).toBe(401);
    }
  });

  it('a job is done at once when it is retried', async () => {
    await open();
    const task = await fax('+442079460123', { wishes: '&postponeTime=2026-01-02T00:00:00Z' });
    const [{ id }] = (await desk.as('root').ask('GET', `/jobs?kind=${kind}`)).body.jobs;
    const { status, body } = await desk.as('root').ask('POST', `/jobs/${id}/retry`);
    expect([status, body.id]).toEqual([200, id]);
    await until(`interfax/${task}`, 'done');
  });

  it('a job is cancelled with the task that it is done for, which would wait for ever', async () => {
    await open();
    const task = await fax('+442079460123', { wishes: '&postponeTime=2026-01-02T00:00:00Z' });
    const [{ id }] = (await desk.as('root').ask('GET', `/jobs?kind=${kind}`)).body.jobs;
    expect((await desk.as('root').ask('POST', `/jobs/${id}/cancel`)).body).toMatchObject({ id, state: 'cancelled' });
    expect(await look(`interfax/${task}`)).toMatchObject({ state: 'cancelled' });
    expect((await desk.as('root').ask('POST', `/jobs/${id}/cancel`)).status).toBe(400);
    expect((await desk.as('root').ask('POST', '/jobs/nosuchjob/retry')).status).toBe(404);
    expect((await desk.as('root').ask('POST', '/jobs/..%2fx/cancel')).status).toBe(404);
  });
});
