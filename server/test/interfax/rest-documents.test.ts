import { describe, expect, test } from 'vitest';
import { interfax } from '../../src/dialects/interfax/dialect.js';
import { defaultsOf } from '../../src/kit/options.js';
import { exchangeBytes } from '../golden.js';
import { eachWithServer, server } from './calls.js';
import { createDocument, readyDocument, rest, sendChunk, wrongDocument } from './rest.js';

eachWithServer();

const minute = 60_000;
const MiB = 2 ** 20;
const status = async (path: string, who = 'alice') => (await rest(server, 'GET', path, { who })).json;

test('create, chunks, status, fax, gone (§13, 11)', async () => {
  const size = 2_500_009;
  const content = Buffer.alloc(size, 'InterFAX ');
  const created = await rest(server, 'POST', `/outbound/documents?size=${size}&name=big.txt`);
  expect(created).toMatchObject({ status: 201, body: '' });
  expect(created.location).toMatch(
    new RegExp(`^${server.url}/outbound/documents/[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$`),
  );
  const path = new URL(created.location ?? '').pathname;
  expect(await status(path)).toMatchObject({ status: 'Created', uploaded: 0 });
  const send = (start: number, end: number) => sendChunk(server, path, start, content.subarray(start, end));
  expect(await send(0, 1_048_576)).toMatchObject({ status: 202, range: 'bytes 0-1048575/2500009', body: '' });
  expect(await status(path)).toMatchObject({ status: 'PartiallyUploaded', uploaded: 1_048_576 });
  expect(await send(1_048_576, 2_097_152)).toMatchObject({ status: 202, range: 'bytes 0-2097151/2500009' });
  expect(await send(2_097_152, size)).toMatchObject({ status: 200, range: 'bytes 0-2500008/2500009', body: '' });
  expect(await send(2_097_152, size)).toMatchObject({ status: 413 });
  expect(await sendChunk(server, path, size, 'x')).toMatchObject({ status: 413 });
  expect(await status(path)).toEqual({
    userId: 'alice',
    fileName: 'big.txt',
    fileSize: size,
    uploaded: size,
    uri: created.location,
    creationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
    lastusageTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
    status: 'Ready',
    disposition: 'SingleUse',
    sharing: 'Private',
  });
  const faxed = await rest(server, 'POST', '/outbound/faxes?faxNumber=%2B442079460123', {
    headers: { 'content-location': created.location ?? '' },
  });
  expect(faxed).toMatchObject({ status: 201, location: `${server.url}/outbound/faxes/1`, type: 'text/json', body: '' });
  expect(await rest(server, 'GET', path)).toMatchObject(wrongDocument);
});

describe('creation', () => {
  test.each([
    ['a size', 'name=a.pdf', 400],
    ['a size above 0', 'size=0&name=a.pdf', 400],
    ['a whole size', 'size=1.5&name=a.pdf', 400],
    ['a name', 'size=5', 400],
    ['a type that can be faxed', 'size=5&name=a.exe', 415],
    ['a type', 'size=5&name=pdf', 415],
    ['no more than 20 MiB', `size=${20 * MiB + 1}&name=a.pdf`, 413],
  ])('wants %s', async (_, query, expected) => {
    const answer = await rest(server, 'POST', `/outbound/documents?${query}`);
    expect(answer).toMatchObject({ status: expected, type: 'text/json', location: null });
    expect(answer.json).toEqual({ code: expect.any(Number), message: expect.any(String), moreInfo: null });
  });

  test('takes 20 MiB, arguments in any letter case, those it does not know, and any content type', async () => {
    const path = `/outbound/documents?SIZE=${20 * MiB}&Name=A.PDF&disposition=multiuse&SHARING=shared&x=1`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status: code, location } = await rest(server, 'POST', path, { headers });
    expect(code).toBe(201);
    expect(await status(location ?? '')).toMatchObject({
      disposition: 'MultiUse',
      sharing: 'Shared',
      status: 'Created',
    });
    const other = await createDocument(server, 5, { more: '&shared=true&disposition=permanent' });
    expect(await status(other)).toMatchObject({ disposition: 'Permanent', sharing: 'Shared' });
  });

  test('wants somebody who is known, and may send', async () => {
    const path = '/outbound/documents?size=5&name=a.pdf';
    for (const asked of [{ who: null }, { who: null, headers: { authorization: 'Basic YWxpY2U6d3Jvbmc=' } }]) {
      const answer = await rest(server, 'POST', path, asked);
      expect(answer).toMatchObject({ status: 401, type: 'text/json', json: { code: -1003 } });
    }
    const { headers } = await fetch(`${server.url}${path}`, { method: 'POST' });
    expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    expect(await rest(server, 'POST', path, { who: 'victor' })).toMatchObject({ status: 403, json: { code: -677 } });
  });
});

describe('chunks', () => {
  test('go to the end alone; the chunk before is taken once more, where it is the same', async () => {
    const path = await createDocument(server, 10);
    expect(await sendChunk(server, path, 0, '01234')).toMatchObject({ status: 202 });
    expect(await sendChunk(server, path, 0, '01234')).toMatchObject({ status: 202, range: 'bytes 0-4/10' });
    expect(await sendChunk(server, path, 0, 'other')).toMatchObject({ status: 416, range: 'bytes 0-4/10' });
    expect(await sendChunk(server, path, 6, '678')).toMatchObject({ status: 416, range: 'bytes 0-4/10' });
    expect(await sendChunk(server, path, 0, '012')).toMatchObject({ status: 416, range: 'bytes 0-4/10' });
    expect(await status(path)).toMatchObject({ uploaded: 5 });
    expect(await sendChunk(server, path, 5, '56789')).toMatchObject({ status: 200, range: 'bytes 0-9/10' });
  });

  test('may have no range: then they go to the end', async () => {
    const path = await createDocument(server, 10);
    expect(await rest(server, 'POST', path, { body: '0123456' })).toMatchObject({ status: 202, range: 'bytes 0-6/10' });
    expect(await rest(server, 'POST', path, { body: '7890' })).toMatchObject({ status: 413 });
    expect(await rest(server, 'POST', path, { body: '789' })).toMatchObject({ status: 200, range: 'bytes 0-9/10' });
  });

  test.each([
    ['a body that is shorter than its range', 'bytes=0-9', '01234', 400],
    ['a body that is longer', 'bytes=0-2', '01234', 400],
    ['no bytes', 'bytes=0-4', '', 400],
    ['an end beyond the size', 'bytes=8-10', '890', 413],
    ['a range of more than 1 MiB', `bytes=0-${MiB}`, '0', 413],
    ['a range without end', 'bytes=0-', '01234', 400],
    ['a range from the end', 'bytes=-5', '01234', 400],
    ['two ranges', 'bytes=0-1,2-4', '01234', 400],
    ['no range at all', 'from 0 to 4', '01234', 400],
    ['a Content-Range in its place', 'bytes 0-4/10', '01234', 400],
  ])('%s is refused, and changes nothing', async (_, range, body, expected) => {
    const path = await createDocument(server, 10);
    expect(await rest(server, 'POST', path, { headers: { range }, body })).toMatchObject({ status: expected });
    expect(await status(path)).toMatchObject({ status: 'Created', uploaded: 0 });
  });

  test('of 1 MiB are taken, also without a length, and whatever they are said to be', async () => {
    const path = await createDocument(server, 2 * MiB + 10);
    const bytes = Buffer.alloc(MiB, 'a');
    expect(await sendChunk(server, path, 0, bytes)).toMatchObject({ status: 202 });
    const head = (range: string) =>
      `POST ${path}? HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${Buffer.from('alice:secret').toString('base64')}\r\n` +
      `Range: ${range}\r\nTransfer-Encoding: chunked\r\nContent-Type: multipart/form-data; boundary=x\r\nConnection: close\r\n\r\n`;
    const body = Buffer.concat([Buffer.from('100000\r\n'), bytes, Buffer.from('\r\n0\r\n\r\n')]);
    const said = await exchangeBytes(server.port, Buffer.concat([Buffer.from(head('bytes=1048576-2097151')), body]));
    expect(said.toString()).toMatch(/^HTTP\/1\.1 202 /);
    const short = await exchangeBytes(server.port, Buffer.from(`${head('bytes=2097152-2097152')}2\r\nab\r\n0\r\n\r\n`));
    expect(short.toString()).toMatch(/^HTTP\/1\.1 400 /);
    expect(await status(path)).toMatchObject({ uploaded: 2 * MiB });
  });

  test('that come twice at once are there once', async () => {
    const path = await createDocument(server, 10);
    const answers = await Promise.all([sendChunk(server, path, 0, '01234'), sendChunk(server, path, 0, '01234')]);
    expect(answers.some((each) => each.status === 202)).toBe(true);
    expect(await status(path)).toMatchObject({ uploaded: 5 });
  });
});

describe('whose they are, and for how long', () => {
  test('private ones are nobody else’s; shared ones can be seen, and not changed', async () => {
    const own = await createDocument(server, 5);
    expect(await rest(server, 'GET', own, { who: 'bob' })).toMatchObject(wrongDocument);
    expect(await rest(server, 'DELETE', own, { who: 'bob' })).toMatchObject(wrongDocument);
    expect(await rest(server, 'POST', own, { who: 'bob', body: '01234' })).toMatchObject(wrongDocument);
    const shared = await createDocument(server, 5, { more: '&sharing=shared' });
    expect(await rest(server, 'GET', shared, { who: 'bob' })).toMatchObject({ status: 200 });
    expect(await rest(server, 'POST', shared, { who: 'bob', body: '01234' })).toMatchObject(wrongDocument);
    expect(await rest(server, 'DELETE', shared, { who: 'bob' })).toMatchObject(wrongDocument);
  });

  test('are cancelled, whole or not, with their bytes', async () => {
    for (const path of [await createDocument(server, 5), await readyDocument(server, '01234')]) {
      expect(await rest(server, 'DELETE', path)).toMatchObject({ status: 200, body: '' });
      expect(await rest(server, 'GET', path)).toMatchObject(wrongDocument);
      expect(await rest(server, 'DELETE', path)).toMatchObject(wrongDocument);
      expect(await sendChunk(server, path, 0, '01234')).toMatchObject(wrongDocument);
    }
    expect((await server.host.engine.list()).reduce((sum, { received }) => sum + received, 0)).toBe(0);
  });

  test.each(['0', 'f'.repeat(32), '..', '%00', 'a/b'])('there is no document %j', async (id) => {
    expect((await rest(server, 'GET', `/outbound/documents/${encodeURIComponent(id)}`)).status).toBe(404);
  });

  test('are listed, the newest first', async () => {
    await createDocument(server, 5, { name: 'a.pdf' });
    server.clock.advance(1000);
    await readyDocument(server, '01234', { name: 'b.pdf' });
    server.clock.advance(1000);
    await createDocument(server, 6, { name: 'c.pdf' });
    await createDocument(server, 7, { who: 'bob' });
    const names = async (query: string) => {
      const { json } = await rest(server, 'GET', `/outbound/documents${query}`);
      return (json as { fileName: string; status: string }[]).map(
        ({ fileName, status: said }) => `${fileName} ${said}`,
      );
    };
    expect(await names('')).toEqual(['c.pdf Created', 'b.pdf Ready', 'a.pdf Created']);
    expect(await names('?limit=1&offset=1')).toEqual(['b.pdf Ready']);
    expect(await names('?offset=3')).toEqual([]);
  });

  test('are listed, however many there are', async () => {
    for (let n = 0; n < 230; n += 1) await createDocument(server, 5);
    const count = async (query: string) => {
      const { json } = await rest(server, 'GET', `/outbound/documents${query}`);
      return new Set((json as { uri: string }[]).map(({ uri }) => uri)).size;
    };
    expect(await count('')).toBe(25);
    expect(await count('?limit=1000')).toBe(230);
    expect(await count('?limit=1000&offset=205')).toBe(25);
  });

  test('end an hour after their last chunk, or their last use; permanent ones when they are deleted', async () => {
    const open = await createDocument(server, 5);
    const single = await readyDocument(server, '01234');
    const multi = await readyDocument(server, '01234', { more: '&disposition=multiUse' });
    const permanent = await readyDocument(server, '01234', { more: '&disposition=permanent' });
    const fax = (path: string) =>
      rest(server, 'POST', '/outbound/faxes?faxNumber=0044123456789', { headers: { 'content-location': path } });
    server.clock.advance(59 * minute);
    expect((await sendChunk(server, open, 0, '0')).status).toBe(202);
    expect((await fax(multi)).status).toBe(201);
    server.clock.advance(59 * minute);
    const sweeps = async () => {
      await server.host.engine.expire();
      for (const each of (await interfax.load()).sweeps?.(server.host, defaultsOf(interfax.options)) ?? [])
        await each.run(new AbortController().signal);
    };
    await sweeps();
    expect(await status(open)).toMatchObject({ uploaded: 1 });
    expect(await rest(server, 'GET', single)).toMatchObject(wrongDocument);
    expect((await fax(multi)).status).toBe(201);
    server.clock.advance(60 * minute);
    await sweeps();
    expect(await rest(server, 'GET', open)).toMatchObject(wrongDocument);
    expect(await rest(server, 'GET', multi)).toMatchObject(wrongDocument);
    server.clock.advance(365 * 24 * 60 * minute);
    await sweeps();
    expect(await status(permanent)).toMatchObject({ status: 'Ready', disposition: 'Permanent' });
  });
});
