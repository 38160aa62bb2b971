import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Data, openData } from '../src/app/data.js';
import { configOf } from '../src/config.js';
import type { Json } from '../src/kit/json.js';
import type { Jobs } from '../src/services/jobs/jobs.js';
import { openJobs } from '../src/services/jobs/open.js';

const program = fileURLToPath(new URL('../bin/longshore.cjs', import.meta.url));

let folder: string;
let data: string;
let server: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  data = join(folder, 'data');
});
afterEach(async () => {
  if (server && server.exitCode === null && server.signalCode === null) {
    server.kill('SIGKILL');
    await once(server, 'close');
  }
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const begin = (args: readonly string[]) =>
  spawn(process.execPath, [program, ...args, '--data', data], {
    cwd: folder,
    env: { ...process.env, LONGSHORE_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Runs a command over the data folder to its end. */
const run = async (...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> => {
  const child = begin(args);
  const ended = once(child, 'close');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code: child.exitCode, out, err };
};

const configuration = () => configOf({ flags: { data } });

/** Does `work` with the data folder, as another process that has it open. */
const inData = async <T>(work: (data: Data) => Promise<T>): Promise<T> => {
  const opened = await openData(configuration());
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
};

const single = async function* (bytes: Buffer) {
  yield bytes;
};

/** Files content away: as a file of this path, or as the next version of one that is there. Gives its id. */
const put = (path: readonly string[], content: string, more: { twin?: boolean } = {}): Promise<number> =>
  inData(async ({ engine, catalog }) => {
    const { id } = await engine.open({ dialect: 'tus', owner: 'ann', size: content.length, follow: ['sha256'] });
    const staged = await engine.stage(single(Buffer.from(content)), { upload: id, offset: 0, keep: 'whole' });
    const { upload } = await engine.accept(staged, {
      finish: {
        record: async (facts, { object, digests, id }) => {
          const root = await catalog.root(facts, path[0] ?? '');
          const parent = await catalog.ensureFolder(facts, root.id, path.slice(1, -1));
          const version = { object: object ?? '', size: content.length, digests, by: 'ann', upload: id };
          const about = { folder: parent.id, name: path.at(-1) ?? '', owner: 'ann', dialect: 'tus', version };
          return (await catalog.addFile(facts, { ...about, onTaken: more.twin ? 'twin' : 'version' })).id;
        },
      },
    });
    return Number(upload.result);
  });

const linesOf = (out: string): string[] => out.trimEnd().split('\n');
// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects.
const jsonOf = (out: string): any[] => linesOf(out).map((line) => JSON.parse(line));

describe('longshore files', () => {
  test('lists roots, folders, files and versions, as tables and as JSON', async () => {
    const id = await put(['tus', 'ann', 'a.txt'], 'first');
    await put(['tus', 'ann', 'a.txt'], 'second!');
    await put(['tus', 'ann', 'Films', 'b.mov'], 'x'.repeat(5000));
    const roots = linesOf((await run('files')).out);
    expect(roots[0]).toMatch(/^NAME +SIZE +VERSIONS +OWNER +CHANGED \(UTC\) +ID$/);
    expect(roots.slice(1).map((line) => line.split(' ')[0])).toEqual(['tus/']);
    const own = linesOf((await run('files', '/tus/ANN')).out);
    expect(own[1]).toMatch(/^Films\/ +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +\d+$/);
    expect(own[2]).toMatch(new RegExp(`^a\\.txt +7 B +2 +ann +\\S+ \\S+ +${id}$`));
    expect(own).toHaveLength(3);
    const sums = linesOf((await run('files', '/tus/ann', '--digests')).out);
    // printf 'second!' | sha256sum
    expect(sums[2]).toContain('sha256:d8470465f9e7614921a043dd05deb31e1f8926c516afc00432359aa2ebb07d30');
    expect(sums[2]).toMatch(/crc32:[0-9a-f]{8}/);
    const versions = linesOf((await run('files', 'tus/ann/A.TXT')).out);
    expect(versions[0]).toMatch(/^ID +VERSION +SIZE +BY +ADDED \(UTC\)$/);
    expect(versions.slice(1).map((line) => line.split(/ +/).slice(0, 4))).toEqual([
      [String(id), '1', '5', 'B'],
      [String(id), '2', '7', 'B'],
    ]);
    expect(jsonOf((await run('files', '/tus/ann', '--json')).out)).toMatchObject([
      { kind: 'folder', name: 'Films' },
      {
        kind: 'file',
        id,
        name: 'a.txt',
        owner: 'ann',
        versions: [
          { number: 1, size: 5 },
          { number: 2, size: 7 },
        ],
      },
    ]);
    expect(await run('files', '/tus/nobody')).toMatchObject({
      code: 1,
      err: 'There is no folder or file /tus/nobody.\n',
    });
    expect((await run('files', '/nowhere')).code).toBe(1);
  });

  test('a name that somebody else chose leaves the terminal alone', async () => {
    await put(['tus', 'ann', 'invoice-\u202egnp.exe'], 'x');
    const { out } = await run('files', '/tus/ann');
    expect(out).not.toMatch(/[\u202e\u001b]/);
    expect(out).toContain('invoice-?gnp.exe');
  });

  test('get copies a file out by its path or id, any version of it, and verifies it', async () => {
    const id = await put(['tus', 'ann', 'a.txt'], 'first');
    await put(['tus', 'ann', 'a.txt'], 'second');
    const got = await run('files', 'get', '/tus/ann/a.txt');
    expect(got).toMatchObject({ code: 0, out: 'a.txt\n', err: 'a.txt: 6 B, sha256, crc32 verified.\n' });
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('second');
    // What is there already is kept, unless its name was said.
    expect(await run('files', 'get', String(id), '--version', '1')).toMatchObject({
      code: 1,
      err: 'a.txt is there already; name another one with -o.\n',
    });
    expect((await run('files', 'get', String(id), '--version', '1', '-o', 'a.txt')).code).toBe(0);
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('first');
    await mkdir(join(folder, 'out'));
    expect((await run('files', 'get', String(id), '-o', 'out')).out).toBe(`${join('out', 'a.txt')}\n`);
    expect(await run('files', 'get', String(id), '--version', '3')).toMatchObject({
      code: 1,
      err: 'The file has no version 3.\n',
    });
    expect(await run('files', 'get', '/tus/ann/b.txt')).toMatchObject({
      code: 1,
      err: 'There is no file /tus/ann/b.txt.\n',
    });
    expect(await run('files', 'get', '99')).toMatchObject({ code: 1, err: 'There is no file 99.\n' });
    const empty = await put(['tus', 'ann', 'empty'], '');
    expect((await run('files', 'get', String(empty))).code).toBe(0);
    expect((await stat(join(folder, 'empty'))).size).toBe(0);
  });

  test('get asks which one where several have a name', async () => {
    const ids = [await put(['tus', 'ann', 'a.txt'], 'one'), await put(['tus', 'ann', 'a.txt'], 'two', { twin: true })];
    expect(await run('files', 'get', '/tus/ann/a.txt')).toMatchObject({
      code: 1,
      err: `There are several files of that name; say which by its id: ${ids.join(', ')}.\n`,
    });
  });

  test('get leaves nothing of a file whose bytes are not those that came', async () => {
    const content = 'what came'.repeat(1000);
    const id = await put(['tus', 'ann', 'a.txt'], content);
    for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || (await stat(path)).size !== content.length) continue;
      const file = await open(path, 'r+');
      await file.write('X', 10);
      await file.close();
    }
    const before = await readdir(folder);
    const { code, err, out } = await run('files', 'get', String(id));
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^The bytes do not have the \w+ [0-9a-f]+ that the file had when it came\.\n$/);
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('longshore jobs', () => {
  const withJobs = <T>(work: (jobs: Jobs, data: Data) => Promise<T>): Promise<T> =>
    inData((opened) => {
      const { ledger, clock, ids, log, presence } = opened;
      return work(openJobs({ ledger, clock, ids, log, presence, options: configuration().jobs }), opened);
    });

  const add = (kind: string, input: Json = null): Promise<string> =>
    withJobs((jobs, { ledger }) => ledger.transact(async (facts) => jobs.add(facts, { kind, input })));

  test('lists jobs by state and kind, and nothing of what they were given', async () => {
    const first = await add('nobody/one', { password: 'hush' });
    const second = await add('nobody/two');
    const all = await run('jobs');
    const lines = linesOf(all.out);
    expect(lines[0]).toMatch(/^ID +KIND +STATE +ATTEMPTS +DUE OR ENDED \(UTC\) +MESSAGE$/);
    expect(lines[1]).toMatch(new RegExp(`^${second} +nobody/two +waiting +0 of 5 +\\S+ \\S+$`));
    expect(lines[2]).toMatch(new RegExp(`^${first} +nobody/one +waiting`));
    const json = await run('jobs', '--json', '--kind', 'nobody/one', '--state', 'waiting');
    expect(jsonOf(json.out)).toEqual([
      {
        id: first,
        kind: 'nobody/one',
        state: 'waiting',
        attempts: 0,
        maxAttempts: 5,
        message: null,
        dueAt: expect.any(Number),
        createdAt: expect.any(Number),
        endedAt: null,
      },
    ]);
    expect(all.out + json.out).not.toContain('hush');
    expect((await run('jobs', '--state', 'failed', '--json')).out).toBe('');
    expect((await run('jobs', '--state', 'dead')).code).toBe(1);
  });

  test('cancels and retries them', async () => {
    const id = await add('nobody/one');
    const state = async () => jsonOf((await run('jobs', '--json')).out)[0].state;
    expect(await run('jobs', 'cancel', id)).toMatchObject({ code: 0, err: `Cancelled job ${id}.\n` });
    expect(await state()).toBe('cancelled');
    expect(await run('jobs', 'cancel', id)).toMatchObject({ code: 1, err: `Job ${id} is cancelled.\n` });
    expect((await run('jobs', 'retry', id)).code).toBe(0);
    expect(await state()).toBe('waiting');
    for (const command of ['cancel', 'retry'])
      expect(await run('jobs', command, 'nosuchjob')).toMatchObject({ code: 1, err: 'There is no job nosuchjob.\n' });
  });

  test('a server that runs meanwhile does what was retried', async () => {
    // Of a conversion that there is not: done as soon as it is begun.
    const id = await add('api2convert conversion', { job: 'none' });
    await withJobs((jobs) => jobs.cancel(id));
    const child = begin(['serve', '--port', '0']);
    server = child;
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('Longshore listens on ')) resolve();
      });
      child.once('exit', () => reject(new Error('the server did not start')));
    });
    const state = () => withJobs(async (jobs) => (await jobs.find(id))?.state);
    expect(await state()).toBe('cancelled');
    expect((await run('jobs', 'retry', id)).code).toBe(0);
    for (let tries = 0; tries < 200 && (await state()) !== 'done'; tries += 1) await delay(50);
    expect(await state()).toBe('done');
  });
});

test('both say in their help what they take', async () => {
  const files = await run('files', '--help');
  for (const word of ['[path]', 'get', '--digests', '--json', 'Examples:']) expect(files.out).toContain(word);
  const get = await run('files', 'get', '--help');
  for (const word of ['--output', '--version', '--data <dir>']) expect(get.out).toContain(word);
  const jobs = await run('jobs', '--help');
  for (const word of ['retry', 'cancel', '--state', '--kind', '--json']) expect(jobs.out).toContain(word);
});
