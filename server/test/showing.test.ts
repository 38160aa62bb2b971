import { afterEach, describe, expect, it } from 'vitest';
import { api2convertWith } from '../src/dialects/api2convert/dialect.js';
import type { Dialect } from '../src/dialects/dialect.js';
import * as dialects from '../src/dialects/index.js';
import type { Showing } from '../src/dialects/showing.js';
import type { Upload } from '../src/engine/upload.js';
import { defaultsOf } from '../src/kit/options.js';
import type { Account } from '../src/services/accounts/accounts.js';
import { openDesk, tools } from './api2convert/desk.js';
import { as, type Server, serve } from './memory-server.js';

let server: Server;
afterEach(() => server.close());

/** Serves a dialect; gives what it shows of itself. */
const open = async (given: object, options: object = {}): Promise<Showing> => {
  const dialect = given as Dialect;
  server = await serve({ dialect, options });
  return (await dialect.load()).show?.(server.host, { ...defaultsOf(dialect.options), ...options }) ?? {};
};

const send = async (path: string, init: RequestInit): Promise<Response> => {
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    ...init,
    headers: { ...as('alice'), ...(init.headers as Record<string, string> | undefined) },
  });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  return answer;
};

const named = async (showing: Showing, dialect?: string): Promise<(string | undefined)[]> =>
  (await server.host.engine.list(dialect === undefined ? {} : { dialect })).map((upload: Upload) =>
    showing.name?.(upload),
  );

const name = 'Angebot für Ann.txt';

describe('an upload is called as its client calls the file', () => {
  it('by tus', async () => {
    const showing = await open(dialects.tus);
    const headers = { 'tus-resumable': '1.0.0', 'upload-length': '5' };
    const metadata = `filename ${Buffer.from(name).toString('base64')}`;
    await send('/files/', { headers: { ...headers, 'upload-metadata': metadata } });
    await send('/files/', { headers });
    expect((await named(showing)).sort()).toEqual([name, undefined]);
  });

  it('by BrightSign', async () => {
    const showing = await open(dialects.brightsign);
    const type = 'application/vnd.bsn.start.content.upload.arguments.201903+json';
    await send('/Upload/2019/03/REST/Sessions/None/Uploads/', {
      headers: { 'content-type': type, accept: 'application/json' },
      body: JSON.stringify({ fileName: name, fileSize: 5 }),
    });
    expect(await named(showing)).toEqual([name]);
  });

  it('by infoRouter, with documents that come with one call; of a handler’s nothing is known', async () => {
    const showing = await open(dialects.inforouter);
    const login = await fetch(`${server.url}/srv.asmx/AuthenticateUser?UID=alice&PWD=secret`);
    const [, ticket = ''] = /ticket="([^"]+)"/.exec(await login.text()) ?? [];
    const form = new FormData();
    form.set('AuthenticationTicket', ticket);
    form.set('Path', `/Documents/${name}`);
    form.set('FileContent', new Blob(['x']), 'x');
    expect(await (await send('/srv.asmx/UploadDocument', { body: form })).text()).toContain('success="true"');
    expect(await named(showing)).toEqual([name]);
    const query = new URLSearchParams({ AuthenticationTicket: ticket, PreferedChunkSize: '0' });
    await fetch(`${server.url}/srv.asmx/CreateUploadHandler?${query}`);
    expect((await named(showing)).filter((each) => each === undefined)).toHaveLength(1);
  });

  it('by 4shared', async () => {
    const showing = await open(dialects.fourshared);
    await send('/v1_2/upload', { body: new URLSearchParams({ name, size: '5', folderId: '' }) });
    expect(await named(showing)).toEqual([name]);
  });

  it('by InterFAX’s REST; of a session’s nothing is known', async () => {
    const showing = await open(dialects.interfax);
    const query = new URLSearchParams({ name, size: '5' });
    const { headers } = await send(`/outbound/documents?${query}`, {});
    expect(await named(showing)).toEqual([name]);
    const path = new URL(headers.get('location') ?? '').pathname;
    await send(path, { headers: { range: 'bytes=0-1' }, body: 'ab' });
    expect(await named(showing)).toEqual([name]);
    await server.host.engine.open({ dialect: 'interfax', owner: 'alice' });
    expect((await named(showing)).filter((each) => each === undefined)).toHaveLength(1);
  });

  it('by API2Convert', async () => {
    const showing = await open(dialects.api2convert);
    const job = await send('/v2/jobs', { body: JSON.stringify({ conversion: [{ target: 'zip' }] }) });
    const { id } = (await job.json()) as { id: string };
    await send(`/v2/dl/web1/upload-file/${id}`, {
      headers: {
        'x-oc-upload-uuid': '1',
        'content-disposition': 'attachment; filename="lake.txt"',
        'content-range': 'bytes 0-1/5',
        'content-type': 'application/octet-stream',
      },
      body: 'ab',
    });
    expect(await named(showing)).toEqual(['lake.txt']);
  });
});

describe('what is taken in', () => {
  const account: Account = { name: 'alice', role: 'uploader', createdAt: 0, quota: null };
  const any = { endings: null };

  it.each([
    ['tus', dialects.tus, {}, { ...any, maxSize: null }],
    ['tus with a limit', dialects.tus, { maxSize: 77 }, { ...any, maxSize: 77 }],
    ['BrightSign', dialects.brightsign, {}, { ...any, maxSize: 5_000_000_000 }],
    ['infoRouter', dialects.inforouter, { uploadLimit: 99 }, { ...any, maxSize: 99 }],
    ['4shared', dialects.fourshared, {}, { ...any, maxSize: null }],
    ['API2Convert', dialects.api2convert, { maxFile: 88 }, { ...any, maxSize: 88 }],
  ] as const)('by %s', async (_of, dialect, options, expected) => {
    expect(await (await open(dialect, options)).intake?.(account)).toEqual(expected);
  });

  it('by InterFAX: what can be faxed here', async () => {
    const { intake } = await open(dialects.interfax, { libreOffice: '', ghostscript: '' });
    const found = await intake?.(account);
    expect(found?.maxSize).toBe(20 * 2 ** 20);
    for (const ending of ['pdf', 'txt', 'tif', 'html']) expect(found?.endings).toContain(ending);
    for (const ending of ['docx', 'ps', 'exe', 'zip']) expect(found?.endings).not.toContain(ending);
  });
});

describe('conversions', () => {
  it('tell how far they are, wait for their turn, and are found by their jobs', async () => {
    const { conversions, shut, open: openGate } = tools();
    shut();
    const desk = await openDesk({ conversions, options: { converters: 1 } });
    server = desk.server;
    const dialect = api2convertWith(() => conversions);
    const { tasks } =
      (await dialect.load()).show?.(server.host, { ...defaultsOf(dialect.options), converters: 1 }) ?? {};
    if (!tasks) throw new Error('there are no tasks');
    const start = async () => {
      const job = await desk.create({ conversion: [{ target: 'gate' }] });
      await desk.upload(job, 'a.txt', 'a');
      return String(job.id);
    };
    const first = await start();
    for (let tries = 0; tries < 200 && (await tasks.find(first))?.progress == null; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await tasks.find(first)).toMatchObject({ state: 'running', progress: 0.5 });
    const second = await start();
    expect(await tasks.find(second)).toMatchObject({ state: 'waiting', progress: null });
    const ids = async (state: 'waiting' | 'running') => (await tasks.list({ state, limit: 9 })).map(({ id }) => id);
    expect([await ids('running'), await ids('waiting')]).toEqual([[first], [second]]);
    const jobs = await server.host.jobs.list();
    expect(jobs.map((job) => tasks.of(job)).sort()).toEqual([first, second].sort());
    openGate();
    await desk.until(second, 'completed');
    expect(await tasks.find(second)).toMatchObject({ state: 'done', progress: 1 });
  });

  it('of all accounts are listed by their age, whoever has how many', async () => {
    const desk = await openDesk({ work: false });
    server = desk.server;
    const dialect = api2convertWith(() => tools().conversions);
    const { tasks } = (await dialect.load()).show?.(server.host, defaultsOf(dialect.options)) ?? {};
    const made: string[] = [];
    for (const key of [desk.key, desk.bobsKey, desk.key, desk.key, desk.bobsKey]) {
      server.clock.advance(1000);
      const { body } = await desk.ask(
        'POST',
        '/v2/jobs',
        { conversion: [{ target: 'join' }] },
        { 'x-oc-api-key': key },
      );
      made.unshift(body.id);
    }
    const ids = async (limit: number, owner?: string) =>
      (await tasks?.list({ limit, ...(owner !== undefined && { owner }) }))?.map(({ id }) => id);
    expect(await ids(9)).toEqual(made);
    expect(await ids(2)).toEqual(made.slice(0, 2));
    expect(await ids(9, 'bob')).toEqual([made[0], made[3]]);
    expect(await tasks?.list({ limit: 9, state: 'done' })).toEqual([]);
  });
});
