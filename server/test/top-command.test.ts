import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type App, startApp } from '../src/app.js';
import { explain } from '../src/cli/failure.js';
import { longshore } from '../src/cli/program.js';
import { configOf } from '../src/config.js';

let data: string;
let app: App;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'longshore-'));
  app = await startApp(configOf({ flags: { data, port: '0', 'accounts-password-cost': '10' } }));
  await app.accounts.add({ name: 'ann', password: 'secret', role: 'admin' });
  await app.accounts.add({ name: 'bob', password: 'secret', role: 'uploader' });
});

afterEach(async () => {
  await app.close();
  await rm(data, { recursive: true, force: true });
});

/** Begins an upload by tus, as its clients do, and sends `sent` of its bytes. */
const begin = async (name: string, sent: number): Promise<string> => {
  const headers = {
    authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}`,
    'tus-resumable': '1.0.0',
    'upload-length': '1048576',
    'upload-metadata': `filename ${Buffer.from(name).toString('base64')}`,
    'content-type': 'application/offset+octet-stream',
  };
  const answer = await fetch(`${app.address}/files/`, { method: 'POST', headers, body: Buffer.alloc(sent) });
  expect(answer.status).toBe(201);
  return answer.headers.get('location') ?? '';
};

interface Run {
  readonly lines: string[];
  /** Asks it to stop, as a signal does. */
  stop(): void;
  /** Resolves when so many lines were printed. */
  printed(count: number): Promise<void>;
  /** Its exit code. */
  readonly ended: Promise<number>;
}

const top = (...args: readonly string[]): Run => {
  const lines: string[] = [];
  let stop = (): void => undefined;
  let heard = (): void => undefined;
  let exit = 0;
  const terminal = {
    environment: { LONGSHORE_PASSWORD: 'secret' },
    print: (line: string) => {
      lines.push(line);
      heard();
    },
    say: (line: string) => {
      lines.push(line);
    },
    askSecret: async () => 'secret',
    stopping: () =>
      new Promise<void>((resolve) => {
        stop = resolve;
      }),
    exitWith: (code: number) => {
      exit = code;
    },
  };
  const ended = longshore(terminal, '1.0.0')
    .parseAsync(['node', 'longshore', 'top', ...args])
    .then(
      () => exit,
      (error: unknown) => {
        const { message, code } = explain(error);
        terminal.say(message);
        return code;
      },
    );
  return {
    lines,
    stop: () => stop(),
    printed: async (count) => {
      while (lines.length < count)
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
    },
    ended,
  };
};

test('a data folder is looked at once, with speeds', async () => {
  await begin('film.mov', 262_144);
  await app.engine.cancel((await app.engine.open({ dialect: 'tus', owner: 'ann', metadata: {} })).id);
  const run = top('--once', '--data', data);
  expect(await run.ended).toBe(0);
  expect(run.lines[0]).toBe('1 upload, 0 B/s');
  expect(run.lines[2]).toMatch(/^FILE +PROTOCOL +OWNER +RECEIVED +SPEED +LEFT +STATE$/);
  expect(run.lines[3]).toMatch(/^film\.mov +tus +ann +256 KiB of 1\.0 MiB \(25%\) +open$/);
  expect(run.lines).toHaveLength(4);
});

test('a data folder is looked at again and again, as JSON, and bytes that came are a speed', async () => {
  const location = await begin('film.mov', 1_000);
  const run = top('--json', '--data', data);
  await run.printed(1);
  const answer = await fetch(location, {
    method: 'PATCH',
    headers: {
      authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}`,
      'tus-resumable': '1.0.0',
      'upload-offset': '1000',
      'content-type': 'application/offset+octet-stream',
    },
    body: Buffer.alloc(500_000),
  });
  expect(answer.status).toBe(204);
  await run.printed(4);
  run.stop();
  expect(await run.ended).toBe(0);
  const pictures = run.lines.map((line) => JSON.parse(line));
  expect(pictures[0]).toMatchObject({ bytesPerSecond: 0, uploads: [{ name: 'film.mov', received: 1_000 }] });
  const last = pictures.at(-1);
  expect(last.uploads).toMatchObject([{ received: 501_000 }]);
  expect(last.bytesPerSecond).toBeGreaterThan(0);
});

test('a server is watched by whoever may', async () => {
  await begin('film.mov', 262_144);
  const run = top('--to', app.address, '--user', 'ann');
  await run.printed(4);
  expect(run.lines[0]).toMatch(/^1 upload, /);
  expect(run.lines[3]).toMatch(/^film\.mov +tus +ann +127\.0\.0\.1 +256 KiB of 1\.0 MiB \(25%\) .*open$/);
  run.stop();
  expect(await run.ended).toBe(0);
  const { secret } = await app.accounts.addKey('bob');
  const other = top('--once', '--to', `${app.address}/`, '--key', secret);
  expect(await other.ended).toBe(0);
  expect(other.lines).toEqual(['0 uploads, 0 B/s', '', 'Nothing is being uploaded.']);
});

test('who may not watch, and who finds no server, is told so', async () => {
  const wrong = top('--once', '--to', app.address, '--user', 'ann', '--password', 'wrong');
  expect(await wrong.ended).toBe(1);
  expect(wrong.lines).toEqual(['The name or the password is not right.']);
  const nobody = top('--once', '--to', app.address);
  expect(await nobody.ended).toBe(1);
  expect(nobody.lines).toEqual(['You are not logged in.']);
  const elsewhere = top('--once', '--to', `${app.address}/files/`, '--user', 'ann');
  expect(await elsewhere.ended).toBe(1);
  const { address } = app;
  await app.close();
  const none = top('--once', '--to', address, '--user', 'ann');
  expect(await none.ended).toBe(1);
  expect(none.lines).toEqual([`${address} cannot be reached.`]);
});

test('a stream that is lost is asked for again, also where a proxy says meanwhile that nobody is there', async () => {
  let asked = 0;
  const proxy = createServer((_request, response) => {
    asked += 1;
    if (asked === 2) return response.writeHead(502).end('Bad gateway');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const hello = `event: hello\ndata: ${JSON.stringify({ at: Date.now(), uploads: [] })}\n\n`;
    return asked === 1 ? response.end(hello) : response.write(hello);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const run = top('--json', '--to', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, '--user', 'ann');
  while (asked < 3)
    await Promise.race([once(proxy, 'request'), run.ended.then(() => Promise.reject(new Error('it ended')))]);
  run.stop();
  expect(await run.ended).toBe(0);
});
