import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk, tools } from './desk.js';

/** The ten rules that break real clients when they are missed (specs/api2convert.md §1). */
let desk: Desk;
const kit = tools();

beforeAll(async () => {
  desk = await openDesk({ conversions: kit.conversions });
});
afterAll(() => desk.close());

const mirrored = { conversion: [{ target: 'mirror' }] };

describe('API2Convert’s ten rules', () => {
  it('1: both header families, in any case, are the same', async () => {
    for (const name of ['X-Oc-Api-Key', 'X-Api2convert-Api-Key', 'x-OC-API-key', 'x-api2convert-api-key'])
      expect((await fetch(`${desk.server.url}/v2/contracts`, { headers: { [name]: desk.key } })).status, name).toBe(
        204,
      );
    const raw = (headers: Record<string, string>) =>
      desk.ask('GET', `/v2/contracts`, undefined, { 'x-oc-api-key': 'wrong', ...headers });
    expect((await raw({ 'X-Api2convert-Api-Key': desk.key })).status).toBe(204);
    expect((await raw({})).status).toBe(401);
    const job = await desk.create();
    for (const name of ['X-Oc-Token', 'X-Api2convert-Token'])
      expect((await fetch(`${desk.server.url}/v2/jobs/${job.id}`, { headers: { [name]: job.token } })).status).toBe(
        200,
      );
    const chunk = { 'x-api2convert-upload-uuid': 'u', 'content-range': 'bytes 0-1/4' };
    const told = await desk.ask('POST', `${job.server}/upload-file/${job.id}`, 'ab', chunk);
    expect(told.body).toMatchObject({ completed: false, received: 2 });
  });

  it('2: a poller is told none of queued, pending and created', async () => {
    kit.shut();
    const job = await desk.create({
      ...mirrored,
      conversion: [{ category: 'test', target: 'gate' }],
      notify_status: true,
    });
    const seen = [job.status.code];
    await desk.upload(job, 'a.txt', 'a');
    seen.push((await desk.until(job.id, 'processing')).status.code);
    kit.open();
    seen.push((await desk.until(job.id, 'completed')).status.code);
    const history = (await desk.ask('GET', `/v2/jobs/${job.id}/history`)).body;
    expect([seen, history.map(({ status }: { status: string }) => status)]).toEqual([
      ['incomplete', 'processing', 'completed'],
      ['incomplete', 'processing', 'completed'],
    ]);
  });

  it('3: a job with process false reports ready, and stays so', async () => {
    const job = await desk.create({ ...mirrored, process: false });
    expect(job.status.code).toBe('incomplete');
    await desk.upload(job, 'a.txt', 'a');
    expect((await desk.ask('GET', `/v2/jobs/${job.id}`)).body.status.code).toBe('ready');
    await desk.upload(job, 'b.txt', 'b');
    desk.server.clock.advance(60_000);
    expect((await desk.ask('GET', `/v2/jobs/${job.id}`)).body).toMatchObject({
      status: { code: 'ready' },
      process: false,
    });
  });

  it.each([undefined, 'text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded'])(
    '4: a body is JSON whatever its type is said to be: %s',
    async (type) => {
      const body = Buffer.from(JSON.stringify({ process: false, callback: '' }));
      const told = await desk.ask('POST', '/v2/jobs', body, type === undefined ? {} : { 'content-type': type });
      expect([told.status, told.body.process]).toEqual([201, false]);
    },
  );

  it('5: the id of an upload’s answer is an object', async () => {
    const job = await desk.create();
    const told = await desk.upload(job, 'a.txt', 'hello');
    expect(told.status).toBe(200);
    expect(told.body.id).toEqual({ job: job.id, input: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(told.body).toMatchObject({
      completed: true,
      type: 'upload',
      status: 'ready',
      source: 'a.txt',
      filename: 'a.txt',
      size: 5,
      checksum: createHash('md5').update('hello').digest('hex'),
      content_type: 'text/plain',
    });
  });

  it('6: server is an absolute URL without a slash at the end', async () => {
    const { server, id } = await desk.create();
    expect(server).toBe(`${desk.server.url}/v2/dl/web1`);
    const host = await desk.ask('GET', `/v2/jobs/${id}`);
    expect(host.body.server).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v2\/dl\/web1$/);
  });

  it('7: nothing redirects, and every answer is JSON or empty', async () => {
    const job = await desk.create();
    for (const [method, path] of [
      ['GET', '/v2/jobs'],
      ['GET', '/v2/jobs/'],
      ['GET', '/v2/statuses/'],
      ['GET', `/v2/jobs/${job.id}/input`],
      ['GET', `/v2/jobs/${job.id}/threads`],
      ['GET', '/v2/nowhere'],
      ['DELETE', `/v2/jobs/${job.id}`],
      ['GET', '/v2/contracts'],
    ] as const) {
      const told = await desk.ask(method, path);
      expect(told.status < 300 || told.status >= 400, path).toBe(true);
      expect(told.text === '' || told.body !== undefined, path).toBe(true);
    }
  });

  it('8: an output needs no credentials, and its HEAD tells its name in quotes', async () => {
    const job = await desk.create(mirrored);
    await desk.upload(job, 'report 1.txt', 'hello');
    const [output] = (await desk.until(job.id, 'completed')).output;
    const head = await fetch(output.uri, { method: 'HEAD', headers: { accept: 'application/json' } });
    expect([head.status, head.headers.get('content-disposition')]).toEqual([
      200,
      'attachment; filename="report 1.txt"',
    ]);
    const got = await fetch(output.uri, { headers: { 'x-oc-api-key': 'whatever' } });
    expect([got.status, await got.text()]).toEqual([200, 'hello']);
  });

  it('9: the API is under /v2 and under the root', async () => {
    const made = await desk.ask('POST', '/jobs', { process: false });
    expect(made.status).toBe(201);
    for (const base of ['', '/v2']) {
      expect((await desk.ask('GET', `${base}/jobs/${made.body.id}`)).status).toBe(200);
      expect((await desk.ask('GET', `${base}/presets`)).status).toBe(200);
      const form = new FormData();
      form.append('file', new Blob(['x']), 'x.txt');
      expect((await desk.ask('POST', `${base}/dl/web7/upload-file/${made.body.id}`, form)).status).toBe(200);
    }
  });

  it('10: browsers may upload from other origins', async () => {
    const job = await desk.create();
    const preflight = await fetch(`${job.server}/upload-file/${job.id}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-oc-token,x-oc-upload-uuid,content-range',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/shop\.example)$/);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-oc-upload-uuid');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    const list = await fetch(`${desk.server.url}/v2/jobs`, {
      headers: { origin: 'https://shop.example', 'x-oc-api-key': desk.key },
    });
    expect(list.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('x-count');
  });
});
