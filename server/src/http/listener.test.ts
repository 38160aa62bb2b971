import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { dial } from '../../test/raw-socket.js';
import { type Log, silentLog } from '../kit/log.js';
import { defaultsOf } from '../kit/options.js';
import { json, text } from './answers.js';
import type { Exchange, Route } from './exchange.js';
import { type Listener, type ListenSpec, listen } from './listener.js';
import { type HttpOptions, httpOptions } from './options.js';

const open = new Set<Listener>();
afterEach(async () => {
  for (const each of open) await each.close();
  open.clear();
});

const start = async (spec: Partial<Omit<ListenSpec, 'options'>> & { options?: Partial<HttpOptions> }) => {
  const options = { ...defaultsOf(httpOptions), port: 0, ...spec.options };
  const listener = await listen({ mounts: [], log: silentLog, ...spec, options });
  open.add(listener);
  return listener;
};

/** A route that answers with what `show` makes of the exchange. */
const route = (methods: string, path: string, show: (exchange: Exchange) => unknown = () => null): Route => ({
  name: `test ${methods}`,
  methods: methods.split(' '),
  path,
  handle: async (exchange) => json(200, show(exchange)),
});

const ask = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  const body = await response.text();
  return { status: response.status, headers: response.headers, body, json: () => JSON.parse(body) as unknown };
};

test('paths match in any case, with or without a slash; values keep theirs', async () => {
  const { address } = await start({
    mounts: [
      {
        routes: [
          route('GET', '/Files/:id/Parts/:part', ({ params }) => params),
          route('GET', '/tree/*', ({ params }) => params),
          route('PUT', '/tree'),
        ],
      },
    ],
  });
  expect((await ask(`${address}/files/AbC/PARTS/x%2Fy%20Z/`)).json()).toEqual({ id: 'AbC', part: 'x/y Z' });
  expect((await ask(`${address}/TREE/Some/Key//x/?q=1`)).json()).toEqual({ '*': 'Some/Key//x/' });
  expect((await ask(`${address}/tree/`)).json()).toEqual({ '*': '' });
  expect((await ask(`${address}/tree`)).json()).toEqual({ '*': '' });
  expect((await ask(`${address}/tree`, { method: 'PUT' })).status).toBe(200);
  expect((await ask(`${address}/tree/x`, { method: 'PUT' })).status).toBe(405);
  expect((await ask(`${address}/files/${'x'.repeat(5000)}/parts/1`)).status).toBe(200);
});

test('what is not there is 404, what cannot be read 400, what is not for this method 405 with Allow', async () => {
  const { address } = await start({
    mounts: [{ routes: [route('GET POST', '/a'), route('*', '/all', ({ method }) => method)] }],
  });
  expect((await ask(`${address}/b`, { method: 'POST', body: 'x', headers: { 'content-type': ';' } })).status).toBe(404);
  expect((await ask(`${address}/%zz`)).status).toBe(400);
  const wrong = await ask(`${address}/a`, { method: 'DELETE' });
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
  expect((await ask(`${address}/all`, { method: 'PROPFIND' })).json()).toBe('PROPFIND');
  expect((await ask(`${address}/a`, { method: 'PROPFIND' })).status).toBe(405);
});

test('HEAD is answered as GET without a body, unless a route answers it itself', async () => {
  const { address } = await start({
    mounts: [
      {
        routes: [
          route('GET', '/a', () => 'four'),
          route('GET', '/b'),
          { ...route('HEAD', '/b'), handle: async () => ({ status: 204, headers: { 'upload-offset': 7 } }) },
        ],
      },
    ],
  });
  const head = await ask(`${address}/a`, { method: 'HEAD' });
  expect([head.status, head.body, head.headers.get('content-length')]).toEqual([200, '', '6']);
  const own = await ask(`${address}/b`, { method: 'HEAD' });
  expect([own.status, own.headers.get('upload-offset')]).toEqual([204, '7']);
});

test('a mount under a prefix sees its own part of the path', async () => {
  const show = ({ target, path, query, origin }: Exchange) => [target, path, query.get('x'), origin];
  const { address, addresses } = await start({
    mounts: [{ prefix: 'Up/loads/', routes: [route('GET', '/'), route('GET', '/f/:id', show)] }],
  });
  expect(addresses).toEqual([`${address}/Up/loads`]);
  expect((await ask(`${address}/up/l%6Fads/f/A%20b?x=1%202`)).json()).toEqual([
    '/f/A%20b?x=1%202',
    '/f/A%20b',
    '1 2',
    `${address}/Up/loads`,
  ]);
  expect((await ask(`${address}/up/loads`)).status).toBe(200);
  expect((await ask(`${address}/f/1`)).status).toBe(404);
});

test('a mount with a host name is found by that name alone', async () => {
  const { address } = await start({
    options: { trustedProxies: ['loopback'] },
    mounts: [
      { host: 'S3.example', routes: [route('GET', '/x', () => 's3')] },
      { host: '*.s3.example', routes: [route('GET', '/x', () => 'bucket'), route('GET', '/y', () => 'y')] },
      { routes: [route('GET', '/x', () => 'any')] },
    ],
  });
  const as = async (host: string, path = '/x') => ask(`${address}${path}`, { headers: { 'x-forwarded-host': host } });
  expect((await as('s3.EXAMPLE:9000')).json()).toBe('s3');
  expect((await as('a.b.s3.example')).json()).toBe('bucket');
  expect((await as('other.example')).json()).toBe('any');
  expect((await as('other.example', '/y')).status).toBe(404);
});

test('a mount with a port of its own is there and nowhere else', async () => {
  const { address, addresses } = await start({
    mounts: [{ routes: [route('GET', '/a')] }, { port: 0, prefix: '/p', routes: [route('GET', '/b')] }],
  });
  expect(addresses[1]?.startsWith(address)).toBe(false);
  expect((await ask(`${addresses[1]}/b`)).status).toBe(200);
  expect((await ask(`${address}/p/b`)).status).toBe(404);
  expect((await ask(`${new URL(addresses[1] ?? '').origin}/a`)).status).toBe(404);
});

test('two routes for one path are refused, and a port that is taken', async () => {
  const twice = { mounts: [{ routes: [route('GET', '/a/:x'), route('GET', '/A/:y')] }] };
  await expect(start(twice)).rejects.toThrow('test GET');
  const { address } = await start({});
  await expect(start({ options: { port: Number(new URL(address).port) } })).rejects.toThrow('EADDRINUSE');
});

test('the origin is the configured one, or what the client asked for', async () => {
  const mounts = [{ prefix: '/p', routes: [route('GET', '/', ({ origin }) => origin)] }];
  const named = await start({ mounts, options: { publicUrl: 'https://up.example/base/' } });
  expect((await ask(`${named.address}/p`)).json()).toBe('https://up.example/base/p');
  const plain = await start({ mounts });
  expect((await ask(`${plain.address}/p`, { headers: { 'x-forwarded-proto': 'https' } })).json()).toBe(
    `${plain.address}/p`,
  );
});

test('whatever a handler throws is a 500 without its reasons, and is logged with them', async () => {
  const errors: object[] = [];
  const log: Log = { ...silentLog, error: (facts) => errors.push(facts) };
  const failure = new Error('the password is xyzzy');
  const fail = (handle: Route['handle'], path: string): Route => ({ name: 'test', methods: ['GET'], path, handle });
  const { address } = await start({
    log,
    mounts: [
      {
        routes: [
          fail(async () => Promise.reject(failure), '/a'),
          fail(async () => ({ status: 200, headers: { 'x-bad': 'a\r\nb' } }), '/b'),
          fail(
            async () => ({
              status: 200,
              body: (async function* () {
                yield Buffer.from('half');
                throw failure;
              })(),
            }),
            '/c',
          ),
        ],
      },
    ],
  });
  const answer = await ask(`${address}/a`);
  expect([answer.status, answer.body]).toEqual([500, 'Internal error.\n']);
  expect(errors).toEqual([{ route: 'test', err: failure }]);
  expect((await ask(`${address}/b`)).status).toBe(500);
  await expect(ask(`${address}/c`)).rejects.toThrow();
});

test('the access log and the metrics name routes, never paths', async () => {
  const lines: string[] = [];
  const seen: object[] = [];
  const { address } = await start({
    log: { ...silentLog, info: (facts) => lines.push(JSON.stringify(facts)) },
    observe: (facts) => seen.push({ ...facts, ms: 0 }),
    mounts: [
      {
        routes: [
          {
            ...route('POST', '/f/:token'),
            handle: async ({ body }) => {
              for await (const piece of body()) expect(piece.length).toBe(5);
              return text(201, 'done');
            },
          },
        ],
      },
    ],
  });
  await ask(`${address}/f/secret-token?key=secret`, { method: 'POST', body: 'hello', headers: { 'x-key': 'secret' } });
  await expect.poll(() => lines.length).toBe(1);
  expect(lines[0]).not.toContain('secret');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    route: 'test POST',
    method: 'POST',
    status: 201,
    bytesIn: 5,
    bytesOut: 5,
    remote: '127.0.0.1',
  });
  expect(seen).toEqual([{ route: 'test POST', status: 201, ms: 0, bytesIn: 5, bytesOut: 5 }]);
});

test('a preflight is answered by CORS, an OPTIONS of the protocol by its route', async () => {
  const { address } = await start({
    mounts: [
      {
        routes: [
          {
            ...route('OPTIONS', '/files'),
            handle: async () => ({ status: 204, headers: { 'tus-version': '1.0.0' } }),
          },
          { ...route('POST', '/files'), handle: async () => ({ status: 201, headers: { Location: '/files/1' } }) },
        ],
      },
    ],
  });
  const own = await ask(`${address}/files`, { method: 'OPTIONS', headers: { origin: 'https://page.example' } });
  expect(own.headers.get('tus-version')).toBe('1.0.0');
  expect(own.headers.get('access-control-allow-origin')).toBe('*');
  const raw = await dial(address);
  await raw.send(
    'OPTIONS /files HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: https://page.example\r\n' +
      'Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: tus-resumable,upload-length\r\n\r\n',
  );
  const preflight = (await raw.ended()).toLowerCase();
  expect(preflight).toContain('http/1.1 204');
  expect(preflight).toContain('access-control-allow-methods: options, post');
  expect(preflight).toContain('access-control-allow-headers: tus-resumable,upload-length');
  expect(preflight).not.toContain('tus-version');
  const post = await ask(`${address}/files`, { method: 'POST', headers: { origin: 'https://page.example' } });
  expect(post.headers.get('access-control-expose-headers')).toBe('Location');
  expect((await ask(`${address}/files`, { method: 'POST' })).headers.has('access-control-allow-origin')).toBe(false);
});

test('only configured origins are let in', async () => {
  const mounts = [{ routes: [{ ...route('GET', '/'), handle: async () => text(200, 'x', { Vary: 'Accept' }) }] }];
  const { address } = await start({ mounts, options: { corsOrigins: ['https://page.example'] } });
  const known = await ask(address, { headers: { origin: 'https://page.example' } });
  expect(known.headers.get('access-control-allow-origin')).toBe('https://page.example');
  expect(known.headers.get('vary')).toBe('Accept, Origin');
  const stranger = await ask(address, { headers: { origin: 'https://other.example' } });
  expect(stranger.headers.has('access-control-allow-origin')).toBe(false);
});

test('health, readiness, metrics', async () => {
  let well = true;
  const { address } = await start({
    checks: {
      store: async () => undefined,
      ledger: async () => {
        if (!well) throw new Error('locked: /secret/path');
      },
    },
    metrics: async () => ({ type: 'text/plain; version=0.0.4', text: 'one 1\n' }),
    options: { metricsToken: 'sesame' },
  });
  expect((await ask(`${address}/healthz`)).status).toBe(200);
  expect((await ask(`${address}/readyz`)).status).toBe(200);
  well = false;
  const unready = await ask(`${address}/readyz`);
  expect([unready.status, unready.json()]).toEqual([503, { ready: false, failing: ['ledger'] }]);
  expect((await ask(`${address}/healthz`)).status).toBe(200);
  expect((await ask(`${address}/metrics`)).status).toBe(401);
  const metrics = await ask(`${address}/metrics`, { headers: { authorization: 'Bearer sesame' } });
  expect([metrics.status, metrics.body]).toEqual([200, 'one 1\n']);
});

test('half of a TLS pair is refused, instead of serving plain HTTP', async () => {
  await expect(start({ options: { tlsCert: '/nowhere/cert.pem' } })).rejects.toThrow('both');
});

test.skipIf(spawnSync('openssl', ['version']).status !== 0)('TLS (needs openssl to make a certificate)', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'longshore-'));
  const [tlsKey, tlsCert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  try {
    const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
    const names = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', tlsKey, '-out', tlsCert];
    execFileSync('openssl', [...request.split(' '), ...names], { stdio: 'ignore' });
    const { address } = await start({
      options: { tlsKey, tlsCert },
      mounts: [{ routes: [route('GET', '/', ({ origin, remote }) => [origin, remote])] }],
    });
    expect(address).toMatch(/^https:/);
    const ca = await readFile(tlsCert);
    const body = await new Promise<string>((resolve, reject) => {
      get(address, { ca, agent: false }, (response) => {
        response.setEncoding('utf8').on('data', resolve);
      }).on('error', reject);
    });
    expect(JSON.parse(body)).toEqual([address, '127.0.0.1']);
  } finally {
    await rm(dir, { recursive: true });
  }
});
