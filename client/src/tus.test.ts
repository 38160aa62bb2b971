import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Progress, type UploadError, type UploadState, upload } from './index.js';
import { atOnce, noise } from './testing/server.js';
import { type FakeTus, fakeTus } from './testing/tus.js';

let server: FakeTus;
let url: string;
beforeEach(async () => {
  server = await fakeTus();
  url = `${server.url}/files`;
});
afterEach(() => server.close());

const held = (at = 0): Buffer | undefined => server.uploads.get(`/files/${at}`)?.bytes;
const methods = (): string => server.met.map((request) => request.method).join(' ');
const big = noise(1_000_000);

/** Troubles the `nth` request with `method`, counted from 1, and no other. */
const once = (method: string, nth: number, trouble: ReturnType<FakeTus['trouble']>): void => {
  let count = 0;
  server.trouble = (met) => {
    if (met.method !== method) return undefined;
    count += 1;
    return count === nth ? trouble : undefined;
  };
};

test('a small file rides along with its creation', async () => {
  const source = new File(['hello'], 'höhe.txt', { type: 'text/plain' });
  const { url: at, size } = await upload('tus', source, { url, metadata: { note: '' } }).done;
  expect(at).toBe(`${url}/0`);
  expect(size).toBe(5);
  expect(held()?.toString()).toBe('hello');
  expect(methods()).toBe('POST');
  const [create] = server.met;
  expect(create?.headers['upload-length']).toBe('5');
  expect(create?.headers['tus-resumable']).toBe('1.0.0');
  expect(create?.headers['upload-metadata']).toBe('filename aMO2aGUudHh0,filetype dGV4dC9wbGFpbg==,note');
});

test('a server without creation-with-upload gets the bytes afterwards', async () => {
  server.withUpload = false;
  await upload('tus', new Blob(['hello']), { url }).done;
  expect(held()?.toString()).toBe('hello');
  expect(methods()).toBe('POST PATCH');
});

test('an empty file is created and nothing more', async () => {
  await upload('tus', new Blob([]), { url }).done;
  expect(methods()).toBe('POST');
  expect(server.uploads.get('/files/0')).toEqual({ bytes: Buffer.alloc(0), length: 0 });
});

test('without a chunk size one request carries all bytes', async () => {
  await upload('tus', big, { url }).done;
  expect(methods()).toBe('POST PATCH');
  expect(held()?.equals(big)).toBe(true);
});

test('confirmed bytes are told chunk by chunk, and the state with them', async () => {
  const progress: Progress[] = [];
  const states: UploadState[] = [];
  await upload('tus', big, {
    url,
    chunkSize: 400_000,
    onProgress: (each) => progress.push(each),
    onState: (each) => states.push(structuredClone(each)),
  }).done;
  expect([...new Set(progress.map((each) => each.confirmed))]).toEqual([0, 400_000, 800_000, 1_000_000]);
  expect(progress.every((each) => each.total === 1_000_000 && each.sent >= each.confirmed)).toBe(true);
  expect(JSON.parse(JSON.stringify(states.at(-1)))).toMatchObject({ dialect: 'tus', finished: `${url}/0` });
});

test('paced chunks stay within their bounds', async () => {
  await upload('tus', noise(700_000), { url, pace: 0 }).done;
  expect(server.met.map((each) => each.headers['content-length'])).toEqual(['0', '262144', '262144', '175712']);
  server.met.length = 0;
  await upload('tus', noise(700_000), { url, pace: 1e9, chunkSize: 200_000 }).done;
  expect(server.met.map((each) => each.headers['content-length'])).toEqual([
    '0',
    '200000',
    '200000',
    '200000',
    '100000',
  ]);
});

test('a cut connection is resumed at the byte the server kept', async () => {
  once('PATCH', 1, { keep: 300_000 });
  await upload('tus', big, { url, retry: atOnce }).done;
  expect(methods()).toBe('POST PATCH HEAD PATCH');
  expect(Number(server.met.at(-1)?.headers['upload-offset'])).toBeGreaterThan(0);
  expect(held()?.equals(big)).toBe(true);
});

test.each([500, 503, 408, 409, 423, 429, 460])(
  'after %i the server is asked and the bytes sent again',
  async (status) => {
    once('PATCH', 2, { status });
    await upload('tus', big, { url, chunkSize: 400_000, retry: atOnce }).done;
    expect(methods()).toBe('POST PATCH PATCH HEAD PATCH PATCH');
    expect(held()?.equals(big)).toBe(true);
  },
);

test('Retry-After is waited for', async () => {
  once('PATCH', 1, { status: 503, headers: { 'Retry-After': '7' } });
  const waits: number[] = [];
  await upload('tus', big, { url, retry: { random: () => 0.5, sleep: async (ms) => void waits.push(ms) } }).done;
  expect(waits).toEqual([7000]);
});

test.each([400, 401, 403, 413, 501])('%i is final', async (status) => {
  once('PATCH', 1, { status });
  await expect(upload('tus', big, { url, retry: atOnce }).done).rejects.toMatchObject({
    name: 'UploadError',
    kind: 'refused',
    status,
  });
  expect(methods()).toBe('POST PATCH');
});

test('a server that stays away is given up after the retries', async () => {
  await server.close();
  const met: string[] = [];
  const onRetry = (error: UploadError): number => met.push(error.kind);
  const failed = upload('tus', big, { url, retries: 3, retry: atOnce, onRetry }).done;
  await expect(failed).rejects.toMatchObject({ kind: 'network' });
  expect(met).toEqual(['network', 'network', 'network']);
  server = await fakeTus();
});

test('an upload the server has forgotten begins anew', async () => {
  const options = { url, chunkSize: 400_000 };
  once('PATCH', 2, { status: 403 });
  const first = upload('tus', big, options);
  await expect(first.done).rejects.toMatchObject({ status: 403 });
  server.uploads.clear();
  await upload('tus', big, { ...options, state: first.state }).done;
  expect(methods()).toBe('POST PATCH PATCH HEAD POST PATCH PATCH PATCH');
  expect(held()?.equals(big)).toBe(true);
});

test('a stored state goes on where the server stands', async () => {
  const options = { url, chunkSize: 400_000 };
  once('PATCH', 2, { status: 403 });
  const first = upload('tus', big, options);
  await expect(first.done).rejects.toMatchObject({ status: 403 });
  const stored: unknown = JSON.parse(JSON.stringify(first.state));
  const met = server.met.length;
  await upload('tus', big, { ...options, state: stored }).done;
  expect(server.met.slice(met).map((each) => each.method)).toEqual(['HEAD', 'PATCH', 'PATCH']);
  expect(held()?.equals(big)).toBe(true);
});

test('a finished upload is not sent again, unless the server has lost it', async () => {
  const first = upload('tus', big, { url });
  await first.done;
  const again = upload('tus', big, { url, state: first.state });
  expect((await again.done).url).toBe(`${url}/0`);
  expect(again.progress.confirmed).toBe(1_000_000);
  expect(methods()).toBe('POST PATCH HEAD');
  server.uploads.clear();
  await upload('tus', big, { url, state: first.state }).done;
  expect(methods()).toBe('POST PATCH HEAD HEAD POST PATCH');
  expect(held()?.equals(big)).toBe(true);
});

test('a state of another file is refused', () => {
  const up = upload('tus', new Blob(['abc']), { url });
  const state = up.state;
  return up.done.then(() => {
    expect(() => upload('tus', new Blob(['abcd']), { url, state: up.state })).toThrow(/another file/);
    expect(() => upload('tus', new Blob(['abc']), { url: `${url}2`, state: up.state })).toThrow(/another server/);
    expect(() => upload('tus', new Blob(['abc']), { url, state: { dialect: 'tus' } })).toThrow(/no upload state/);
    expect(state).toBeNull();
  });
});

test('a stream of unknown length announces it with its last bytes', async () => {
  const stream = new ReadableStream<Uint8Array>({
    start: (out) => {
      for (let at = 0; at < big.length; at += 100_000) out.enqueue(big.subarray(at, at + 100_000));
      out.close();
    },
  });
  const { size } = await upload('tus', stream, { url, chunkSize: 400_000 }).done;
  expect(size).toBe(1_000_000);
  expect(server.met.map((each) => each.headers['upload-defer-length'])).toEqual(['1', undefined, undefined, undefined]);
  expect(server.met.map((each) => each.headers['upload-length'])).toEqual([undefined, undefined, undefined, '1000000']);
  expect(held()?.equals(big)).toBe(true);
});

test('a stream that ends on the border of a chunk is no longer than it is', async () => {
  async function* pieces() {
    yield big.subarray(0, 250_000);
    yield big.subarray(250_000, 500_000);
  }
  await upload('tus', pieces(), { url, chunkSize: 250_000 }).done;
  expect(held()?.equals(big.subarray(0, 500_000))).toBe(true);
  expect(server.uploads.get('/files/0')?.length).toBe(500_000);
  expect(methods()).toBe('POST PATCH PATCH');
});

test('a stream survives a failure that kept part of its chunk', async () => {
  async function* pieces() {
    for (let at = 0; at < big.length; at += 50_000) yield big.subarray(at, at + 50_000);
  }
  once('PATCH', 2, { keep: 60_000 });
  await upload('tus', pieces(), { url, chunkSize: 400_000, retry: atOnce }).done;
  expect(held()?.equals(big)).toBe(true);
});

test('a short stream is known in full before it is created', async () => {
  async function* pieces() {
    yield big.subarray(0, 10);
  }
  await upload('tus', pieces(), { url }).done;
  expect(methods()).toBe('POST');
  expect(server.met[0]?.headers['upload-length']).toBe('10');
});

test.each(['sha1', 'sha256'] as const)('each chunk carries its %s', async (checksum) => {
  await upload('tus', big, { url, chunkSize: 600_000, checksum }).done;
  const expected = [big.subarray(0, 600_000), big.subarray(600_000)].map(
    (bytes) => `${checksum} ${createHash(checksum).update(bytes).digest('base64')}`,
  );
  expect(server.met.slice(1).map((each) => each.headers['upload-checksum'])).toEqual(expected);
});

test('parts go up side by side and are joined in order', async () => {
  const { url: at, size } = await upload('tus', big, { url, parallel: 3, metadata: { filename: 'a' } }).done;
  expect([at, size]).toEqual([`${url}/3`, 1_000_000]);
  expect(held(3)?.equals(big)).toBe(true);
  const posts = server.met.filter((each) => each.method === 'POST');
  expect(posts.map((each) => each.headers['upload-length'])).toEqual(['333334', '333334', '333332', undefined]);
  expect(posts.slice(0, 3).map((each) => each.headers['upload-concat'])).toEqual(['partial', 'partial', 'partial']);
  expect(posts.map((each) => each.headers['upload-metadata'])).toEqual([
    undefined,
    undefined,
    undefined,
    'filename YQ==',
  ]);
});

test('parts survive a cut, each by itself', async () => {
  once('PATCH', 2, { keep: 100_000 });
  await upload('tus', big, { url, parallel: 3, retry: atOnce }).done;
  expect(server.met.filter((each) => each.method === 'HEAD').length).toBe(1);
  expect(held(3)?.equals(big)).toBe(true);
});

test('a stored state of parts asks for each of them', async () => {
  once('PATCH', 4, { status: 403 });
  const options = { url, parallel: 3, chunkSize: 200_000 };
  const first = upload('tus', big, options);
  await expect(first.done).rejects.toMatchObject({ status: 403 });
  const { done } = upload('tus', big, { ...options, state: JSON.parse(JSON.stringify(first.state)) });
  await done;
  const asked = server.met.filter((each) => each.method === 'HEAD').map((each) => each.path);
  expect([...new Set(asked)].sort()).toEqual(['/files/0', '/files/1', '/files/2']);
  expect(server.met.filter((each) => each.method === 'POST').length).toBe(4);
  expect(held(3)?.equals(big)).toBe(true);
});

test('credentials go to the endpoint and nowhere else', async () => {
  const other = await fakeTus();
  server.trouble = (met) =>
    met.method === 'POST' ? { status: 201, headers: { Location: `${other.url}/files/0` } } : undefined;
  other.uploads.set('/files/0', { bytes: Buffer.alloc(0), length: big.length });
  await upload('tus', big, { url, user: 'ann@example.org', password: 'pä:ss' }).done;
  await other.close();
  expect(server.met[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ann@example.org:pä:ss').toString('base64')}`);
  expect(other.met[0]?.method).toBe('PATCH');
  expect(other.met[0]?.headers.authorization).toBeUndefined();
});

test('an API key is a Bearer token', async () => {
  await upload('tus', new Blob(['x']), { url, apiKey: 'k-1' }).done;
  expect(server.met[0]?.headers.authorization).toBe('Bearer k-1');
});

test('pause stops and resume goes on', async () => {
  let pauses = 0;
  const up = upload('tus', big, {
    url,
    chunkSize: 100_000,
    onProgress: ({ confirmed }) => {
      if (confirmed === 300_000 && pauses === 0) {
        pauses += 1;
        up.pause();
        queueMicrotask(() => up.resume());
      }
    },
  });
  await up.done;
  expect(server.met.filter((each) => each.method === 'HEAD').length).toBeGreaterThan(0);
  expect(held()?.equals(big)).toBe(true);
});

test('cancel ends it on the server too', async () => {
  const cancelled = new Promise<void>((resolve, reject) => {
    const up = upload('tus', big, {
      url,
      chunkSize: 100_000,
      onProgress: ({ confirmed }) => {
        if (confirmed === 100_000) up.cancel().then(resolve, reject);
      },
    });
    expect(up.done).rejects.toMatchObject({ kind: 'aborted' }).catch(reject);
  });
  await cancelled;
  expect(server.uploads.size).toBe(0);
  expect(methods().endsWith('DELETE')).toBe(true);
});

test('a signal ends it here and leaves the server alone', async () => {
  const stop = new AbortController();
  const up = upload('tus', big, {
    url,
    chunkSize: 100_000,
    signal: stop.signal,
    onProgress: ({ confirmed }) => confirmed > 0 && stop.abort(),
  });
  await expect(up.done).rejects.toMatchObject({ kind: 'aborted' });
  expect(server.uploads.size).toBe(1);
  expect(methods()).not.toContain('DELETE');
});

test('Upload-Expires is passed on', async () => {
  const expires = 'Wed, 25 Jun 2031 16:00:00 GMT';
  server.trouble = (met) =>
    met.method === 'POST'
      ? { status: 201, headers: { Location: '/files/7', 'Upload-Expires': expires, 'Upload-Offset': '1' } }
      : undefined;
  expect(await upload('tus', new Blob(['x']), { url }).done).toEqual({ url: `${url}/7`, size: 1, expires });
});
