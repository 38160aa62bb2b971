import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { Server as TusServer } from '@tus/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromPath, upload } from './node.js';
import { type Cutting, cutting } from './testing/proxy.js';
import { atOnce, noise } from './testing/server.js';

// The protocol's reference server, so that the client is not judged by its own idea of tus.

let folder: string;
let stored: string;
let path: string;
let server: Server;
let url: string;
let proxy: Cutting;
const seen: string[] = [];
const bytes = noise(3_000_000);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  stored = join(folder, 'stored');
  path = join(folder, 'file.bin');
  await writeFile(path, bytes);
  const tus = new TusServer({ path: '/files', datastore: new FileStore({ directory: stored }) });
  seen.length = 0;
  server = createServer((request, response) => {
    seen.push(request.method ?? '');
    tus.handle(request, response).catch(() => request.socket?.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  proxy = await cutting(typeof address === 'object' && address !== null ? address.port : 0);
  url = `http://127.0.0.1:${proxy.port}/files`;
});

afterEach(async () => {
  await proxy.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  await rm(folder, { recursive: true });
});

const kept = (at: string | undefined): Promise<Buffer> => readFile(join(stored, at?.split('/').at(-1) ?? ''));

test('a file goes up in one request', async () => {
  const up = upload('tus', await fromPath(path), { url });
  const { url: at, size } = await up.done;
  expect(size).toBe(bytes.length);
  expect((await kept(at)).equals(bytes)).toBe(true);
  expect(seen).toEqual(['POST', 'PATCH']);
});

test('a file goes up in chunks, and the empty one without any', async () => {
  const { url: at } = await upload('tus', await fromPath(path), { url, chunkSize: 1_000_000 }).done;
  expect((await kept(at)).equals(bytes)).toBe(true);
  await writeFile(path, '');
  const { url: empty } = await upload('tus', await fromPath(path), { url }).done;
  expect((await kept(empty)).length).toBe(0);
});

test('a small file rides along with its creation', async () => {
  await writeFile(path, 'hello');
  const { url: at } = await upload('tus', await fromPath(path), { url }).done;
  expect((await kept(at)).toString()).toBe('hello');
  expect(seen).toEqual(['POST']);
});

test('a cut connection is resumed', async () => {
  proxy.cutAfter(1_000_000);
  const { url: at } = await upload('tus', await fromPath(path), { url, retry: atOnce, retries: 100 }).done;
  expect(seen.filter((method) => method === 'HEAD').length).toBeGreaterThan(0);
  expect((await kept(at)).equals(bytes)).toBe(true);
});

test('a new process goes on from the stored state', async () => {
  const stop = new AbortController();
  const first = upload('tus', await fromPath(path), {
    url,
    chunkSize: 1_000_000,
    signal: stop.signal,
    onProgress: ({ confirmed }) => confirmed === 2_000_000 && stop.abort(),
  });
  await expect(first.done).rejects.toMatchObject({ kind: 'aborted' });
  const state: unknown = JSON.parse(JSON.stringify(first.state));
  seen.length = 0;
  const { url: at } = await upload('tus', await fromPath(path), { url, chunkSize: 1_000_000, state }).done;
  expect(seen).toEqual(['HEAD', 'PATCH']);
  expect((await kept(at)).equals(bytes)).toBe(true);
});

test('a server that cannot join parts is told of plainly', async () => {
  const up = upload('tus', await fromPath(path), { url, parallel: 3, retry: atOnce });
  await expect(up.done).rejects.toMatchObject({ kind: 'refused', status: 501 });
});

test('a stream of unknown length goes up', async () => {
  const { url: at, size } = await upload('tus', createReadStream(path), { url, chunkSize: 700_000 }).done;
  expect(size).toBe(bytes.length);
  const sha = (all: Uint8Array): string => createHash('sha256').update(all).digest('hex');
  expect(sha(await kept(at))).toBe(sha(bytes));
});

test('cancel removes it from the server', async () => {
  const cancelled = new Promise<void>((resolve, reject) => {
    const up = upload('tus', bytes, {
      url,
      chunkSize: 1_000_000,
      onProgress: ({ confirmed }) => {
        if (confirmed === 1_000_000) up.cancel().then(resolve, reject);
      },
    });
    expect(up.done).rejects.toMatchObject({ kind: 'aborted' }).catch(reject);
  });
  await cancelled;
  expect(seen.at(-1)).toBe('DELETE');
});

test('a file that changes under way is refused', async () => {
  let writes: Promise<void> | undefined;
  const up = upload('tus', await fromPath(path), {
    url,
    chunkSize: 1_000_000,
    onProgress: ({ confirmed }) => {
      if (confirmed === 1_000_000) writes = appendFile(path, 'more');
    },
  });
  await expect(up.done).rejects.toMatchObject({ kind: 'changed' });
  await writes;
});

test('a folder is no file', async () => {
  await expect(fromPath(folder)).rejects.toMatchObject({ kind: 'refused' });
});
