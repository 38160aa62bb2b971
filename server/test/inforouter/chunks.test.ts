import { describe, expect, test } from 'vitest';
import { alice, allWays, call, crcOf, eachWithServer, logIn, problem, restart, server } from './calls.js';

eachWithServer();

const hour = 60 * 60 * 1000;
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const none = '00000000-0000-0000-0000-000000000000';
const taken = { success: 'true', tryagain: 'false' };
const again = { success: 'false', tryagain: 'true', error: expect.any(String) };
const no = (text: unknown) => problem(4000, text, { tryagain: 'false' });
const unknown = no('Upload handler cannot be found.');
const complete = no('Upload handler is already complete.');

/** What a handler's document holds. */
const contentOf = async (handler: string): Promise<string> => {
  expect(await alice.commit(handler, '/Documents/a.bin')).toMatchObject({ success: 'true' });
  return Buffer.from(
    /<DownloadDocumentResult>([^<]*)</.exec(
      (await call(server, 'DownloadDocument', { AuthenticationTicket: alice.ticket, Path: '/Documents/a.bin' })).body,
    )?.[1] ?? '',
    'base64',
  ).toString();
};

describe('CreateUploadHandler', () => {
  const sizeFor = async (parameters: Record<string, string | number>) =>
    Number((await alice.call('CreateUploadHandler', parameters)).ChunkSize);

  test('answers a GUID and a chunk size', async () => {
    const answer = await alice.call('CreateUploadHandler', { PreferedChunkSize: 524288 });
    expect(answer).toEqual({
      success: 'true',
      error: '',
      UploadHandler: expect.stringMatching(guid),
      ChunkSize: '524288',
    });
  });

  test('keeps the chunk size within its bounds, under either name', async () => {
    expect(await sizeFor({})).toBe(1_048_576);
    expect(await sizeFor({ PreferedChunkSize: 0 })).toBe(1_048_576);
    expect(await sizeFor({ PreferedChunkSize: -1 })).toBe(1_048_576);
    expect(await sizeFor({ PreferedChunkSize: 65_536 })).toBe(262_144);
    expect(await sizeFor({ PreferedChunkSize: 2_147_483_647 })).toBe(33_554_432);
    expect(await sizeFor({ ChunkSize: 524_288 })).toBe(524_288);
  });

  test('is for those who may upload', async () => {
    const victor = await logIn(server, 'victor');
    expect(await victor.call('CreateUploadHandler')).toEqual(problem(4030, 'Access denied.'));
  });
});

describe('a chunk', () => {
  test.each(allWays)('is appended, and the last tells the checksum of the whole: %s', async (way) => {
    const handler = await alice.handler();
    const send = (chunk: string, last: string) =>
      alice.call(
        'UploadFileChunk',
        {
          uploadHandler: handler,
          fileChunk: Buffer.from(chunk),
          chunkHEXCRC: crcOf(Buffer.from(chunk)),
          lastChunk: last,
        },
        way,
      );
    expect(await send('1234', 'False')).toEqual(taken);
    // The check value of CRC-32 is that of 123456789.
    expect(await send('56789', 'True')).toEqual({ ...taken, filehexcrc: 'CBF43926' });
    expect(await contentOf(handler)).toBe('123456789');
  });

  test('may have its checksum in any spelling', async () => {
    const handler = await alice.handler();
    // CRC-32 0x00B5D0FB has leading zeros.
    let zeros = 0;
    while (crcOf(Buffer.from(String(zeros))).length > 7) zeros += 1;
    const bytes = Buffer.from(String(zeros));
    const short = crcOf(bytes);
    for (const crc of [short, short.toLowerCase(), short.padStart(8, '0'), ` 0x${short} `])
      expect(await alice.chunk(handler, bytes, false, crc)).toEqual(taken);
    for (const crc of ['', 'xyz', '123456789', '-1'])
      expect(await alice.chunk(handler, bytes, false, crc)).toEqual(no('Invalid parameter value: ChunkHEXCRC'));
    expect(await alice.chunk(handler, '', true)).toMatchObject({ success: 'true' });
    expect(await contentOf(handler)).toBe(String(zeros).repeat(4));
  });

  test('with a wrong checksum never happened, last or not', async () => {
    const handler = await alice.handler();
    expect(await alice.chunk(handler, 'abc', false)).toEqual(taken);
    expect(await alice.chunk(handler, 'dxf', false, crcOf(Buffer.from('def')))).toEqual(again);
    expect(await alice.chunk(handler, 'dxf', true, crcOf(Buffer.from('def')))).toEqual(again);
    expect(await alice.commit(handler, '/Documents/a.bin')).toEqual(problem(4000, 'Invalid upload handler.'));
    expect(await alice.chunk(handler, 'def', false)).toEqual(taken);
    expect(await alice.chunk(handler, 'def', true)).toMatchObject(taken);
    expect(await contentOf(handler)).toBe('abcdefdef');
  });

  test('may come before everything else that is told of it', async () => {
    const handler = await alice.handler();
    const bytes = Buffer.from('abc');
    for (const way of allWays)
      for (const parameters of [
        { FileChunk: bytes, UploadHandler: handler, AuthenticationTicket: alice.ticket },
        { UploadHandler: handler, FileChunk: bytes, AuthenticationTicket: alice.ticket },
        { AuthenticationTicket: alice.ticket, FileChunk: bytes, UploadHandler: handler },
      ]) {
        const rest = { ChunkHEXCRC: crcOf(bytes), LastChunk: false };
        const { attributes } = await call(server, 'UploadFileChunk', { ...parameters, ...rest }, way);
        expect(attributes).toEqual(taken);
      }
    await alice.chunk(handler, '.', true);
    expect(await contentOf(handler)).toBe(`${'abc'.repeat(12)}.`);
  });

  test('is judged by its handler’s GUID, the ticket, the handler, its state and its checksum, in this order', async () => {
    const [handler, done] = [await alice.handler(), await alice.handler()];
    await alice.chunk(done, 'abc', true);
    const send = async (ticket: string, UploadHandler: string, crc: string) =>
      (
        await call(server, 'UploadFileChunk', {
          AuthenticationTicket: ticket,
          UploadHandler,
          FileChunk: Buffer.from('abcd'),
          ChunkHEXCRC: crc,
          LastChunk: false,
        })
      ).attributes;
    expect(await send('', 'x', 'x')).toEqual(no('Invalid upload handler.'));
    expect(await send('', '', 'x')).toEqual(no('Invalid upload handler.'));
    expect(await send('', none, 'x')).toEqual(problem(4010, expect.stringMatching(/^\[901\]/), { tryagain: 'false' }));
    expect(await send(alice.ticket, none, 'x')).toEqual(unknown);
    expect(await send(alice.ticket, done, 'x')).toEqual(complete);
    expect(await send(alice.ticket, handler, 'x')).toEqual(no('Invalid parameter value: ChunkHEXCRC'));
    expect(await send(alice.ticket, handler, '1')).toEqual(again);
    for (const form of [handler.toUpperCase(), `{${handler}}`, handler.replaceAll('-', '')])
      expect(await send(alice.ticket, form, crcOf(Buffer.from('abcd')))).toEqual(taken);
  });

  test('may have any size up to 32 MiB', async () => {
    const handler = await alice.handler();
    const most = Buffer.alloc(33_554_432, 7);
    const send = (FileChunk: Buffer) =>
      alice.call(
        'UploadFileChunk',
        { UploadHandler: handler, FileChunk, ChunkHEXCRC: crcOf(FileChunk), LastChunk: false },
        'multipart',
      );
    expect(await send(most)).toEqual(taken);
    expect(await send(Buffer.concat([most, Buffer.from('x')]))).toEqual(no(expect.any(String)));
    const end = await alice.chunk(handler, 'x', true);
    expect(end.filehexcrc).toBe(crcOf(Buffer.concat([most, Buffer.from('x')])));
  });

  test('that takes a document beyond the largest is refused', async () => {
    await restart({ uploadLimit: 5 });
    const handler = await alice.handler();
    expect(await alice.chunk(handler, 'abc', false)).toEqual(taken);
    expect(await alice.chunk(handler, 'def', false)).toEqual(no('File size limit exceeded.'));
    expect(await alice.chunk(handler, 'de', true)).toMatchObject(taken);
  });
});

describe('the last chunk', () => {
  test('is answered again where it comes again, and not appended', async () => {
    const handler = await alice.handler();
    await alice.chunk(handler, 'abc', false);
    const last = await alice.chunk(handler, 'abc', true);
    expect(last.filehexcrc).toBe(crcOf(Buffer.from('abcabc')));
    expect(await alice.chunk(handler, 'abc', true)).toEqual(last);
    expect(await alice.chunk(handler, 'abx', true, crcOf(Buffer.from('abc')))).toEqual(again);
    expect(await alice.chunk(handler, 'abc', false)).toEqual(complete);
    expect(await alice.chunk(handler, 'abd', true)).toEqual(complete);
    expect(await alice.chunk(handler, 'bcabc', true)).toEqual(complete);
    expect(await alice.chunk(handler, '', true)).toEqual(complete);
    expect(await contentOf(handler)).toBe('abcabc');
  });

  test('may be empty, and so may others', async () => {
    const handler = await alice.handler();
    expect(await alice.chunk(handler, '', false, '0')).toEqual({ ...taken, bytesreceived: '0' });
    expect(await alice.chunk(handler, 'abc', false)).toEqual(taken);
    // Ours alone: how a client learns where to go on.
    expect(await alice.chunk(handler, '', false, '0')).toEqual({ ...taken, bytesreceived: '3' });
    expect(await alice.chunk(handler, '', true, '0')).toEqual({ ...taken, filehexcrc: '352441C2' });
    expect(await alice.chunk(handler, '', true, '0')).toEqual({ ...taken, filehexcrc: '352441C2' });
    expect(await contentOf(handler)).toBe('abc');
    const empty = await alice.handler();
    expect(await alice.chunk(empty, '', true, '0')).toEqual({ ...taken, filehexcrc: '0' });
  });
});

describe('a handler', () => {
  test('is its user’s, whatever ticket', async () => {
    const handler = await alice.handler();
    const bob = await logIn(server, 'bob');
    const root = await logIn(server, 'root');
    for (const stranger of [bob, root]) {
      expect(await stranger.chunk(handler, 'abc', true)).toEqual(unknown);
      expect(await stranger.commit(handler, '/Documents/b.bin')).toEqual(
        problem(4000, 'Upload handler cannot be found.'),
      );
      expect(await stranger.call('DeleteUploadHandler', { UploadHandler: handler })).toEqual({
        success: 'true',
        error: '',
      });
    }
    await alice.call('LogOut');
    const later = await logIn(server);
    expect(await later.chunk(handler, 'abc', true)).toMatchObject(taken);
  });

  test('ends 24 hours after its last chunk', async () => {
    const handler = await alice.handler();
    server.clock.advance(23 * hour);
    expect(await alice.chunk(handler, 'a', false)).toEqual(taken);
    server.clock.advance(24 * hour - 1);
    expect(await alice.chunk(handler, 'b', false)).toEqual(taken);
    server.clock.advance(24 * hour);
    expect(await alice.chunk(handler, 'c', false)).toEqual(unknown);
    await server.host.engine.expire();
    expect(await alice.chunk(handler, 'c', false)).toEqual(unknown);
    expect(await server.host.engine.list({ states: ['open', 'sealed'] })).toEqual([]);
  });

  test('is deleted with its bytes; so is none', async () => {
    const handler = await alice.handler();
    await alice.chunk(handler, 'abc', true);
    const remove = (UploadHandler: string) => alice.call('DeleteUploadHandler', { UploadHandler });
    expect(await remove(handler)).toEqual({ success: 'true', error: '' });
    expect(await alice.chunk(handler, 'abc', true)).toEqual(unknown);
    expect(await remove(handler)).toEqual({ success: 'true', error: '' });
    expect(await remove(none)).toEqual({ success: 'true', error: '' });
    expect(await remove('x')).toEqual(problem(4000, 'bad Request'));
    const anonymous = await call(server, 'DeleteUploadHandler', { AuthenticationTicket: '', UploadHandler: 'x' });
    expect(anonymous.attributes).toEqual(problem(4000, 'bad Request'));
    const stranger = await call(server, 'DeleteUploadHandler', { AuthenticationTicket: '', UploadHandler: none });
    expect(stranger.attributes.errorCode).toBe('4010');
  });

  test('takes what two clients send at once in one order, and loses nothing', async () => {
    const handler = await alice.handler();
    const other = await logIn(server);
    const chunks = Array.from({ length: 40 }, (_, index) => `<${index}>${'x'.repeat(index * 100)}`);
    const answers = await Promise.all(
      chunks.map((chunk, index) => (index % 2 ? alice : other).chunk(handler, chunk, false)),
    );
    expect(answers).toEqual(chunks.map(() => taken));
    const { filehexcrc } = await alice.chunk(handler, '.', true);
    const content = await contentOf(handler);
    expect(crcOf(Buffer.from(content))).toBe(filehexcrc);
    expect(content.match(/<\d+>x*/g)?.sort()).toEqual([...chunks].sort());
  });

  test('has one last chunk, also where several come at once', async () => {
    const handler = await alice.handler();
    const chunks = ['one', 'two', 'three', 'four', ''];
    const answers = await Promise.all(chunks.map((chunk) => alice.chunk(handler, chunk, true)));
    const won = answers.findIndex(({ success }) => success === 'true');
    expect(answers.filter(({ success }) => success === 'true')).toHaveLength(1);
    expect(answers.filter(({ error }) => error === 'Upload handler is already complete.')).toHaveLength(4);
    expect(await contentOf(handler)).toBe(chunks[won]);
  });
});
