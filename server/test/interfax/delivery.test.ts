import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dialect } from '../../src/dialects/dialect.js';
import { faxWorker } from '../../src/dialects/interfax/delivery.js';
import type { Fax, FaxSettings, Recipient } from '../../src/dialects/interfax/faxes/fax.js';
import { type Faxes, faxJobKind } from '../../src/dialects/interfax/faxes/faxes.js';
import { openFaxes } from '../../src/dialects/interfax/faxes/open.js';
import { options } from '../../src/dialects/interfax/options.js';
import { RenderFailure } from '../../src/dialects/interfax/rendering/failure.js';
import type { Renderer, RenderOrder } from '../../src/dialects/interfax/rendering/renderer.js';
import {
  type Line,
  type Outcome,
  type Outgoing,
  type Transport,
  Unreachable,
} from '../../src/dialects/interfax/transports/transport.js';
import { defaultsOf } from '../../src/kit/options.js';
import { type Server, serve } from '../memory-server.js';

const load = async () => ({ routes: () => [] });
const nothing = dialect({ name: 'nothing', title: '', doc: '', options: {}, endpoints: () => [], load });

const settings: FaxSettings = {
  csid: '',
  pageHeader: 'To {To} from {From}',
  jobId: '',
  subject: 'About',
  replyAddress: '',
  pageSize: 'A4',
  orientation: 'Portrait',
  resolution: 'Fine',
  rendering: 'BlackAndWhite',
  fitToPage: true,
  attempts: 3,
};

const image = 'a rendered fax';
const minute = 60_000;
const sent: Outcome = { status: 0, pagesSent: 2, duration: 9, remoteCsid: 'them' };
const failed = (status: number): Outcome => ({ ...sent, status, pagesSent: 0 });

let server: Server;
let faxes: Faxes;
let folder: string;
/** Every status that was noted, in order. */
let noted: number[];
let rendered: RenderOrder[];
let sendings: { fax: Outgoing; line: Line; signal: AbortSignal }[];
let withdrawn: string[];

beforeEach(async () => {
  server = await serve({ dialect: nothing });
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  [noted, rendered, sendings, withdrawn] = [[], [], [], []];
  const opened = openFaxes(server.host, { bytes: minute, record: minute });
  faxes = {
    ...opened,
    progress: async (id, status, known) => {
      const isStill = await opened.progress(id, status, known);
      if (isStill) noted.push(status);
      return isStill;
    },
    finished: async (id, status, known) => {
      noted.push(status);
      return opened.finished(id, status, known);
    },
  };
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Lets everything go on that needs no more time, also what waits for the disk. */
const settle = async () => {
  for (let i = 0; i < 60; i += 1) {
    await stat(folder);
    await setImmediate();
  }
};
const advance = async (ms: number) => {
  server.clock.advance(ms);
  await settle();
};

const renderer = (before: () => Promise<void> = async () => undefined): Renderer => ({
  render: async (order, _signal, use) => {
    rendered.push(order);
    for (const { bytes } of order.documents) for await (const _ of bytes);
    await before();
    const path = join(folder, 'fax.tif');
    await writeFile(path, image);
    return use({ path, size: image.length, pages: 2 });
  },
});

type Send = (fax: Outgoing, line: Line, signal: AbortSignal) => Promise<Outcome>;

const transport = (send: Send): Transport => ({
  name: 'test',
  send: (fax, line, signal) => {
    sendings.push({ fax, line, signal });
    return send(fax, line, signal);
  },
  withdraw: async (what) => void withdrawn.push(what),
});

const begin = (send: Send, with_: Renderer = renderer()) => {
  const values = { ...defaultsOf(options), retryInterval: 5 * minute };
  server.host.jobs.work(faxWorker(server.host, faxes, values, { renderer: with_, transport: transport(send) }));
  server.host.jobs.start();
};

const alone: readonly Recipient[] = [{ number: '0015551234', contact: '' }];

/** Enters a fax of one document to each of these, and gives the first id. */
const submit = async (
  more: Partial<FaxSettings> = {},
  postponedTo: number | null = null,
  recipients = alone,
): Promise<number> => {
  const { engine, ledger } = server.host;
  const upload = await engine.open({ dialect: 'interfax', owner: 'alice', size: 5 });
  const body = async function* () {
    yield Buffer.from('hello');
  };
  const staged = await engine.stage(body(), { upload: upload.id, offset: 0, keep: 'whole' });
  await engine.accept(staged, { last: true, finish: {} });
  return ledger.transact((facts) =>
    faxes.submit(facts, {
      owner: 'alice',
      recipients,
      settings: { ...settings, ...more },
      documents: [{ object: upload.id, offset: 0, length: 5, type: 'txt' }],
      postponedTo,
    }),
  );
};

const fax = async (id: number): Promise<Fax> => {
  const found = await server.host.ledger.read((facts) => faxes.find(facts, id));
  if (!found) throw new Error(`no fax ${id}`);
  return found;
};

it('a fax is rendered, kept, and sent; its status goes from -1 by -2 and -3 to 0', async () => {
  begin(async (_, line) => {
    await line.note('job 7');
    await line.onLine(true);
    return sent;
  });
  const id = await submit();
  expect((await fax(id)).status).toBe(-1);
  await settle();
  expect(noted).toEqual([-2, -3, -3, 0]);
  expect(await fax(id)).toMatchObject({
    status: 0,
    pagesSubmitted: 2,
    pagesSent: 2,
    attemptsMade: 1,
    duration: 9,
    remoteCsid: 'them',
    onLine: false,
    completedAt: server.clock.now(),
  });
  const kept = await faxes.image(id);
  const parts: Uint8Array[] = [];
  for await (const part of server.host.engine.readObject(kept?.object ?? '', { start: 0, end: image.length }))
    parts.push(part);
  expect(Buffer.concat(parts).toString()).toBe(image);
  expect(rendered).toMatchObject([
    { name: String(id), header: { template: 'To {To} from {From}', values: { to: '0015551234', from: 'alice' } } },
  ]);
  expect(sendings[0]?.fax).toMatchObject({ id, attempt: 1, number: '0015551234', noted: '' });
});

it('a document that cannot be rendered is 204000, at once', async () => {
  begin(
    async () => sent,
    renderer(() => Promise.reject(new RenderFailure('unreadable', 'no PDF'))),
  );
  const id = await submit();
  await settle();
  expect((await fax(id)).status).toBe(204_000);
  expect(sendings).toEqual([]);
  expect(rendered).toHaveLength(1);
});

it('busy lines are tried again, as often as the fax says, and rendered once', async () => {
  begin(async () => failed(263));
  const id = await submit();
  await settle();
  expect(await fax(id)).toMatchObject({ status: -3, attemptsMade: 1, onLine: false });
  await advance(5 * minute - 1);
  expect(sendings).toHaveLength(1);
  await advance(1);
  expect(await fax(id)).toMatchObject({ status: -3, attemptsMade: 2 });
  await advance(5 * minute);
  expect(await fax(id)).toMatchObject({ status: 263, attemptsMade: 3 });
  await advance(60 * minute);
  expect(sendings.map(({ fax: { attempt } }) => attempt)).toEqual([1, 2, 3]);
  expect(rendered).toHaveLength(1);
});

it('what will not get better is not tried again', async () => {
  begin(async () => failed(3912));
  const id = await submit();
  await settle();
  await advance(60 * minute);
  expect(sendings).toHaveLength(1);
  expect((await fax(id)).status).toBe(3912);
});

it('a fax that was postponed waits', async () => {
  begin(async () => sent);
  const id = await submit({}, server.clock.now() + 60 * minute);
  await advance(59 * minute);
  expect(rendered).toEqual([]);
  await advance(2 * minute);
  expect((await fax(id)).status).toBe(0);
});

it('a fax that is cancelled while it waits is taken back, and not sent', async () => {
  begin(async (_, line, signal) => {
    await line.note('job 7');
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  });
  const id = await submit();
  await settle();
  expect(await faxes.cancel([id])).toEqual([id]);
  await settle();
  expect(withdrawn).toEqual(['job 7']);
  expect((await fax(id)).status).toBe(403);
});

it('a fax that is cancelled at the last moment is not handed over', async () => {
  let handedOver = false;
  begin(async (_, line) => {
    await faxes.cancel([1]);
    await line.onLine(true);
    handedOver = true;
    return sent;
  });
  const id = await submit();
  await settle();
  expect([id, handedOver, (await fax(id)).status]).toEqual([1, false, 403]);
});

it('a fax that is cancelled while it is rendered is not sent, and its image goes', async () => {
  begin(
    async () => sent,
    renderer(async () => {
      await faxes.cancel([1]);
    }),
  );
  const id = await submit();
  await settle();
  expect(sendings).toEqual([]);
  expect(await fax(id)).toMatchObject({ status: 403, image: null });
});

it('after a stop it goes on with what was noted, and the attempt is the same', async () => {
  let isStopped = false;
  begin(async (_, line, signal) => {
    if (isStopped) return sent;
    await line.note('job 7');
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  });
  const id = await submit();
  await settle();
  await server.host.jobs.stop();
  isStopped = true;
  server.host.jobs.start();
  await settle();
  expect(sendings.map(({ fax: { attempt, noted: was } }) => [attempt, was])).toEqual([
    [1, ''],
    [1, 'job 7'],
  ]);
  expect(sendings[0]?.fax.key).toBe(sendings[1]?.fax.key);
  expect(withdrawn).toEqual([]);
  expect(rendered).toHaveLength(1);
  expect(await fax(id)).toMatchObject({ status: 0, attemptsMade: 1 });
});

it('a transport that cannot be reached is waited for, and that is no attempt', async () => {
  let isThere = false;
  begin(async () => {
    if (!isThere) throw new Unreachable('nobody there');
    return sent;
  });
  const id = await submit({ attempts: 1 });
  await settle();
  for (let i = 0; i < 10; i += 1) await advance(minute);
  expect(sendings.length).toBeGreaterThan(5);
  expect((await fax(id)).status).toBe(-2);
  isThere = true;
  await advance(minute);
  expect(await fax(id)).toMatchObject({ status: 0, attemptsMade: 1 });
});

it('faults of ours are tried again for a while, and then it is an internal error', async () => {
  begin(async () => {
    throw new Error('a bug');
  });
  const id = await submit();
  for (let i = 0; i < 40; i += 1) await advance(minute);
  expect(sendings).toHaveLength(8);
  expect((await fax(id)).status).toBe(1);
  expect(await server.host.jobs.list({ kind: faxJobKind })).toMatchObject([{ state: 'done' }]);
});

const three: readonly Recipient[] = [1, 2, 3].map((n) => ({ number: `001555000${n}`, contact: '' }));

/** Types of the documents of each rendering. */
const renderedTypes = () => rendered.map(({ documents }) => documents.map(({ type }) => type));

/** Lets time pass until the faxes of a batch of three are over. */
const over = async (first: number) => {
  const isOver = async (id: number) => (await fax(id)).completedAt !== null;
  for (const id of [first, first + 1, first + 2])
    for (let i = 0; i < 200 && !(await isOver(id)); i += 1) await (i < 50 ? settle() : advance(minute));
};

describe('a batch', () => {
  it('is rendered once, and its faxes share the image, where their header is the same', async () => {
    begin(async () => sent);
    const first = await submit({ pageHeader: 'From {From}, {TotalPages} pages' }, null, three);
    await over(first);
    expect(rendered).toMatchObject([{ header: { template: 'From {From}, {TotalPages} pages' } }]);
    const images = await Promise.all([0, 1, 2].map((n) => faxes.image(first + n)));
    expect(new Set(images.map((each) => each?.object)).size).toBe(1);
    for (const n of [0, 1, 2]) expect(await fax(first + n)).toMatchObject({ status: 0, pagesSubmitted: 2 });
  });

  it('is rendered once, and its pages get the header of each fax, where that differs', async () => {
    begin(async () => sent);
    const first = await submit({ pageHeader: 'To {To}', orientation: 'Landscape' }, null, three);
    await over(first);
    expect(renderedTypes()).toEqual([['txt'], ['tif'], ['tif'], ['tif']]);
    const [whole, ...stamped] = rendered;
    expect(whole).toMatchObject({ header: { template: '' }, settings: { orientation: 'Landscape' } });
    for (const { settings: upright } of stamped) expect(upright.orientation).toBe('Portrait');
    expect(stamped.map(({ header }) => header.values['to']).sort()).toEqual(three.map(({ number }) => number));
    const images = await Promise.all([0, 1, 2].map((n) => faxes.image(first + n)));
    expect(new Set(images.map((each) => each?.object)).size).toBe(3);
  });

  it('is not rendered again after a stop', async () => {
    let isStopped = false;
    begin(
      async () => sent,
      renderer(async () => {
        // The server stops when the pages are there and the first header is to be printed.
        if (rendered.length === 2 && !isStopped) throw new Error('a stop');
      }),
    );
    const first = await submit({}, null, three);
    for (let i = 0; i < 200 && rendered.length < 2; i += 1) await settle();
    await server.host.jobs.stop();
    isStopped = true;
    server.host.jobs.start();
    await over(first);
    expect(renderedTypes().filter(([type]) => type === 'txt')).toHaveLength(1);
    for (const id of [1, 2, 3]) expect((await fax(id)).status).toBe(0);
  });

  it('is rendered for the others where the one that had it done is cancelled meanwhile', async () => {
    begin(
      async () => sent,
      renderer(async () => {
        if (rendered.length > 1) return;
        await faxes.cancel([1]);
        throw new Error('aborted');
      }),
    );
    const first = await submit({}, null, three);
    await over(first);
    expect(renderedTypes()).toEqual([['txt'], ['txt'], ['tif'], ['tif']]);
    expect(await Promise.all([1, 2, 3].map(async (id) => (await fax(id)).status))).toEqual([403, 0, 0]);
  });

  it('that cannot be rendered is tried once, and all its faxes are 204000', async () => {
    begin(
      async () => sent,
      renderer(() => Promise.reject(new RenderFailure('unreadable', 'no PDF'))),
    );
    const first = await submit({}, null, three);
    await over(first);
    expect(rendered).toHaveLength(1);
    for (const id of [1, 2, 3]) expect((await fax(id)).status).toBe(204_000);
  });

  it('leaves no bytes when its time is over', async () => {
    begin(async () => sent);
    const first = await submit({}, null, three);
    await over(first);
    const pages = (await fax(first)).batchPages;
    const images = await Promise.all([0, 1, 2].map((n) => faxes.image(first + n)));
    const isThere = async (object = ''): Promise<boolean> => {
      try {
        for await (const _ of server.host.engine.readObject(object, { start: 0, end: 1 }));
        return true;
      } catch {
        return false;
      }
    };
    const left = () => Promise.all([pages, ...images].map((each) => isThere(each?.object)));
    expect(await left()).toEqual([true, true, true, true]);
    await advance(2 * minute);
    const { sweep } = openFaxes(server.host, { bytes: minute, record: 60 * minute });
    for (let i = 0; i < 10 && (await sweep.run(new AbortController().signal)); i += 1);
    expect(await left()).toEqual([false, false, false, false]);
  });
});
