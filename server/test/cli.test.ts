import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';

const program = fileURLToPath(new URL('../bin/longshore.cjs', import.meta.url));

let folder: string;
let data: string;
const servers = new Set<ChildProcess>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  data = join(folder, 'data');
});

afterEach(async () => {
  for (const server of servers) if (server.exitCode === null && server.signalCode === null) server.kill('SIGKILL');
  servers.clear();
  await rm(folder, { recursive: true, force: true });
});

const begin = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  spawn(process.execPath, [program, ...args], {
    env: { ...process.env, LONGSHORE_LOG_LEVEL: 'warn', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end; `input` is its standard input. */
const run = async (
  args: readonly string[],
  { input = '', environment = {} }: { input?: string; environment?: Readonly<Record<string, string>> } = {},
): Promise<Outcome> => {
  const child = begin(args, environment);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  // A command that reads no input may have ended before it is written.
  child.stdin.on('error', () => undefined).end(input);
  await once(child, 'close');
  return { code: child.exitCode, out, err };
};

/** A command over the data folder. */
const inData = (...args: readonly string[]): Promise<Outcome> => run([...args, '--data', data]);

interface Server {
  readonly url: string;
  /** All lines that were printed at the start. */
  readonly lines: readonly string[];
  readonly child: ChildProcess;
  /** Everything on its standard error stream so far. */
  errors(): string;
}

/** Starts a server on a free port and waits until it says where it listens and is ready. */
const serve = async (...args: readonly string[]): Promise<Server> => {
  const child = begin(['serve', '--data', data, '--port', '0', ...args]);
  servers.add(child);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const lines: string[] = [];
  let url = '';
  const output = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    output.on('line', (line) => {
      lines.push(line);
      url ||= /^Longshore listens on (http:\S+)$/.exec(line)?.[1] ?? '';
      if (url !== '') setImmediate(resolve);
    });
    child.once('exit', () => reject(new Error(`the server did not start: ${errors}`)));
  });
  const ready = await fetch(`${url}/readyz`);
  expect(await ready.json()).toEqual({ ready: true, failing: [] });
  return { url, lines, child, errors: () => errors };
};

const ended = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
};

/** Asks a server, which logs at `info`, to stop; resolves when it has heard. */
const askToStop = async (child: ChildProcess): Promise<void> => {
  const heard = new Promise<void>((resolve) => {
    child.stderr?.on('data', (text: string) => {
      if (text.includes('stopping')) resolve();
    });
  });
  child.kill('SIGTERM');
  await heard;
};

test('help says what there is, with examples; a wrong command is refused', async () => {
  const { code, out } = await run(['--help']);
  expect(code).toBe(0);
  for (const word of ['serve', 'user', 'key', 'list', 'status', 'cancel', 'fsck', 'options', 'Examples:'])
    expect(out).toContain(word);
  const help = await run(['serve', '--help']);
  for (const word of ['--data <dir>', '--host', '--port', '--config', '--print-config', 'Examples:'])
    expect(help.out).toContain(word);
  expect(await run(['sevre'])).toMatchObject({ code: 1, err: expect.stringContaining("unknown command 'sevre'") });
  expect(await run(['serve', '--http-prot', '1'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('--http-prot'),
  });
  expect((await run(['options'])).out).toContain('--http-drain-ms; LONGSHORE_HTTP_DRAIN_MS');
  expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('serve prints its configuration from flags, environment and file', async () => {
  const config = join(folder, 'longshore.yaml');
  await writeFile(config, 'http:\n  drainMs: 1\n  lingerMs: 2\n  metricsToken: hush\n');
  const args = ['serve', '--print-config', '--config', config, '--port', '81', '--http-access-log', 'no'];
  const { code, out } = await run(args, { environment: { LONGSHORE_HTTP_LINGER_MS: '3', LONGSHORE_DATA: data } });
  expect(code).toBe(0);
  expect(parse(out)).toMatchObject({
    data,
    http: { port: 81, drainMs: 1, lingerMs: 3, accessLog: false, metricsToken: '(set)' },
  });
  expect(out).not.toContain('hush');
  expect(await readdir(folder)).toEqual(['longshore.yaml']);
});

test('a configuration that is wrong is refused in one line with exit code 2', async () => {
  expect(await inData('serve', '--port', 'x')).toMatchObject({
    code: 2,
    out: '',
    err: '--port wants a whole number, at least 0, not "x"\n',
  });
});

test('users: added with their password given or typed in, listed, changed, removed', async () => {
  expect(await inData('user', 'add', 'ann', '--password', 'secret 1', '--role', 'admin')).toMatchObject({ code: 0 });
  expect(
    await run(['user', 'add', 'bob@example.com', '--quota', '5k', '--data', data], { input: 'pass\nword' }),
  ).toMatchObject({
    code: 0,
    err: 'Added bob@example.com (uploader).\n',
  });
  expect(await inData('user', 'add', 'ANN', '--password', 'x')).toMatchObject({
    code: 1,
    err: 'The name "ANN" is taken.\n',
  });
  expect(await inData('user', 'add', 'eve', '--role', 'god')).toMatchObject({ code: 1 });
  const listed = await inData('user', 'list', '--json');
  expect(
    listed.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { name: 'ann', role: 'admin', quota: null },
    { name: 'bob@example.com', role: 'uploader', quota: 5120 },
  ]);
  expect(listed.out).not.toContain('password');
  expect((await inData('user', 'list')).out).toMatch(/^NAME .*\nann +admin .*\nbob@example\.com +uploader +5\.0 KiB/);
  expect(await inData('user', 'passwd', 'ann', '--password', 'other')).toMatchObject({ code: 0 });
  expect(await inData('user', 'passwd', 'nobody', '--password', 'other')).toMatchObject({ code: 1 });
  expect(await inData('user', 'remove', 'ann')).toMatchObject({
    code: 1,
    err: '"ann" is the last administrator: make another account one first.\n',
  });
  expect(await inData('user', 'add', 'root', '--password', 'x', '--role', 'admin')).toMatchObject({ code: 0 });
  expect(await inData('user', 'remove', 'ann')).toMatchObject({ code: 0 });
  expect(await inData('user', 'remove', 'ann')).toMatchObject({ code: 1, err: 'There is no account "ann".\n' });
  expect((await inData('user', 'list')).out).not.toContain('ann ');
});

test('keys: printed alone, accepted by the server, listed without the secret, removed', async () => {
  await inData('user', 'add', 'ann', '--password', 'secret');
  const { out } = await inData('key', 'add', '--user', 'ann', '--label', 'laptop');
  const key = out.trim();
  expect(key).toMatch(/^\S{30,}$/);
  const { url } = await serve();
  const create = (authorization: string) =>
    fetch(`${url}/files/`, {
      method: 'POST',
      headers: { 'tus-resumable': '1.0.0', 'upload-length': '3', authorization },
    });
  expect((await create(`Bearer ${key}`)).status).toBe(201);
  expect((await create(`Bearer ${key.slice(0, -1)}x`)).status).toBe(401);
  const listed = await inData('key', 'list', '--user', 'ann', '--json');
  expect(listed.out).not.toContain(key);
  const { id, label } = JSON.parse(listed.out) as { id: string; label: string };
  expect(label).toBe('laptop');
  expect(await inData('key', 'remove', id)).toMatchObject({ code: 0 });
  expect((await create(`Bearer ${key}`)).status).toBe(401);
  expect(await inData('key', 'add', '--user', 'nobody')).toMatchObject({ code: 1, out: '' });
});

test('uploads: listed, shown and cancelled while a server runs; fsck finds all well, then what is amiss', async () => {
  await inData('user', 'add', 'ann', '--password', 'secret');
  const { url } = await serve();
  const authorization = `Basic ${Buffer.from('ann:secret').toString('base64')}`;
  const created = await fetch(`${url}/files/`, {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': '10',
      'content-type': 'application/offset+octet-stream',
      authorization,
    },
    body: '0123',
  });
  expect(created.status).toBe(201);
  const listed = await inData('list', '--state', 'open', '--owner', 'ann', '--json');
  const upload = JSON.parse(listed.out) as { id: string };
  expect(upload).toMatchObject({ owner: 'ann', dialect: 'tus', state: 'open', size: 10, received: 4 });
  expect((await inData('list')).out).toMatch(/^ID .*\n.* open +tus +ann +4 B of 10 B \(40%\)/);
  expect((await inData('list', '--owner', 'bob', '--json')).out).toBe('');
  const status = await inData('status', upload.id, '--json');
  expect(JSON.parse(status.out)).toMatchObject({ id: upload.id, received: 4, ranges: [{ start: 0, end: 4 }] });
  expect((await inData('status', upload.id)).out).toMatch(/owner +ann\n/);
  expect(await inData('fsck', '--all', '--digests')).toMatchObject({ code: 0, out: '', err: 'All is well.\n' });
  expect(await inData('cancel', upload.id)).toMatchObject({ code: 0 });
  const look = await fetch(new URL(created.headers.get('location') ?? '', url), {
    method: 'HEAD',
    headers: { 'tus-resumable': '1.0.0', authorization },
  });
  expect([404, 410]).toContain(look.status);
  expect(await inData('status', 'nothing')).toMatchObject({ code: 1, err: 'There is no upload nothing.\n' });

  await writeFile(join(data, 'store', 'parts', 'stray'), 'stray');
  const found = await inData('fsck', '--all', '--json');
  expect(found.code).toBe(1);
  expect(JSON.parse(found.out)).toMatchObject({ kind: 'orphan-part', subject: 'stray', repaired: false });
  expect(await inData('fsck', '--all', '--repair')).toMatchObject({ code: 1, err: '1 found, 1 repaired.\n' });
  expect(await inData('fsck', '--all')).toMatchObject({ code: 0 });
});

test('the first start over a folder tells an account that works; the next one tells none', async () => {
  const first = await serve();
  const told = first.lines.find((line) => line.startsWith('First account: '));
  const [, name, password] = /^First account: (\S+), password: (\S+)$/.exec(told ?? '') ?? [];
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  const created = await fetch(`${first.url}/files/`, {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0', 'upload-length': '3', authorization },
  });
  expect(created.status).toBe(201);
  expect(first.errors()).not.toContain(password);
  first.child.kill('SIGTERM');
  expect(await ended(first.child)).toBe(0);
  const second = await serve();
  expect(second.lines.join('\n')).not.toContain('First account');
});

test('the start prints where each protocol is, and the server says so, too', async () => {
  const { url, lines } = await serve();
  expect(lines.join('\n')).toContain(`${url}/files/`);
  const about = await (await fetch(`${url}/api/about`)).json();
  expect(about).toMatchObject({ name: 'Longshore' });
});

test('SIGTERM ends a running upload’s request with what it has, takes no more, and exits with 0', async () => {
  await inData('user', 'add', 'ann', '--password', 'secret');
  const { url, child } = await serve('--log-level', 'info');
  const authorization = `Basic ${Buffer.from('ann:secret').toString('base64')}`;
  const tus = { 'tus-resumable': '1.0.0', authorization };
  const created = await fetch(`${url}/files/`, { method: 'POST', headers: { ...tus, 'upload-length': '10' } });
  const location = new URL(created.headers.get('location') ?? '', url);
  const patch = request(location, {
    method: 'PATCH',
    headers: {
      ...tus,
      'upload-offset': 0,
      'content-length': 10,
      'content-type': 'application/offset+octet-stream',
      expect: '100-continue',
    },
  });
  patch.flushHeaders();
  // The server says so when it begins to read.
  await once(patch, 'continue');
  patch.write('01234');
  const answered = once(patch, 'response');
  await askToStop(child);
  const late = await fetch(`${url}/files/`, { method: 'POST' }).then(
    ({ status }) => status,
    () => 'no connection',
  );
  expect([503, 'no connection']).toContain(late);
  // The request ends early, and says how much of it was kept.
  const [answer] = (await answered) as [IncomingMessage];
  expect(answer.statusCode).toBe(503);
  patch.destroy();
  expect(await ended(child)).toBe(0);
  const listed = await inData('list', '--json');
  expect(JSON.parse(listed.out)).toMatchObject({ received: Number(answer.headers['upload-offset']) });
  expect(await inData('fsck', '--all', '--digests')).toMatchObject({ code: 0 });
});

test('a second signal ends the server at once, whatever still runs', async () => {
  const { url, child } = await serve('--log-level', 'info');
  const stalled = request(`${url}/Uploads/2014/07/SOAP/Basic/`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', 'content-length': 1000, expect: '100-continue' },
  });
  stalled.on('error', () => undefined).flushHeaders();
  await once(stalled, 'continue');
  await askToStop(child);
  expect(child.exitCode).toBeNull();
  child.kill('SIGINT');
  expect(await ended(child)).toBe(130);
});

test('a port that is taken is a clear message, not a stack', async () => {
  const { url } = await serve();
  const { port } = new URL(url);
  const other = await run(['serve', '--port', port, '--data', join(folder, 'other')]);
  expect(other.code).toBe(1);
  expect(other.err).toMatch(/EADDRINUSE/);
  expect(other.err).not.toMatch(/\n\s+at /);
});
