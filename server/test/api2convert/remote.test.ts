import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Api2ConvertOptions } from '../../src/dialects/api2convert/options.js';
import { isPublic } from '../../src/dialects/api2convert/remote/addresses.js';
import { signatureOf } from '../../src/dialects/api2convert/remote/calling.js';
import { type Desk, openDesk } from './desk.js';

/** What is asked of other servers: remote inputs and callbacks (specs/api2convert.md §5, §12). */
const other = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const opened = async (options: Partial<Api2ConvertOptions>): Promise<Desk> => {
  const desk = await openDesk({ options });
  onTestFinished(() => desk.close());
  return desk;
};
const here = ['127.0.0.1'];

describe('remote inputs', () => {
  const fetchFrom = async (desk: Desk, source: string, more: object = {}) =>
    desk.create({ input: [{ source, ...more }], conversion: [{ target: 'mirror' }] });

  it('are fetched from hosts that are allowed; the job starts when they are there', async () => {
    const remote = await other((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-disposition': 'attachment; filename="r.txt"' });
      response.end('remote');
    });
    const desk = await opened({ remoteHosts: here });
    const job = await fetchFrom(desk, `${remote}/a`);
    expect(job.status.code).toBe('downloading');
    const done = await desk.until(job.id, 'completed');
    expect(done.input).toMatchObject([
      { type: 'remote', status: 'ready', filename: 'r.txt', size: 6, source: `${remote}/a` },
    ]);
    expect((await desk.ask('GET', done.output[0].uri, undefined, null)).text).toBe('remote');
    const named = await fetchFrom(desk, `${remote}/b`, { filename: 'mine' });
    expect((await desk.until(named.id, 'completed')).input[0].filename).toBe('mine.txt');
  });

  it('follow redirects within the hosts that are allowed', async () => {
    const target = await other((_request, response) => response.end('here'));
    const remote = await other((request, response) => {
      const to = request.url === '/inside' ? `${target}/file.txt` : 'http://localhost:9/secret';
      response.writeHead(302, { location: to }).end();
    });
    const desk = await opened({ remoteHosts: here });
    await desk.until((await fetchFrom(desk, `${remote}/inside`)).id, 'completed');
    const failed = await desk.until((await fetchFrom(desk, `${remote}/outside`)).id, 'failed');
    expect(failed.errors).toMatchObject([{ source: 'input', code: 17, message: expect.stringContaining('localhost') }]);
  });

  it('that are not there, too large or too slow fail the job', async () => {
    const remote = await other((request, response) => {
      if (request.url === '/missing') response.writeHead(404).end();
      else if (request.url === '/long') response.writeHead(200, { 'content-length': 100 }).end('x'.repeat(100));
      else if (request.url === '/endless') response.write('x'.repeat(100));
      else response.writeHead(200, { 'content-length': 5 }).write('x');
    });
    const desk = await opened({ remoteHosts: here, maxFile: 50, remoteTimeout: 1000 });
    const messageOf = async (path: string) =>
      (await desk.until((await fetchFrom(desk, remote + path)).id, 'failed')).errors[0].message;
    expect(await messageOf('/missing')).toContain('404');
    expect(await messageOf('/long')).toContain('at most 50 bytes');
    expect(await messageOf('/endless')).toContain('at most 50 bytes');
    expect(await messageOf('/slow')).toContain('could not be fetched');
    expect(await desk.server.host.engine.list({ states: ['open', 'sealed'] })).toEqual([]);
  });

  it('never reach internal addresses, by whatever name', async () => {
    let asked = 0;
    const remote = await other((_request, response) => {
      asked += 1;
      response.end('secret');
    });
    const { port } = new URL(remote);
    const desk = await opened({ remoteHosts: ['*'] });
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0.0.0.0'])
      await desk.until((await fetchFrom(desk, `http://${host}:${port}/`)).id, 'failed');
    expect(asked).toBe(0);
  });

  it('of hosts that are not listed, and all of them by default, are refused at once', async () => {
    const listed = await opened({ remoteHosts: ['files.example.com'] });
    const ask = (desk: Desk, source: string) => desk.ask('POST', '/v2/jobs', { input: [{ type: 'remote', source }] });
    expect((await ask(listed, 'https://example.com/a')).status).toBe(400);
    expect((await ask(listed, 'file:///etc/passwd')).status).toBe(400);
    expect((await ask(await opened({}), 'https://files.example.com/a')).status).toBe(400);
  });

  it.each([
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['10.1.2.3', false],
    ['172.31.0.1', false],
    ['192.168.1.1', false],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['127.8.8.8', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::1', false],
    ['::', false],
    ['::ffff:10.0.0.1', false],
    ['64:ff9b::a00:1', false],
    ['fe80::1%eth0', false],
    ['fd00::1', false],
    ['2002:a00:1::', false],
    ['example.com', false],
  ])('%s is public: %s', (address, expected) => {
    expect(isPublic(address)).toBe(expected);
  });
});

describe('callbacks', () => {
  const listening = async (answer: (count: number) => number) => {
    const heard: { body: string; headers: IncomingMessage['headers'] }[] = [];
    let tell: () => void = () => undefined;
    const url = await other((request, response) => {
      void text(request).then((body) => {
        heard.push({ body, headers: request.headers });
        response.writeHead(answer(heard.length)).end();
        tell();
      });
    });
    const until = async (count: number): Promise<void> => {
      while (heard.length < count)
        await new Promise<void>((resolve) => {
          tell = resolve;
        });
    };
    return { url, heard, until };
  };

  it('tell the job when it is over, signed', async () => {
    const { url, heard, until } = await listening(() => 200);
    const desk = await opened({ callbackHosts: here, callbackSecret: 's3cret' });
    const job = await desk.create({ callback: `${url}/done`, conversion: [{ target: 'mirror' }] });
    await desk.upload(job, 'a.txt', 'a');
    await until(1);
    const [{ body, headers } = { body: '', headers: {} }] = heard;
    const done = await desk.until(job.id, 'completed');
    expect(JSON.parse(body)).toEqual(done);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-oc-signature': signatureOf('s3cret', body),
      'user-agent': expect.stringContaining('API v2 Client'),
    });
    expect(headers['x-oc-signature']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('tell every change where that is wanted', async () => {
    const { url, heard, until } = await listening(() => 200);
    const desk = await opened({ callbackHosts: here });
    const job = await desk.create({ callback: url, notify_status: true, conversion: [{ target: 'mirror' }] });
    await desk.upload(job, 'a.txt', 'a');
    await until(3);
    const codes = heard.map(({ body }) => JSON.parse(body).status.code);
    expect(codes.sort()).toEqual(['completed', 'incomplete', 'processing']);
  });

  it('are tried again after 5xx, and not after 4xx', async () => {
    const { url, heard, until } = await listening((count) => (count < 3 ? 503 : 400));
    const desk = await opened({ callbackHosts: here });
    const job = await desk.create({ callback: url, conversion: [{ target: 'mirror' }] });
    await desk.upload(job, 'a.txt', 'a');
    await until(1);
    const { jobs } = desk.server.host;
    const state = async () => (await jobs.list({ kind: 'api2convert callback' }))[0]?.state;
    for (let tries = 0; tries < 400 && (await state()) !== 'done'; tries += 1) {
      desk.server.clock.advance(1000);
      await desk.ask('GET', '/v2/statuses');
    }
    expect([await state(), heard.length]).toEqual(['done', 3]);
  });

  it('leave a host alone that has failed 25 times', async () => {
    const { url, heard, until } = await listening(() => 500);
    const desk = await opened({ callbackHosts: here });
    const { jobs } = desk.server.host;
    const announce = async () => {
      const job = await desk.create({ callback: url, conversion: [{ target: 'mirror' }] });
      await desk.upload(job, 'a.txt', 'a');
    };
    const failed = async (count: number) => {
      const tried = async () =>
        (await jobs.list({ kind: 'api2convert callback' })).filter((each) => each.result !== null);
      for (let tries = 0; tries < 500 && (await tried()).length < count; tries += 1)
        await desk.ask('GET', '/v2/statuses');
      return (await tried()).map(({ result }) => String(result));
    };
    for (let count = 1; count <= 25; count += 1) {
      await announce();
      await until(count);
    }
    expect((await failed(25)).every((message) => message.includes('500'))).toBe(true);
    await announce();
    const [last] = await failed(26);
    expect(last).toMatch(/left alone/);
    expect(heard).toHaveLength(25);
  });

  it('do not go to internal addresses', async () => {
    const { url, heard } = await listening(() => 200);
    const desk = await opened({});
    const job = await desk.create({ callback: url, conversion: [{ target: 'mirror' }] });
    await desk.upload(job, 'a.txt', 'a');
    await desk.until(job.id, 'completed');
    const { jobs } = desk.server.host;
    for (let tries = 0; tries < 400; tries += 1)
      if ((await jobs.list({ kind: 'api2convert callback', state: 'done' })).length === 1) break;
    expect(await jobs.list({ kind: 'api2convert callback' })).toMatchObject([{ state: 'done', attempts: 1 }]);
    expect(heard).toEqual([]);
  });
});
