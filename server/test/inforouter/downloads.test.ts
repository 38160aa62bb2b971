import { beforeEach, describe, expect, test } from 'vitest';
import { alice, call, crcOf, eachWithServer, logIn, problem, restart, server } from './calls.js';

eachWithServer();

const content = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) % 256));
const path = '/Documents/Réport.pdf';

const bring = async () => {
  await alice.call('UploadDocument', { Path: path, FileContent: Buffer.from('first') });
  await alice.call('UploadDocument', { Path: path, FileContent: content });
};

beforeEach(bring);

const hour = 60 * 60 * 1000;
const none = '00000000-0000-0000-0000-000000000000';
const crc = crcOf(content).toLowerCase().padStart(8, '0');
const info = {
  success: 'true',
  Size: '3000',
  ContentType: 'application/pdf',
  ModificationDate: '2026-01-01',
  VersionNumber: '0',
  AlterDocumentName: 'Réport.pdf',
  RenderedContent: 'false',
  CRC32: crc,
};
const gone = problem(4000, 'Download handler cannot be found.');
const missing = problem(4041, 'Document not found.');

const handler = async (): Promise<string> =>
  (await alice.call('GetDownloadHandler', { Path: path, PreferedChunkSize: 0 })).downloadhandler ?? '';

const chunk = async (DownloadHandler: string, StartOffset: number, ChunkSize: number, client = alice) => {
  const { attributes, inside } = await call(server, 'DownloadFileChunk', {
    AuthenticationTicket: client.ticket,
    DownloadHandler,
    StartOffset,
    ChunkSize,
  });
  return { attributes, bytes: Buffer.from(inside, 'base64'), inside };
};

describe('a download handler', () => {
  test('tells what it holds', async () => {
    expect(await alice.call('GetDownloadHandler', { Path: path, PreferedChunkSize: 65_536 })).toEqual({
      ...info,
      ChunkSize: '262144',
      downloadhandler: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
    expect(await alice.call('GetDownloadInfo', { Path: path })).toEqual(info);
    const first = { Path: path, VersionNumber: 1_000_000 };
    const ofFirst = { ...info, Size: '5', VersionNumber: '1000000', CRC32: crcOf(Buffer.from('first')).toLowerCase() };
    expect(await alice.call('GetDownloadInfoByVersion', first)).toEqual(ofFirst);
    const byVersion = await alice.call('GetDownloadHandlerByVersion', { ...first, PreferedChunkSize: 0 });
    expect(byVersion).toEqual({ ...ofFirst, ChunkSize: '1048576', downloadhandler: expect.any(String) });
    expect((await chunk(byVersion.downloadhandler ?? '', 0, 100)).bytes.toString()).toBe('first');
  });

  test('is not for what is not there', async () => {
    expect(await alice.call('GetDownloadInfo', { Path: '/Documents/none.pdf' })).toEqual(missing);
    expect(await alice.call('GetDownloadInfo', { Path: '/Documents' })).toEqual(missing);
    const version = (VersionNumber: number) => alice.call('GetDownloadInfoByVersion', { Path: path, VersionNumber });
    expect(await version(2_000_000)).toEqual(problem(4041, 'Specified version cannot be found.'));
    expect(await version(1)).toEqual(
      problem(4000, expect.stringMatching(/^Invalid argument exception. Version numbers cannot be less than 1000000/)),
    );
  });

  test('gives chunks at any offset, each with its checksum', async () => {
    const guid = await handler();
    const expected = (start: number, end: number) => {
      const bytes = content.subarray(start, end);
      return {
        attributes: {
          success: 'true',
          filelength: '3000',
          chunklength: String(bytes.length),
          lastchunk: String(end >= 3000),
          chunkCRC32: crcOf(bytes).toLowerCase().padStart(8, '0'),
        },
        bytes,
        inside: bytes.toString('base64'),
      };
    };
    for (const [start, size] of [
      [0, 1],
      [0, 1000],
      [1000, 1999],
      [1000, 2000],
      [0, 3000],
      [0, 10_000],
      [2999, 1],
      [500, 100],
    ] as const)
      expect(await chunk(guid, start, size)).toEqual(expected(start, Math.min(3000, start + size)));
    for (const start of [3000, 5000])
      expect(await chunk(guid, start, 10)).toMatchObject({
        attributes: { chunklength: '0', lastchunk: 'true', chunkCRC32: '00000000' },
        inside: '',
      });
    const far = { DownloadHandler: guid, StartOffset: 2 ** 40, ChunkSize: 10 };
    expect(await alice.call('DownloadFileChunk', far, 'get')).toMatchObject({ chunklength: '0', lastchunk: 'true' });
    expect((await chunk(guid, -1, 10)).attributes).toEqual(problem(4000, 'Invalid parameter value: StartOffset'));
  });

  test('is its user’s, until it is deleted or nobody reads for 24 hours', async () => {
    const guid = await handler();
    const bob = await logIn(server, 'bob');
    expect((await chunk(guid, 0, 1, bob)).attributes).toEqual(gone);
    await bob.call('DeleteDownloadHandler', { DownloadHandler: guid });
    server.clock.advance(23 * hour);
    expect((await chunk(guid, 0, 1)).attributes.success).toBe('true');
    server.clock.advance(23 * hour);
    expect((await chunk(guid, 0, 1)).attributes.success).toBe('true');
    const remove = (DownloadHandler: string) => alice.call('DeleteDownloadHandler', { DownloadHandler });
    expect(await remove(guid)).toEqual({ success: 'true', error: '' });
    expect((await chunk(guid, 0, 1)).attributes).toEqual(gone);
    expect(await remove(guid)).toEqual({ success: 'true', error: '' });
    expect(await remove('x')).toEqual(problem(4000, 'bad Request'));
    expect((await chunk('x', 0, 1)).attributes).toEqual(problem(4000, 'Invalid download handler. (guid)'));
    expect((await chunk(none, 0, 1)).attributes).toEqual(gone);
    const other = await handler();
    server.clock.advance(24 * hour);
    expect((await chunk(other, 0, 1)).attributes).toEqual(gone);
  });

  test('holds the version that it was made for; no longer than its document is there', async () => {
    const guid = await handler();
    await alice.call('UploadDocument', { Path: path, FileContent: Buffer.from('newer') });
    expect((await chunk(guid, 0, 3000)).bytes).toEqual(content);
    await alice.call('DeleteDocument', { Path: path });
    expect((await chunk(guid, 0, 1)).attributes).toEqual(missing);
  });

  test('of an empty document', async () => {
    await alice.call('UploadDocument', { Path: '/Documents/empty', FileContent: Buffer.alloc(0) });
    const { downloadhandler = '', Size } = await alice.call('GetDownloadHandler', {
      Path: '/Documents/empty',
      PreferedChunkSize: 0,
    });
    expect(Size).toBe('0');
    expect((await chunk(downloadhandler, 0, 10)).attributes).toMatchObject({
      chunklength: '0',
      lastchunk: 'true',
      chunkCRC32: '00000000',
    });
  });
});

describe('DownloadDocument', () => {
  const get = (asked: string, headers: Record<string, string> = {}, operation = 'DownloadDocument', more = '') =>
    fetch(
      `${server.url}/srv.asmx/${operation}?AuthenticationTicket=${alice.ticket}&Path=${encodeURIComponent(asked)}${more}`,
      { headers },
    );

  test('is base64 in SOAP, and an empty element on any failure', async () => {
    const ask = async (Path: string, ticket = alice.ticket) =>
      (await call(server, 'DownloadDocument', { AuthenticationTicket: ticket, Path })).body;
    expect(await ask(path)).toContain(`<DownloadDocumentResult>${content.toString('base64')}</DownloadDocumentResult>`);
    for (const body of [await ask('/Documents/none'), await ask(path, ''), await ask('~x')]) {
      expect(body).toMatch(/<DownloadDocumentResult(><\/DownloadDocumentResult>| \/>)/);
      expect(body).not.toContain('Fault');
    }
  });

  test('is bytes, JSON or XML in plain HTTP, as it is asked for', async () => {
    const raw = await get(path);
    expect([raw.status, raw.headers.get('content-type'), raw.headers.get('content-length')]).toEqual([
      200,
      'application/octet-stream',
      '3000',
    ]);
    expect(Buffer.from(await raw.arrayBuffer())).toEqual(content);
    const json = await get(path, { accept: 'application/json' });
    expect(json.headers.get('content-type')).toMatch(/^application\/json/);
    expect(Buffer.from((await json.json()) as string, 'base64')).toEqual(content);
    const base64 = content.toString('base64');
    for (const accept of ['text/xml', 'application/xml'])
      expect(await (await get(path, { accept })).text()).toBe(
        `<?xml version="1.0" encoding="utf-8"?><base64Binary xmlns="http://tempuri.org/">${base64}</base64Binary>`,
      );
  });

  test('has the form that the server is set to', async () => {
    await restart({ downloadForm: 'json' });
    await bring();
    expect(Buffer.from((await (await get(path)).json()) as string, 'base64')).toEqual(content);
  });

  test('fails in plain HTTP with a status, and says in headers why', async () => {
    const facts = async (reply: Response) => [
      reply.status,
      reply.headers.get('x-inforouter-errorcode'),
      reply.headers.get('x-inforouter-error'),
      await reply.text(),
    ];
    expect(await facts(await get('/Documents/none'))).toEqual([404, '4041', 'Document not found.', '']);
    const nobody = await fetch(`${server.url}/srv.asmx/DownloadDocument?AuthenticationTicket=&Path=/a`, {
      headers: { accept: 'application/json' },
    });
    expect(await facts(nobody)).toEqual([401, '4010', expect.stringMatching(/^\[901\]/), '']);
  });

  test('of a version: its number, or its major number alone', async () => {
    const version = async (number: number) =>
      Buffer.from(await (await get(path, {}, 'DownloadDocumentVersion', `&VersionNumber=${number}`)).arrayBuffer());
    expect((await version(1_000_000)).toString()).toBe('first');
    expect((await version(1)).toString()).toBe('first');
    expect(await version(1_000_001)).toEqual(content);
    expect(await version(0)).toEqual(content);
    expect((await get(path, {}, 'DownloadDocumentVersion', '&VersionNumber=2')).status).toBe(404);
  });
});
