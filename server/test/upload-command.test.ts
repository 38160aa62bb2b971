import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mirror } from '../src/dialects/api2convert/conversions/mirror.js';
import { api2convertWith } from '../src/dialects/api2convert/dialect.js';
import { brightsign } from '../src/dialects/brightsign/dialect.js';
import { fourshared } from '../src/dialects/fourshared/dialect.js';
import { inforouter } from '../src/dialects/inforouter/dialect.js';
import { interfax } from '../src/dialects/interfax/dialect.js';
import { tus } from '../src/dialects/tus/dialect.js';
import { type Server as Longshore, serve } from './memory-server.js';

const program = fileURLToPath(new URL('../bin/longshore.cjs', import.meta.url));

let folder: string;
let path: string;
let server: Longshore;
const children = new Set<ChildProcess>();
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  path = join(folder, 'film.bin');
  await writeFile(path, Buffer.alloc(1_000_000, 'film'));
  server = await serve({ dialect: tus });
  closing.push(server.close);
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  for (const close of closing.splice(0)) await close();
  await rm(folder, { recursive: true });
});

const begin = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
  const child = spawn(process.execPath, [program, 'upload', ...args], {
    env: { ...process.env, XDG_STATE_HOME: join(folder, 'state'), ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.add(child);
  const seen = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    seen.err += text;
  });
  child.stdin.on('error', () => undefined);
  const outcome = async () => {
    await once(child, 'close');
    return { code: child.exitCode, ...seen };
  };
  return { child, outcome: outcome() };
};

const run = (args: readonly string[], environment?: Readonly<Record<string, string>>, input = '') => {
  const { child, outcome } = begin(args, environment);
  child.stdin.end(input);
  return outcome;
};

const remembered = () => readdir(join(folder, 'state', 'longshore')).catch(() => []);
const held = async (url: string) => (await server.host.engine.look(url.trim().split('/').at(-1) ?? '')).received;
const to = () => ['--to', `${server.url}/files/`];

test('a file goes up and its address is printed; nothing is remembered afterwards', async () => {
  const { code, out, err } = await run([
    path,
    ...to(),
    '--user',
    'alice',
    '--password',
    'secret',
    '--metadata',
    'a=b=c',
  ]);
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('film.bin: 977 KiB of 977 KiB (100%)') });
  expect(out).toMatch(/^http:\S+\/files\/\S+\n$/);
  expect(await held(out)).toBe(1_000_000);
  expect(await remembered()).toEqual([]);
});

test('the password comes from the environment, or from the standard input', async () => {
  const args = [path, ...to(), '--user', 'alice'];
  expect(await run(args, { LONGSHORE_PASSWORD: 'secret' })).toMatchObject({ code: 0 });
  expect(await run(args, {}, 'secret\n')).toMatchObject({ code: 0 });
  expect(await run(args, { LONGSHORE_PASSWORD: 'wrong' })).toMatchObject({
    code: 1,
    err: expect.stringContaining('the server answered 401'),
  });
});

test('in parts, in chunks, and several files, of which one is missing', async () => {
  const user = ['--user', 'alice', '--password', 'secret'];
  const parts = await run([path, ...to(), ...user, '--parallel', '3', '--chunk-size', '100k']);
  expect(parts.code).toBe(0);
  expect(await held(parts.out)).toBe(1_000_000);
  const two = await run([join(folder, 'missing'), path, ...to(), ...user]);
  expect(two).toMatchObject({ code: 1, err: expect.stringContaining('missing: ENOENT') });
  expect(await held(two.out)).toBe(1_000_000);
});

test('BrightSign prints the content id', async () => {
  const other = await serve({ dialect: brightsign });
  closing.push(other.close);
  const args = [path, '--to', other.url, '--as', 'brightsign', '--user', 'alice', '--password', 'secret'];
  expect(await run([...args, '--virtual-path', '\\Shared\\Films\\'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\n$/),
  });
});

test('a document is sent to a folder of infoRouter', async () => {
  const other = await serve({ dialect: inforouter });
  closing.push(other.close);
  const args = [path, '--to', other.url, '--as', 'inforouter', '--user', 'alice', '--password', 'secret'];
  expect(await run([...args, '--folder', '/Documents', '--comment', 'first cut'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\n$/),
  });
  expect(await run([...args, '--folder', '/Elsewhere'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('Folder not found.'),
  });
});

test('a file is sent to a folder of 4shared, in parts and several at once', async () => {
  const other = await serve({ dialect: fourshared });
  closing.push(other.close);
  const args = [path, '--to', other.url, '--as', '4shared', '--user', 'alice', '--password', 'secret'];
  const parts = ['--chunk-size', '100k', '--parallel', '4'];
  expect(await run([...args, ...parts, '--folder', 'Films/2026'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^10\d{8}\n$/),
  });
  const [file] = await other.host.ledger.read((facts) => other.host.catalog.recent(facts));
  expect(file).toMatchObject({ name: 'film.bin', versions: [{ size: 1_000_000 }] });
  expect(await run([path, '--to', other.url, '--as', '4shared', '--key', 'key'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('4shared wants a user and a password.'),
  });
});

test('a file is sent to be converted, and where the result is is printed', async () => {
  const other = await serve({ dialect: api2convertWith(() => [mirror]) });
  closing.push(other.close);
  other.host.jobs.start();
  const args = [path, '--to', other.url, '--as', 'api2convert', '--user', 'alice', '--password', 'secret'];
  const sent = await run([...args, '--convert', 'mirror/mirror', '--chunk-size', '100k']);
  expect(sent).toMatchObject({ code: 0, out: expect.stringContaining('/download-file/') });
  const got = await fetch(sent.out.trim());
  expect((await got.arrayBuffer()).byteLength).toBe(1_000_000);
});

test('a document is faxed by InterFAX, and its transaction id printed', async () => {
  const other = await serve({ dialect: interfax });
  closing.push(other.close);
  const letter = join(folder, 'letter.txt');
  await writeFile(letter, 'Dear Ann');
  const args = [letter, '--to', other.url, '--as', 'interfax', '--user', 'alice', '--password', 'secret'];
  expect(await run([...args, '--fax', '+44 20 7946 0123'])).toMatchObject({ code: 0, out: '1\n' });
  expect(await run([...args, '--fax', 'Ann'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('No valid recipients'),
  });
  expect(await run(args)).toMatchObject({ code: 1, err: '--as interfax needs --fax.\n' });
});

test('what makes no sense is refused', async () => {
  expect(await run([path, '--to', 'nowhere'])).toMatchObject({ code: 1, err: expect.stringContaining('http address') });
  expect(await run([path])).toMatchObject({ code: 1, err: expect.stringContaining('--to') });
  expect(await run([path, ...to(), '--virtual-path', 'x'])).toMatchObject({
    code: 1,
    err: '--virtual-path is for --as brightsign.\n',
  });
});

/** A tus server that takes 100,000 bytes and then nothing until it is told to go on. */
const reluctant = async () => {
  let bytes = 0;
  let willing = false;
  let refusing = false;
  const methods: string[] = [];
  let reached = (): void => undefined;
  const waiting = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const answer = async (request: IncomingMessage): Promise<[number, Record<string, string>]> => {
    methods.push(request.method ?? '');
    if (request.method === 'POST') return refusing ? [403, {}] : [201, { location: '/files/1' }];
    if (request.method === 'HEAD') return [200, { 'upload-offset': String(bytes), 'upload-length': '1000000' }];
    if (!willing && bytes > 0) {
      reached();
      await once(request, 'close');
    }
    for await (const piece of request) bytes += (piece as Buffer).length;
    return [204, { 'upload-offset': String(bytes) }];
  };
  const http: Server = createServer((request, response) => {
    answer(request).then(
      ([status, headers]) => response.writeHead(status, headers).end(),
      () => response.destroy(),
    );
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  closing.push(async () => {
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/files`,
    methods,
    waiting,
    relent: () => {
      willing = true;
    },
    /** No new upload is created from now on. */
    refuse: () => {
      refusing = true;
    },
  };
};

test('a folder goes up as a web page, and again with only what has changed', async () => {
  const signage = await serve({ dialect: brightsign });
  closing.push(signage.close);
  const site = join(folder, 'lakes');
  await mkdir(join(site, 'css', '.cache'), { recursive: true });
  await writeFile(join(site, 'index.html'), '<p>one');
  await writeFile(join(site, 'css', 'a.css'), 'body{}');
  await writeFile(join(site, 'css', '.cache', 'x'), 'not for the page');
  await writeFile(join(site, 'b.png'), 'picture');
  const args = ['--web-page', site, '--as', 'brightsign', '--to', signage.url, '--user', 'Acme/alice'];
  const first = await run(args, { LONGSHORE_PASSWORD: 'secret' });
  expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\n$/) });
  const { catalog, ledger } = signage.host;
  const page = () => ledger.read((facts) => catalog.file(facts, Number(first.out)));
  const assets = [
    { relativePath: '\\', fileName: 'b.png' },
    { relativePath: 'css\\', fileName: 'a.css' },
  ];
  expect((await page()).metadata).toMatchObject({ page: { name: 'lakes', assets } });
  await writeFile(join(site, 'index.html'), '<p>two');
  const again = await run(args, { LONGSHORE_PASSWORD: 'secret' });
  expect(again).toMatchObject({ code: 0, out: first.out, err: expect.stringContaining('6 of 19 bytes sent') });
  expect((await page()).versions).toHaveLength(2);
  expect(await remembered()).toEqual([]);

  await rm(join(site, 'index.html'));
  expect(await run(args, { LONGSHORE_PASSWORD: 'secret' })).toMatchObject({ code: 1 });
  expect(await run(['--web-page', site, ...to()])).toMatchObject({
    code: 1,
    err: expect.stringContaining('--as brightsign'),
  });
  expect(await run(to())).toMatchObject({ code: 1, err: expect.stringContaining('no file') });
});

test('Ctrl-C keeps what was sent, and the same command goes on', async () => {
  const slow = await reluctant();
  const args = [path, '--to', slow.url, '--chunk-size', '100000'];
  const { child, outcome } = begin(args);
  await slow.waiting;
  child.kill('SIGINT');
  const { code, err } = await outcome;
  expect({ code, err }).toMatchObject({ code: 130, err: expect.stringContaining('Run the same command again') });
  const [file = ''] = await remembered();
  expect((await stat(join(folder, 'state', 'longshore', file))).mode & 0o077).toBe(0);

  slow.relent();
  slow.methods.length = 0;
  expect(await run(args)).toMatchObject({ code: 0, err: expect.stringContaining('going on from where it was left') });
  expect(slow.methods).toEqual(['HEAD', ...Array(9).fill('PATCH')]);
  expect(await remembered()).toEqual([]);
});

test('--fresh begins anew, and so does a file that was changed', async () => {
  const slow = await reluctant();
  const args = [path, '--to', slow.url, '--chunk-size', '100000'];
  const { child, outcome } = begin(args);
  await slow.waiting;
  child.kill('SIGINT');
  await outcome;
  slow.refuse();
  slow.methods.length = 0;
  const fresh = await run([...args, '--fresh', '--key', 'k']);
  expect(fresh.err).not.toContain('going on');
  expect(slow.methods[0]).toBe('POST');
  slow.methods.length = 0;
  await truncate(path, 10);
  const changed = await run(args);
  expect(changed.err).not.toContain('going on');
  expect(slow.methods[0]).toBe('POST');
});
