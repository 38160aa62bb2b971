import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk, type Told } from './desk.js';

/** Whole files and base64 (specs/api2convert.md §9, and the seed's flow of several files). */
let desk: Desk;

beforeAll(async () => {
  desk = await openDesk({ options: { maxFile: 1000, maxJson: 4000 } });
});
afterAll(() => desk.close());

const form = (...parts: readonly (readonly [name: string, content: string, fileName?: string])[]): Told['body'] => {
  const data = new FormData();
  for (const [name, content, fileName] of parts)
    if (fileName === undefined) data.append(name, content);
    else data.append(name, new Blob([content]), fileName);
  return data;
};
const post = (job: Told['body'], body: unknown, headers = {}) =>
  desk.ask('POST', `${job.server}/upload-file/${job.id}`, body, headers);
const join = { conversion: [{ target: 'join' }] };

describe('a whole file', () => {
  it('starts the job that it completes; then uploads are refused', async () => {
    const job = await desk.create(join);
    expect((await post(job, form(['file', 'hello', 'a.txt']))).status).toBe(200);
    const late = await post(job, form(['file', 'late', 'b.txt']));
    expect([late.status, late.body.code]).toEqual([409, 409]);
    const { output } = await desk.until(job.id, 'completed');
    expect((await desk.ask('GET', output[0].uri, undefined, null)).text).toBe('hello');
  });

  it('three files with process false, then the PATCH', async () => {
    const job = await desk.create({ ...join, process: false });
    for (const name of ['one', 'two', 'three']) expect((await post(job, form(['file', name, name]))).status).toBe(200);
    const started = await desk.ask('PATCH', `/v2/jobs/${job.id}`, { process: true });
    expect(started.body.status.code).toBe('processing');
    const { output, input } = await desk.until(job.id, 'completed');
    expect(input).toHaveLength(3);
    expect((await desk.ask('GET', output[0].uri, undefined, null)).text).toBe('onetwothree');
  });

  it.each([
    ['the part file', [['file', 'x', 'a.txt']], 200, 'a.txt'],
    ['another part that has a file name', [['upload', 'x', 'b.txt']], 200, 'b.txt'],
    ['a part file without a name', [['file', 'x']], 200, 'output'],
    ['a path', [['file', 'x', '../../etc/passwd']], 200, 'passwd'],
    [
      'a password behind it',
      [
        ['file', 'x', 'a.txt'],
        ['decrypt_password', 'p'],
      ],
      200,
      'a.txt',
    ],
    [
      'two files',
      [
        ['file', 'x', 'a.txt'],
        ['file', 'y', 'b.txt'],
      ],
      400,
      undefined,
    ],
    ['no file', [['name', 'x']], 400, undefined],
  ] as const)('of a form: %s', async (_, parts, status, name) => {
    const job = await desk.create({ process: false });
    const told = await post(job, form(...parts));
    expect([told.status, told.body.filename]).toEqual([status, name]);
    const { body } = await desk.ask('GET', `/v2/jobs/${job.id}/input`);
    expect(body).toHaveLength(status === 200 ? 1 : 0);
    expect(JSON.stringify(body)).not.toContain('"p"');
  });

  it('that is empty', async () => {
    const job = await desk.create(join);
    const told = await post(job, form(['file', '', 'empty.txt']));
    expect(told.body).toMatchObject({ completed: true, size: 0, checksum: 'd41d8cd98f00b204e9800998ecf8427e' });
    const { output } = await desk.until(job.id, 'completed');
    expect((await desk.ask('GET', output[0].uri, undefined, null)).text).toBe('');
  });

  it('is refused when it is too large, no form, or cut', async () => {
    const job = await desk.create({ process: false });
    expect((await post(job, form(['file', 'x'.repeat(1001), 'a.txt']))).status).toBe(413);
    expect((await post(job, 'bytes', { 'content-type': 'application/octet-stream' })).status).toBe(400);
    expect((await post(job, 'no boundary', { 'content-type': 'multipart/form-data' })).status).toBe(400);
    const cut = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf';
    expect((await post(job, cut, { 'content-type': 'multipart/form-data; boundary=b' })).status).toBe(400);
    expect((await desk.ask('GET', `/v2/jobs/${job.id}/input`)).body).toEqual([]);
    expect(await desk.server.host.engine.list({ states: ['open', 'sealed'] })).toEqual([]);
  });

  it('is refused before its bytes travel', async () => {
    const job = await desk.create({ process: false });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(`${job.server}/upload-file/${job.id}`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 500, expect: '100-continue' },
      });
      sent.on('continue', () => reject(new Error('the body was asked for')));
      sent.on('error', reject).on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
        sent.destroy();
      });
      sent.flushHeaders();
    });
    expect(status).toBe(401);
  });

  it('again under its uuid is answered as before; other bytes are refused', async () => {
    const job = await desk.create({ process: false });
    const uuid = { 'x-oc-upload-uuid': '1' };
    const first = await post(job, form(['file', 'hello', 'a.txt']), uuid);
    const again = await post(job, form(['file', 'hello', 'a.txt']), uuid);
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    expect((await post(job, form(['file', 'other', 'a.txt']), uuid)).status).toBe(409);
    expect((await desk.ask('GET', `/v2/jobs/${job.id}/input`)).body).toHaveLength(1);
    const both = await Promise.all(
      [0, 1].map(() => post(job, form(['file', 'twice', 'b.txt']), { 'x-oc-upload-uuid': '2' })),
    );
    expect(both.map(({ status }) => status)).toContain(200);
    expect((await desk.ask('GET', `/v2/jobs/${job.id}/input`)).body).toHaveLength(2);
  });

  it('beyond the account’s quota is 402', async () => {
    await desk.server.host.accounts.amend('bob', { quota: 10 });
    const made = await desk.ask('POST', '/v2/jobs', { process: false }, { 'x-oc-api-key': desk.bobsKey });
    const told = await post(made.body, form(['file', 'x'.repeat(20), 'a.txt']), { 'x-oc-api-key': desk.bobsKey });
    expect(told.status).toBe(402);
  });

  it('of nobody’s job is 404, without a credential 401', async () => {
    const job = await desk.create();
    expect((await post({ ...job, id: '00000000-0000-4000-8000-000000000000' }, form(['file', 'x', 'a']))).status).toBe(
      404,
    );
    expect((await desk.ask('POST', `${job.server}/upload-file/${job.id}`, form(['file', 'x', 'a']), null)).status).toBe(
      401,
    );
  });
});

describe('base64', () => {
  const send = (job: Told['body'], body: unknown, headers = {}) =>
    desk.ask('POST', `${job.server}/upload-base64/${job.id}`, body, headers);

  it('one file, as text or data URI', async () => {
    const job = await desk.create({ process: false });
    const plain = await send(job, { content: 'aGVsbG8=', filename: 'h.txt', options: { position: 2 } });
    expect([plain.status, plain.body]).toMatchObject([
      200,
      {
        id: { job: job.id },
        filename: 'h.txt',
        size: 5,
        checksum: '5d41402abc4b2a76b9719d911017c592',
        options: { position: 2 },
      },
    ]);
    const uri = await send(job, { content: 'data:image/png;base64,aGVsbG8' });
    expect(uri.body).toMatchObject({ filename: 'output', content_type: 'image/png', size: 5 });
    expect((await send(job, { content: 'aGVsbG8=', name: 'n.txt' })).body.filename).toBe('n.txt');
  });

  it('several files, answered as a list', async () => {
    const job = await desk.create({ process: false });
    const told = await send(job, [{ content: 'YQ==' }, { content: 'Yg==', filename: 'b' }]);
    expect(told.body.map(({ filename }: { filename: string }) => filename)).toEqual(['output', 'b']);
  });

  it('as fields of a form', async () => {
    const job = await desk.create({ process: false });
    const body = new URLSearchParams({ content: 'aGVsbG8+', filename: 'f.bin' }).toString();
    const told = await send(job, body, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(told.body).toMatchObject({ filename: 'f.bin', size: 6 });
    expect((await send(job, form(['content', 'YQ==']))).body).toMatchObject({ size: 1 });
  });

  it('starts a job; what is no base64 or too large is refused', async () => {
    const job = await desk.create({ conversion: [{ target: 'mirror' }] });
    for (const body of [{}, { content: 'a' }, { content: '!!' }, [], 'x'])
      expect((await send(job, body)).status, JSON.stringify(body)).toBe(400);
    expect((await send(job, { content: 'A'.repeat(5000) })).status).toBe(413);
    expect((await send(job, { content: 'YQ==' })).status).toBe(200);
    await desk.until(job.id, 'completed');
    expect((await send(job, { content: 'YQ==' })).status).toBe(409);
  });
});

describe('memory', () => {
  it('a large body waits until there is room beside another, and small ones go past it', async () => {
    const crowded = await openDesk({ options: { jsonMemory: 200_000 } });
    const answered: string[] = [];
    const whole = Buffer.from(JSON.stringify({ content: 'A'.repeat(150_000) }));
    const begin = async (name: string) => {
      const job = await crowded.create({ process: false });
      const sent = request(`${job.server}/upload-base64/${job.id}`, {
        method: 'POST',
        headers: { 'x-oc-api-key': crowded.key, 'content-length': whole.length, expect: '100-continue' },
      });
      const done = new Promise<number | undefined>((resolve, reject) => {
        sent.on('error', reject).on('response', (response) => {
          answered.push(name);
          response.resume().on('end', () => resolve(response.statusCode));
        });
      });
      // Told to go on once its turn has come.
      const turn = new Promise<void>((resolve) => sent.once('continue', resolve));
      sent.flushHeaders();
      return { sent, done, turn };
    };
    try {
      const first = await begin('first');
      await first.turn;
      first.sent.write(whole.subarray(0, 100_000));
      const second = await begin('second');
      second.sent.end(whole);
      for (let round = 0; round < 5; round += 1) expect((await crowded.create({})).status.code).toBe('incomplete');
      expect(answered).toEqual([]);
      first.sent.end(whole.subarray(100_000));
      expect([await first.done, await second.done]).toEqual([200, 200]);
      expect(answered).toEqual(['first', 'second']);
    } finally {
      await crowded.close();
    }
  });
});
