import { createHash, randomBytes } from 'node:crypto';
import sharp from 'sharp';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { File, FileDetail, Files, Folder } from '../../src/api/shapes/index.js';
import { pdfOf } from '../interfax/documents.js';
import { basic, type Desk, openDesk } from './desk.js';

let desk: Desk;

beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Uploads by tus, as a client that says what it likes of its file; gives the id in the catalog. */
const put = async (name: string, content: string | Buffer, { type = '', who = 'alice' } = {}): Promise<number> => {
  const answer = await fetch(`${desk.url}/files/`, {
    method: 'POST',
    headers: {
      authorization: basic(who),
      'tus-resumable': '1.0.0',
      'content-type': 'application/offset+octet-stream',
      'upload-length': String(Buffer.byteLength(content)),
      'upload-metadata': `filename ${base64(name)}${type === '' ? '' : `,filetype ${base64(type)}`}`,
    },
    body: typeof content === 'string' ? content : new Uint8Array(content),
  });
  expect(answer.status).toBe(201);
  const { body } = await desk.as(who).ask('GET', '/files?limit=1');
  return body.files[0].id;
};

/** Bytes of a file, as a client gets them. */
const get = async (
  path: string,
  { who = 'alice', headers = {}, method = 'GET' }: { who?: string; headers?: object; method?: string } = {},
) => {
  const answer = await fetch(`${desk.url}/api${path}`, { method, headers: { authorization: basic(who), ...headers } });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};

/** Checks a document in to infoRouter's library. */
const checkIn = async (path: string, content: string): Promise<void> => {
  const login = await fetch(`${desk.url}/srv.asmx/AuthenticateUser?UID=alice&PWD=secret`);
  const [, ticket = ''] = /ticket="([^"]+)"/.exec(await login.text()) ?? [];
  const form = new FormData();
  form.set('AuthenticationTicket', ticket);
  form.set('Path', path);
  form.set('FileContent', new Blob([content]), 'x');
  const answer = await fetch(`${desk.url}/srv.asmx/UploadDocument`, { method: 'POST', body: form });
  expect(await answer.text()).toContain('success="true"');
};

const remove = async (path: string): Promise<void> => {
  const login = await fetch(`${desk.url}/srv.asmx/AuthenticateUser?UID=alice&PWD=secret`);
  const [, ticket = ''] = /ticket="([^"]+)"/.exec(await login.text()) ?? [];
  const query = new URLSearchParams({ AuthenticationTicket: ticket, Path: path });
  const answer = await fetch(`${desk.url}/srv.asmx/DeleteDocument?${query}`);
  expect(await answer.text()).toContain('success="true"');
};

const namesOf = (files: { name: string }[]): string[] => files.map(({ name }) => name);

describe('files', () => {
  it('are listed, the newest first, page by page, each with its digests', async () => {
    for (const name of ['a.txt', 'b.txt', 'c.txt']) await put(name, `this is ${name}`);
    const first = (await desk.as('alice').ask('GET', '/files?limit=2')).body;
    expect(v.parse(Files, first)).toEqual(first);
    expect(namesOf(first.files)).toEqual(['c.txt', 'b.txt']);
    expect(first.next).toBe(first.files[1].id);
    expect(first.files[0]).toMatchObject({
      type: 'text/plain',
      owner: 'alice',
      dialect: 'tus',
      size: 13,
      preview: 'text',
      versions: [{ number: 1, size: 13, by: 'alice', digests: { crc32: expect.stringMatching(/^[0-9a-f]{8}$/) } }],
    });
    const second = (await desk.as('alice').ask('GET', `/files?limit=2&before=${first.next}`)).body;
    expect(namesOf(second.files)).toEqual(['a.txt']);
    expect(second.next).toBeNull();
  });

  it('are one’s own; an administrator sees all, or those of one account', async () => {
    await put('hers.txt', 'x');
    await put('his.txt', 'x', { who: 'bob' });
    const seen = async (who: string, query = '') =>
      namesOf((await desk.as(who).ask('GET', `/files${query}`)).body.files);
    expect(await seen('alice')).toEqual(['hers.txt']);
    expect(await seen('alice', '?owner=bob')).toEqual(['hers.txt']);
    expect(await seen('victor')).toEqual([]);
    expect(await seen('root')).toEqual(['his.txt', 'hers.txt']);
    expect(await seen('root', '?owner=bob')).toEqual(['his.txt']);
    expect((await desk.ask('GET', '/files')).status).toBe(401);
  });

  it('are told with the folders that they lie in', async () => {
    const id = await put('a.txt', 'x');
    const { body } = await desk.as('alice').ask('GET', `/files/${id}`);
    expect(v.parse(FileDetail, body)).toEqual(body);
    expect(body).toMatchObject({ id, name: 'a.txt', path: ['tus', 'alice'] });
  });

  it('of somebody else are not there, in whatever way they are asked for', async () => {
    const id = await put('hers.txt', 'x');
    for (const path of [`/files/${id}`, `/files/${id}/content`, `/files/${id}/preview`]) {
      const { status, body } = await desk.as('bob').ask('GET', path);
      expect([status, body.type]).toEqual([404, 'urn:longshore:no-such-file']);
      expect((await desk.as('root').ask('GET', path)).status).toBe(200);
    }
    for (const id of ['0', '999', '-1', '1e3', 'x', '%2e%2e', '9'.repeat(30)])
      expect((await desk.as('alice').ask('GET', `/files/${id}`)).status).toBe(404);
  });

  it.each(['limit=0', 'limit=x', 'limit=-1', 'before=x'])('%s is refused', async (query) => {
    const { status, body } = await desk.as('alice').ask('GET', `/files?${query}`);
    expect([status, body.type]).toEqual([400, 'urn:longshore:malformed']);
  });
});

describe('folders', () => {
  it('are an administrator’s to look into, from where the roots lie down', async () => {
    await put('b.txt', 'x');
    await put('a.txt', 'x');
    const look = async (path: string) => {
      const { body } = await desk.as('root').ask('GET', path);
      return v.parse(Folder, body);
    };
    const top = await look('/folders/0');
    expect(top).toMatchObject({ id: 0, path: [], files: [], next: null });
    const root = top.folders.find(({ name }) => name === 'tus');
    const [own] = (await look(`/folders/${root?.id}`)).folders;
    const first = await look(`/folders/${own?.id}?limit=1`);
    expect(first.path).toEqual([root, own]);
    expect(namesOf(first.files)).toEqual(['a.txt']);
    const second = await look(`/folders/${own?.id}?limit=1&after=${first.next}`);
    expect(namesOf(second.files)).toEqual(['b.txt']);
    expect((await desk.as('alice').ask('GET', '/folders/0')).status).toBe(403);
    expect((await desk.as('root').ask('GET', '/folders/77')).status).toBe(404);
    expect((await desk.as('root').ask('GET', '/folders/x')).status).toBe(404);
  });
});

describe('the content', () => {
  it('is sent whole, in ranges, and not at all to who has it', async () => {
    const bytes = randomBytes(300_000);
    const id = await put('lake.bin', bytes);
    const path = `/files/${id}/content`;
    const whole = await get(path);
    expect(whole.bytes.equals(bytes)).toBe(true);
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    const etag = whole.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    const part = await get(path, { headers: { range: 'bytes=1000-1999', 'if-range': etag } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe('bytes 1000-1999/300000');
    expect(part.bytes.equals(bytes.subarray(1000, 2000))).toBe(true);
    expect((await get(path, { headers: { range: 'bytes=300000-' } })).status).toBe(416);
    expect((await get(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const head = await get(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), head.bytes.length]).toEqual([200, '300000', 0]);
  });

  it.each([
    ['text/html', '<script>alert(1)</script>'],
    ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['text/html; charset=utf-7', '+ADw-script+AD4-'],
  ])('of %s is kept and does not run', async (type, content) => {
    const id = await put('page', content, { type });
    const { headers } = await get(`/files/${id}/content`);
    expect(headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('private, no-cache');
  });

  it.each(['a"; filename="b.exe', 'naïve – 文.txt', "quote'%0d%0aset-cookie: x=1", '100%.txt'])(
    'has a name that stays in its header: %s',
    async (name) => {
      const id = await put(name, 'x');
      const { status, headers } = await get(`/files/${id}/content`);
      expect(status).toBe(200);
      expect(headers.get('set-cookie')).toBeNull();
      const said = headers.get('content-disposition') ?? '';
      expect(said).toMatch(/^attachment; filename="(?:[^"\\]|\\.)*"(?:; filename\*=UTF-8''[\w!#$&+.^`|~%-]+)?$/);
      const [, extended] = /filename\*=UTF-8''(.*)$/.exec(said) ?? [];
      if (extended !== undefined) expect(decodeURIComponent(extended)).toBe(name);
    },
  );

  it('is that of the version that is asked for, and the last one where none is', async () => {
    await checkIn('/Documents/note.txt', 'first');
    await checkIn('/Documents/note.txt', 'second');
    const { files } = (await desk.as('alice').ask('GET', '/files')).body;
    const file = v.parse(File, files[0]);
    expect(file.versions.map(({ number }) => number)).toEqual([1, 2]);
    const path = `/files/${file.id}/content`;
    expect((await get(path)).bytes.toString()).toBe('second');
    expect((await get(`${path}?version=1`)).bytes.toString()).toBe('first');
    expect((await get(`${path}?version=2`)).headers.get('etag')).not.toBe(
      (await get(`${path}?version=1`)).headers.get('etag'),
    );
    for (const number of ['3', '0', '-1', '01', 'x']) expect((await get(`${path}?version=${number}`)).status).toBe(404);
    await remove('/Documents/note.txt');
    expect((await get(path)).status).toBe(404);
    expect((await desk.as('alice').ask('GET', `/files/${file.id}`)).status).toBe(404);
  });
});

describe('a preview', () => {
  const expectHarmless = (headers: Headers): void => {
    expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  };
  const dot = (format: 'png' | 'jpeg' | 'gif' | 'webp' | 'avif'): Promise<Buffer> =>
    sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
      .toFormat(format)
      .toBuffer();

  it.each(['png', 'jpeg', 'gif', 'webp', 'avif'] as const)('shows pictures that browsers know: %s', async (format) => {
    const bytes = await dot(format);
    const id = await put(`dot.${format}`, bytes, { type: `image/${format}` });
    const { status, headers, bytes: shown } = await get(`/files/${id}/preview`);
    expect([status, headers.get('content-type')]).toEqual([200, `image/${format}`]);
    expect(shown.equals(bytes)).toBe(true);
    expectHarmless(headers);
  });

  it('goes by a picture’s bytes: what is none is not shown, and what is another one is called so', async () => {
    const page = await put('a.png', '<!doctype html><script>alert(1)</script>', { type: 'image/png' });
    const { status, headers } = await get(`/files/${page}/preview`);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toBe('application/problem+json');
    const other = await put('b.png', await dot('jpeg'), { type: 'image/png' });
    expect((await get(`/files/${other}/preview`)).headers.get('content-type')).toBe('image/jpeg');
    // Would a range let what stands behind the first bytes be taken for something else?
    const behind = Buffer.concat([await dot('png'), Buffer.from('<script>alert(1)</script>')]);
    const mixed = await put('c.png', behind, { type: 'image/png' });
    const part = await get(`/files/${mixed}/preview`, { headers: { range: 'bytes=-25' } });
    expect([part.status, part.headers.get('content-type')]).toEqual([206, 'image/png']);
    expectHarmless(part.headers);
  });

  it('of a text is its beginning, as plain text, whatever language it is in', async () => {
    const html = '<script>alert(1)</script>';
    const id = await put('page.html', html, { type: 'text/html' });
    const shown = await get(`/files/${id}/preview`);
    expect(shown.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(shown.bytes.toString()).toBe(html);
    expectHarmless(shown.headers);
    const etag = shown.headers.get('etag') ?? '';
    expect((await get(`/files/${id}/preview`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const long = await put('long.csv', 'a,b\n'.repeat(100_000));
    expect((await get(`/files/${long}/preview`)).bytes).toHaveLength(256 * 1024);
    const empty = await put('empty.txt', '');
    expect(await get(`/files/${empty}/preview`)).toMatchObject({ status: 200, bytes: Buffer.alloc(0) });
    for (const [name, type] of [
      ['a.json', 'application/json'],
      ['a.xml', 'application/xml'],
      ['a.svg', 'image/svg+xml'],
    ] as const)
      expect((await get(`/files/${await put(name, 'x', { type })}/preview`)).headers.get('content-type')).toBe(
        'text/plain; charset=utf-8',
      );
  });

  it('of a PDF file is a picture of its first page', async () => {
    const pdf = pdfOf(['1 0 0 rg 0 421 595 421 re f', '0 g 0 0 595 842 re f']);
    const id = await put('offer.pdf', pdf, { type: 'application/pdf' });
    expect((await desk.as('alice').ask('GET', `/files/${id}`)).body.preview).toBe('image');
    const shown = await get(`/files/${id}/preview`);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
    expectHarmless(shown.headers);
    // A4 in points, 1000 pixels across: the upper half is red, the lower one white.
    expect(await sharp(shown.bytes).metadata()).toMatchObject({ format: 'png', width: 1000, height: 1415 });
    const at = async (top: number) => [
      ...(await sharp(shown.bytes).extract({ left: 500, top, width: 1, height: 1 }).raw().toBuffer()),
    ];
    expect(await at(300)).toEqual([255, 0, 0]);
    expect(await at(1100)).toEqual([255, 255, 255]);
    const etag = shown.headers.get('etag') ?? '';
    expect((await get(`/files/${id}/preview`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('of sound and film is the file, in ranges', async () => {
    const bytes = randomBytes(5000);
    const id = await put('clip.mp4', bytes, { type: 'video/mp4' });
    const part = await get(`/files/${id}/preview`, { headers: { range: 'bytes=100-199' } });
    expect([part.status, part.headers.get('content-type')]).toEqual([206, 'video/mp4']);
    expect(part.bytes.equals(bytes.subarray(100, 200))).toBe(true);
    expectHarmless(part.headers);
    const sound = await put('a.m4a', bytes, { type: 'audio/x-m4a' });
    expect((await get(`/files/${sound}/preview`)).headers.get('content-type')).toBe('audio/mp4');
  });

  it.each([
    ['a.pdf', 'application/pdf'],
    ['a.doc', 'application/msword'],
    ['a.bin', 'application/octet-stream'],
    ['a.png', 'image/png; <script>'],
    ['a.tif', 'image/tiff'],
  ])('is not there for what is not shown: %s as %s', async (name, type) => {
    const id = await put(name, randomBytes(100), { type });
    const { status, body } = await desk.as('alice').ask('GET', `/files/${id}/preview`);
    expect([status, body.type]).toEqual([404, 'urn:longshore:no-preview']);
  });

  it('is not there for pictures of more than 20 MiB', async () => {
    const big = Buffer.concat([await dot('png'), Buffer.alloc(20 * 2 ** 20)]);
    const id = await put('big.png', big, { type: 'image/png' });
    const { body } = await desk.as('alice').ask('GET', `/files/${id}`);
    expect(body.preview).toBeNull();
    expect(body.versions[0].digests.crc32).toMatch(/^[0-9a-f]{8}$/);
    expect((await get(`/files/${id}/preview`)).status).toBe(404);
    const { bytes } = await get(`/files/${id}/content`);
    expect(createHash('md5').update(bytes).digest('hex')).toBe(createHash('md5').update(big).digest('hex'));
  });
});
