import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pageRoutes } from '../src/app/pages.js';
import { type App, startApp } from '../src/app.js';
import { configOf } from '../src/config.js';
import * as dialects from '../src/dialects/index.js';
import type { Exchange, Route } from '../src/http/exchange.js';
import { manualClock } from '../src/kit/clock.js';

let folder: string;
let app: App | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await rm(folder, { recursive: true });
});

/** Starts a server over memory on a free port. */
const start = async (flags: Readonly<Record<string, string>> = {}, clock = manualClock()): Promise<App> => {
  const given = {
    data: folder,
    port: '0',
    store: 'memory',
    ledger: 'memory',
    'accounts-password-cost': '10',
    ...flags,
  };
  app = await startApp(configOf({ flags: given }), { clock });
  return app;
};

interface About {
  name: string;
  version: string;
  uptimeSeconds: number;
  dialects: { name: string; title: string; doc: string; endpoints: { url: string; what: string }[] }[];
}

const about = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<About> =>
  (await (await fetch(`${url}/api/about`, { headers })).json()) as About;

const urlsOf = ({ dialects }: About, name: string): string[] =>
  dialects.filter((dialect) => dialect.name === name).flatMap(({ endpoints }) => endpoints.map(({ url }) => url));

test('every dialect of the registry is told of, with its addresses as the asker sees them', async () => {
  const clock = manualClock();
  const { address, endpoints } = await start({}, clock);
  clock.advance(61_500);
  const told = await about(address);
  expect(told).toMatchObject({
    name: 'Longshore',
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    uptimeSeconds: 61,
  });
  expect(told.dialects.map(({ name }) => name)).toEqual(Object.values(dialects).map(({ name }) => name));
  expect(urlsOf(told, 'tus')).toEqual([`${address}/files/`]);
  expect(endpoints.map(({ url }) => url)).toEqual([
    `${address}/`,
    ...told.dialects.flatMap((dialect) => dialect.endpoints.map(({ url }) => url)),
  ]);
});

test('a prefix, a port of its own and being switched off show in what is told, and are so', async () => {
  const { address } = await start({
    'dialects-tus-prefix': '/up',
    'dialects-brightsign-port': '0',
    'http-trusted-proxies': 'loopback',
  });
  const told = await about(address);
  expect(urlsOf(told, 'tus')).toEqual([`${address}/up/files/`]);
  const answer = await fetch(`${address}/up/files/`, { method: 'OPTIONS' });
  expect(answer.headers.get('tus-version')).toBe('1.0.0');
  expect((await fetch(`${address}/files/`, { method: 'OPTIONS' })).headers.get('tus-version')).toBeNull();
  const [apart = ''] = urlsOf(told, 'brightsign');
  expect(new URL(apart).port).not.toBe(new URL(address).port);
  const forwarded = await about(address, {
    'x-forwarded-for': '192.0.2.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'upload.example.com',
  });
  expect(urlsOf(forwarded, 'tus')).toEqual(['https://upload.example.com/up/files/']);
});

test('a dialect that is switched off is not there', async () => {
  const { address } = await start({ 'dialects-tus-enabled': 'no' });
  expect(urlsOf(await about(address), 'tus')).toEqual([]);
  expect((await fetch(`${address}/files/`, { method: 'OPTIONS' })).headers.get('tus-version')).toBeNull();
});

test('health, readiness and metrics are answered', async () => {
  const { address } = await start();
  expect((await fetch(`${address}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${address}/readyz`)).json()).toEqual({ ready: true, failing: [] });
  const metrics = await (await fetch(`${address}/metrics`)).text();
  expect(metrics).toContain('longshore_http_requests_total{route="healthz",status="2xx"} 1');
});

test('the first account is made once, and only where there is none', async () => {
  const data = { store: 'disk', ledger: 'sqlite' };
  const first = await start(data);
  expect(first.firstAccount?.name).toBe('admin');
  const caller = await first.accounts.verify('admin', first.firstAccount?.password ?? '');
  expect(caller.may('admin')).toBe(true);
  await first.drain();
  const second = await start(data);
  expect(second.firstAccount).toBeNull();
});

test('a drained server is gone from its port, and its data can be opened anew', async () => {
  const data = { store: 'disk', ledger: 'sqlite' };
  const first = await start(data);
  const { id } = await first.engine.open({ dialect: 'tus', owner: 'admin', size: 3 });
  await first.drain();
  await expect(fetch(first.address)).rejects.toThrow();
  const second = await start(data);
  expect(await second.engine.look(id)).toMatchObject({ state: 'open', size: 3 });
});

test('a start that fails leaves the next one all it needs, the first account’s password too', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = String(address !== null && typeof address === 'object' ? address.port : 0);
  const data = { store: 'disk', ledger: 'sqlite' };
  await expect(start({ ...data, port })).rejects.toThrow(/EADDRINUSE/);
  await new Promise((resolve) => other.close(resolve));
  expect((await start({ ...data, port })).firstAccount?.name).toBe('admin');
});

const routeAt = (routes: readonly Route[], path: string): Route => {
  const found = routes.find((route) => route.path === path);
  if (!found) throw new Error(`no route at ${path}`);
  return found;
};

/** As much of a request as a page looks at. */
const asking = (headers: Exchange['headers'] = {}) => ({ headers }) as Exchange;

test('the web page may run its own scripts alone; where it is not built, a page says so', async () => {
  const { address } = await start();
  const answer = await fetch(address);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = answer.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await answer.text()).toContain('has not been built');
});

test('the built page is served file by file, and nothing beside it', async () => {
  const built = join(folder, 'console');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await mkdir(join(built, 'assets'), { recursive: true });
  await writeFile(join(built, 'index.html'), '<!doctype html><title>x</title>');
  await writeFile(join(built, 'assets', 'main-abc.js'), 'export {};');
  const routes = await pageRoutes(built, 'Longshore');
  expect(routes.map(({ path }) => path).sort()).toEqual(['/', '/assets/main-abc.js', '/index.html']);
  const front = await routeAt(routes, '/').handle(asking());
  expect(front).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } });
  const script = await routeAt(routes, '/assets/main-abc.js').handle(asking());
  expect(script).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    },
  });
  const etag = String(front.headers?.etag);
  expect(await routeAt(routes, '/').handle(asking({ 'if-none-match': etag }))).toMatchObject({ status: 304 });
});
