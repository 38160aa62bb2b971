import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InfoRouterOptions } from '../../src/dialects/inforouter/options.js';
import type { Server } from '../memory-server.js';
import { serveInfoRouter } from './calls.js';
import { type Desk, hex, openDesk } from './desk.js';
import { childOf, readXml } from './xml.js';

// Two clients on one handler, and handlers that are not what a client takes them for (specs/inforouter.md §5.3, §5.5).

let server: Server;
let alice: Desk;
let again: Desk;
let bob: Desk;

const begin = async (options: Partial<InfoRouterOptions> = {}): Promise<void> => {
  server = await serveInfoRouter(options);
  const endpoint = `${server.url}/srv.asmx`;
  [alice, again, bob] = await Promise.all([
    openDesk(endpoint, 'Alice'),
    openDesk(endpoint, 'Alice again'),
    openDesk(endpoint, 'Bob', 'bob'),
  ]);
};

beforeEach(() => begin());
afterEach(() => server.close());

const day = 24 * 60 * 60 * 1000;
const taken = { success: 'true', tryagain: 'false' };
const no = (error: string) => ({ success: 'false', errorCode: '4000', errorcode: '4000', error });
const unknown = no('Upload handler cannot be found.');
const complete = { ...no('Upload handler is already complete.'), tryagain: 'false' };

const open = async (desk = alice): Promise<string> =>
  (await desk.must('CreateUploadHandler', { PreferedChunkSize: 0 })).attributes.UploadHandler ?? '';

const send = async (desk: Desk, UploadHandler: string, FileChunk: Buffer, LastChunk = false) =>
  (await desk.ask('UploadFileChunk', { UploadHandler, FileChunk, ChunkHEXCRC: hex(FileChunk), LastChunk })).attributes;

const commit = async (desk: Desk, UploadHandler: string, Path: string) =>
  (await desk.ask('UploadDocumentWithHandler', { Path, UploadHandler })).attributes;

const pathOf = (name: string) => `${alice.folder}/${name}`;

const contentOf = async (path: string): Promise<Buffer> => {
  const query = new URLSearchParams({ AuthenticationTicket: alice.ticket, Path: path });
  const reply = await fetch(`${alice.endpoint}/DownloadDocument?${query}`);
  expect(reply.status).toBe(200);
  return Buffer.from(await reply.arrayBuffer());
};

const versionsAt = async (Path: string): Promise<number> =>
  childOf(await alice.must('GetDocumentVersions', { Path }), 'Versions').children.length;

/** Chunks of 100 to 300 kB, each of one byte over and over, so that none can hide in another. */
const chunks = Array.from({ length: 24 }, (_, index) => Buffer.alloc(100_000 + (index % 3) * 100_000, index + 1));

/** Begins to send a chunk, and stops in its middle. */
const beginChunk = async (handler: string, chunk: Buffer) => {
  const form = {
    AuthenticationTicket: alice.ticket,
    UploadHandler: handler,
    ChunkHEXCRC: hex(chunk),
    LastChunk: 'false',
  };
  const body = Buffer.from(`${new URLSearchParams(form)}&FileChunk=${encodeURIComponent(chunk.toString('base64'))}`);
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
  const sent = request(`${alice.endpoint}/UploadFileChunk`, { method: 'POST', headers, agent: false });
  sent.on('error', () => undefined);
  const half = body.length / 2;
  await new Promise((resolve) => sent.write(body.subarray(0, half), resolve));
  return {
    hangUp: () => sent.destroy(),
    finish: async (): Promise<string> => {
      sent.end(body.subarray(half));
      const [reply] = await once(sent, 'response');
      return text(reply);
    },
  };
};

/** Runs of equal bytes: each byte, and how often. */
const runsOf = (bytes: Buffer): [byte: number, count: number][] => {
  const runs: [number, number][] = [];
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    let end = at;
    while (bytes[end] === byte) end += 1;
    runs.push([byte, end - at]);
    at = end;
  }
  return runs;
};

describe('two clients on one handler', () => {
  test('have their chunks one after the other, each whole', async () => {
    const handler = await open();
    const sender = (desk: Desk, part: number) => async () => {
      for (const [index, chunk] of chunks.entries())
        if (index % 2 === part) expect(await send(desk, handler, chunk)).toEqual(taken);
    };
    await Promise.all([sender(alice, 0)(), sender(again, 1)()]);
    const end = Buffer.from('end');
    const last = await send(alice, handler, end, true);
    expect(await commit(again, handler, pathOf('both.bin'))).toMatchObject({ success: 'true' });
    const content = await contentOf(pathOf('both.bin'));
    expect(last).toEqual({ ...taken, filehexcrc: hex(content) });
    const runs = runsOf(content.subarray(0, -end.length));
    expect([...runs].sort(([one], [other]) => one - other)).toEqual(
      chunks.map((chunk, index) => [index + 1, chunk.length]),
    );
    const ofOne = runs.map(([byte]) => byte).filter((byte) => byte % 2 === 1);
    expect(ofOne, 'what one client sent is in its order').toEqual([...ofOne].sort((one, other) => one - other));
  });

  test('one of which is damaged, lose nothing of the other', async () => {
    const handler = await open();
    const damaged = () =>
      again.ask('UploadFileChunk', {
        ...{ UploadHandler: handler, FileChunk: Buffer.alloc(200_000, 99), ChunkHEXCRC: '1', LastChunk: true },
      });
    for (const chunk of chunks.slice(0, 6)) {
      const [other, mine] = await Promise.all([damaged(), send(alice, handler, chunk)]);
      expect(mine).toEqual(taken);
      expect(other.attributes).toMatchObject({ success: 'false', tryagain: 'true' });
    }
    const content = Buffer.concat(chunks.slice(0, 7));
    const last = await send(alice, handler, chunks[6] ?? Buffer.alloc(0), true);
    expect(last).toEqual({ ...taken, filehexcrc: hex(content) });
    await commit(alice, handler, pathOf('mine.bin'));
    expect((await contentOf(pathOf('mine.bin'))).equals(content)).toBe(true);
  });

  test('that both send the last chunk: one does, and the same one again is not appended', async () => {
    const handler = await open();
    const last = Buffer.from('the end');
    const answers = await Promise.all([alice, again, alice, again].map((desk) => send(desk, handler, last, true)));
    expect(answers).toEqual(answers.map(() => ({ ...taken, filehexcrc: hex(last) })));
    await commit(alice, handler, pathOf('end.bin'));
    expect((await contentOf(pathOf('end.bin'))).equals(last)).toBe(true);
  });

  test('one of which is slow: its chunk comes too late where the other one’s last came first', async () => {
    const handler = await open();
    const slow = await beginChunk(handler, Buffer.alloc(600_000, 1));
    const last = Buffer.alloc(300_000, 2);
    expect(await send(again, handler, last, true)).toEqual({ ...taken, filehexcrc: hex(last) });
    expect(readXml(await slow.finish()).attributes).toEqual(complete);
    await commit(alice, handler, pathOf('quick.bin'));
    expect((await contentOf(pathOf('quick.bin'))).equals(last)).toBe(true);
  });

  test('one of which hangs up in the middle of a chunk: that chunk never happened', async () => {
    const handler = await open();
    const cut = await beginChunk(handler, Buffer.alloc(600_000, 1));
    cut.hangUp();
    const chunk = Buffer.alloc(300_000, 2);
    expect(await send(again, handler, chunk)).toEqual(taken);
    expect(await send(again, handler, chunk, true)).toEqual({
      ...taken,
      filehexcrc: hex(Buffer.concat([chunk, chunk])),
    });
  });

  test('that both commit: one document, or one version, comes of it', async () => {
    for (const path of [pathOf('once.bin'), pathOf('once.bin')]) {
      const handler = await alice.handler();
      const before = (await alice.ask('DocumentExists', { Path: path })).attributes.success === 'true';
      const answers = await Promise.all([alice, again, alice, again].map((desk) => commit(desk, handler, path)));
      const [won, ...others] = answers.sort((one) => (one.success === 'true' ? -1 : 1));
      expect(won).toMatchObject({ success: 'true', VersionId: before ? '1000001' : '1000000' });
      expect(others).toEqual([unknown, unknown, unknown]);
      expect(await versionsAt(path)).toBe(before ? 2 : 1);
    }
  });

  test('one of which deletes it while the other sends: the chunk is taken, or the handler is gone', async () => {
    const handler = await open();
    const chunk = Buffer.alloc(300_000, 7);
    const [answer, deleted] = await Promise.all([
      send(alice, handler, chunk),
      again.ask('DeleteUploadHandler', { UploadHandler: handler }),
    ]);
    expect(deleted.attributes).toEqual({ success: 'true', error: '' });
    expect([taken, { ...unknown, tryagain: 'false' }]).toContainEqual(answer);
    expect(await send(alice, handler, chunk)).toEqual({ ...unknown, tryagain: 'false' });
    expect(await server.host.engine.list({ states: ['open', 'sealed'] })).toEqual([]);
  });

  test('that commit two handlers to one path: a document with two versions', async () => {
    const [one, other] = [await open(), await open()];
    await send(alice, one, Buffer.from('one'), true);
    await send(again, other, Buffer.from('other'), true);
    const answers = await Promise.all([
      commit(alice, one, pathOf('shared.bin')),
      commit(again, other, pathOf('shared.bin')),
    ]);
    expect(answers.map(({ VersionId }) => VersionId).sort()).toEqual(['1000000', '1000001']);
    expect(new Set(answers.map(({ DocumentId }) => DocumentId)).size).toBe(1);
    expect(await versionsAt(pathOf('shared.bin'))).toBe(2);
  });
});

describe('a handler', () => {
  test('of another user is one that is not there, and stays what it was', async () => {
    const handler = await open();
    expect(await send(alice, handler, Buffer.from('mine '))).toEqual(taken);
    expect(await send(bob, handler, Buffer.from('his'), true)).toEqual({ ...unknown, tryagain: 'false' });
    expect(await commit(bob, handler, `${bob.folder}/his.bin`)).toEqual(unknown);
    const deleted = await bob.ask('DeleteUploadHandler', { UploadHandler: handler });
    expect(deleted.attributes).toEqual({ success: 'true', error: '' });
    const content = Buffer.from('mine and mine alone');
    expect(await send(alice, handler, Buffer.from('and mine alone'), true)).toEqual({
      ...taken,
      filehexcrc: hex(content),
    });
    await alice.must('LogOut');
    alice = await openDesk(alice.endpoint, 'Alice, logged in anew');
    expect(await commit(alice, handler, pathOf('mine.bin'))).toMatchObject({ success: 'true' });
    expect((await contentOf(pathOf('mine.bin'))).equals(content)).toBe(true);
  });

  test('that is over its time is not there, and its bytes go', async () => {
    const [kept, left] = [await open(), await open()];
    await send(alice, left, Buffer.from('left'), true);
    server.clock.advance(day - 1000);
    expect(await send(alice, kept, Buffer.from('kept'))).toEqual(taken);
    server.clock.advance(1000);
    expect(await send(alice, left, Buffer.from('left'), true)).toEqual({ ...unknown, tryagain: 'false' });
    expect(await commit(alice, left, pathOf('left.bin'))).toEqual(unknown);
    await server.host.engine.expire();
    expect(await server.host.engine.list({ states: ['open', 'sealed'] })).toHaveLength(1);
    expect(await send(alice, kept, Buffer.from('!'), true)).toEqual({
      ...taken,
      filehexcrc: hex(Buffer.from('kept!')),
    });
  });

  test('is there until its last chunk has come: a commit before that changes nothing', async () => {
    const handler = await open();
    await send(alice, handler, Buffer.from('first '));
    expect(await commit(alice, handler, pathOf('early.bin'))).toEqual(no('Invalid upload handler.'));
    expect((await alice.ask('DocumentExists', { Path: pathOf('early.bin') })).attributes.success).toBe('false');
    await send(alice, handler, Buffer.from('last'), true);
    expect(await commit(alice, handler, pathOf('early.bin'))).toMatchObject({ success: 'true' });
    expect((await contentOf(pathOf('early.bin'))).toString()).toBe('first last');
    expect(await commit(alice, handler, pathOf('early.bin'))).toEqual(unknown);
    expect(await commit(alice, handler, pathOf('late.bin'))).toEqual(unknown);
    expect(await versionsAt(pathOf('early.bin'))).toBe(1);
  });

  test('answers its last chunk again, and no other after it', async () => {
    const handler = await open();
    const twin = Buffer.from('twin');
    await send(alice, handler, twin);
    await send(alice, handler, twin);
    const last = await send(alice, handler, twin, true);
    expect(last).toEqual({ ...taken, filehexcrc: hex(Buffer.from('twintwintwin')) });
    expect(await send(again, handler, twin, true)).toEqual(last);
    expect(await send(alice, handler, twin, false)).toEqual(complete);
    expect(await send(alice, handler, Buffer.from('twim'), true)).toEqual(complete);
    expect(await send(alice, handler, Buffer.from('twintwin'), true)).toEqual(complete);
    await commit(alice, handler, pathOf('twins.bin'));
    expect((await contentOf(pathOf('twins.bin'))).toString()).toBe('twintwintwin');
    expect(await send(alice, handler, twin, true)).toEqual({ ...unknown, tryagain: 'false' });
  });

  test('ends with a commit that the library refuses, and stays where the call failed before that', async () => {
    const handler = await alice.handler();
    const xml = {
      UploadHandler: handler,
      xmlParameters: '<parameters><parameter Name="CHECKOUT" Value="?"/></parameters>',
    };
    const bad = await alice.ask('UploadDocumentWithHandler3', { Path: pathOf('a.bin'), ...xml });
    expect(bad.attributes).toMatchObject({ success: 'false', errorCode: '4000' });
    const stranger = await alice.ask('UploadDocumentWithHandler', {
      ...{ AuthenticationTicket: '', Path: pathOf('a.bin'), UploadHandler: handler },
    });
    expect(stranger.attributes.errorCode).toBe('4010');
    expect(await commit(alice, handler, pathOf('missing/a.bin'))).toMatchObject({ errorCode: '4041' });
    expect(await commit(alice, handler, pathOf('a.bin'))).toEqual(unknown);
  });

  test('stays after a refused commit where the option says so', async () => {
    await server.close();
    await begin({ keepOnFailedCommit: true });
    const handler = await alice.handler();
    expect(await commit(alice, handler, pathOf('missing/a.bin'))).toMatchObject({ errorCode: '4041' });
    expect(await commit(alice, handler, pathOf('a.bin'))).toMatchObject({ success: 'true' });
  });

  test('that never had a chunk is an empty document, unless the option says no', async () => {
    expect(await commit(alice, await open(), pathOf('empty.bin'))).toMatchObject({ success: 'true' });
    expect(await contentOf(pathOf('empty.bin'))).toHaveLength(0);
    await server.close();
    await begin({ emptyHandlers: false });
    const handler = await open();
    expect(await commit(alice, handler, pathOf('empty.bin'))).toEqual(no('Invalid upload handler.'));
    expect(await send(alice, handler, Buffer.alloc(0), true)).toEqual({ ...taken, filehexcrc: '0' });
    expect(await commit(alice, handler, pathOf('empty.bin'))).toMatchObject({ success: 'true' });
  });
});
