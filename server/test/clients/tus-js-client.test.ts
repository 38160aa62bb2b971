import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Upload, type UploadOptions } from 'tus-js-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FaultProxy, faultProxy } from '../fault-proxy.js';
import { type ServerProcess, startServer } from '../server-process.js';

const KiB = 1024;
const bytes = randomBytes(2_500_001);

let served: ServerProcess;
let proxy: FaultProxy;

beforeAll(async () => {
  served = await startServer();
});
afterAll(() => served.remove());
beforeEach(async () => {
  proxy = await faultProxy(served.port);
});
afterEach(() => proxy.close());

type Options = ConstructorParameters<typeof Upload>[1];

/** The client's own upload from start to success; gives its URL. */
function upload(file: ConstructorParameters<typeof Upload>[0], options: Options): Promise<string> {
  return new Promise((resolve, reject) => {
    const sending: Upload = new Upload(file, {
      endpoint: `${served.url}/files/`,
      headers: { authorization: `Bearer ${served.key}` },
      retryDelays: null,
      ...options,
      onSuccess: () => (sending.url === null ? reject(new Error('no URL')) : resolve(sending.url)),
      onError: reject,
    });
    sending.start();
  });
}

/** What the server hands back, asked of it directly. */
async function stored(url: string): Promise<Buffer> {
  const answer = await fetch(`${served.url}${new URL(url).pathname}`, {
    headers: { authorization: `Bearer ${served.key}` },
  });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

const head = (url: string) =>
  fetch(url, { method: 'HEAD', headers: { authorization: `Bearer ${served.key}`, 'tus-resumable': '1.0.0' } });

const throughProxy = (): Options => ({
  endpoint: `${proxy.url}/files/`,
  retryDelays: [0, 50, 100, 200, 400, 800, 1600],
});

describe('tus-js-client', () => {
  it('uploads in one request', async () => {
    const url = await upload(bytes, { metadata: { filename: 'lake é.bin', filetype: 'application/x-lake' } });
    expect((await stored(url)).equals(bytes)).toBe(true);
  });

  it('uploads with the creation', async () => {
    const methods: string[] = [];
    const url = await upload(bytes, {
      uploadDataDuringCreation: true,
      onBeforeRequest: (request) => void methods.push(request.getMethod()),
    });
    expect(methods).toEqual(['POST']);
    expect((await stored(url)).equals(bytes)).toBe(true);
  });

  it('uploads in chunks', async () => {
    const accepted: number[] = [];
    const url = await upload(bytes, {
      chunkSize: 1_000_000,
      onChunkComplete: (_size, total) => void accepted.push(total),
    });
    expect(accepted).toEqual([1_000_000, 2_000_000, 2_500_001]);
    expect((await stored(url)).equals(bytes)).toBe(true);
  });

  it('uploads an empty file', async () => {
    expect((await stored(await upload(Buffer.alloc(0), {}))).length).toBe(0);
  });

  it('uploads parts in parallel and joins them', async () => {
    const url = await upload(bytes, { parallelUploads: 4, chunkSize: 200 * KiB });
    expect((await stored(url)).equals(bytes)).toBe(true);
  });

  it('tells the length with the last chunk only', async () => {
    const lengths: (string | undefined)[] = [];
    const source = Readable.from([bytes.subarray(0, 700_000), bytes.subarray(700_000)], { objectMode: false });
    const url = await upload(source as never, {
      uploadLengthDeferred: true,
      chunkSize: 1_000_000,
      onBeforeRequest: (request) => void lengths.push(request.getHeader('Upload-Length')),
    });
    expect(lengths[0]).toBeUndefined();
    expect(lengths.at(-1)).toBe(String(bytes.length));
    expect((await stored(url)).equals(bytes)).toBe(true);
  });

  it('sends a checksum with each chunk', async () => {
    const chunkSize = 600 * KiB;
    const url = await upload(bytes, {
      chunkSize,
      onBeforeRequest: (request) => {
        if (request.getMethod() !== 'PATCH') return;
        const offset = Number(request.getHeader('Upload-Offset'));
        const chunk = bytes.subarray(offset, offset + chunkSize);
        request.setHeader('Upload-Checksum', `sha1 ${createHash('sha1').update(chunk).digest('base64')}`);
      },
    });
    expect((await stored(url)).equals(bytes)).toBe(true);
  });

  it('is told when a checksum is wrong, and nothing of that chunk is kept', async () => {
    let url = '';
    const failure = upload(bytes, {
      onBeforeRequest: (request) => {
        if (request.getMethod() !== 'PATCH') return;
        url = request.getURL();
        request.setHeader('Upload-Checksum', 'sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=');
      },
    });
    await expect(failure).rejects.toMatchObject({ message: expect.stringContaining('460') });
    expect((await head(url)).headers.get('upload-offset')).toBe('0');
  });

  it('goes on after a cut, and sends only what is missing', async () => {
    proxy.order({ kind: 'cut', after: 900_000 }, { kind: 'cut', after: 700_000 });
    const offsets: number[] = [];
    const url = await upload(bytes, {
      ...throughProxy(),
      onBeforeRequest: (request) => {
        if (request.getMethod() === 'PATCH') offsets.push(Number(request.getHeader('Upload-Offset')));
      },
    });
    expect(proxy.happened()).toBe(2);
    expect(offsets.at(-1)).toBeGreaterThan(0);
    expect((await stored(url)).equals(bytes)).toBe(true);
  });

  it('goes on after an answer that was lost', async () => {
    proxy.order({ kind: 'lose-answer', after: bytes.length });
    const url = await upload(bytes, throughProxy());
    expect(proxy.happened()).toBe(1);
    expect((await stored(url)).equals(bytes)).toBe(true);
  });

  it('takes its upload over from a request that hangs', async () => {
    proxy.order({ kind: 'stall', after: 900_000 });
    const begun = new Upload(bytes, {
      endpoint: `${proxy.url}/files/`,
      headers: { authorization: `Bearer ${served.key}` },
      retryDelays: null,
    });
    begun.start();
    await proxy.nextFault();
    expect(begun.url).not.toBeNull();
    // The first request is still open as far as the server can tell: a client that moved to another network.
    const url = await upload(bytes, { uploadUrl: `${served.url}${new URL(begun.url ?? '').pathname}` });
    expect((await stored(url)).equals(bytes)).toBe(true);
    await begun.abort();
  });

  it('goes on when the server was killed and started again', async () => {
    const begun: string[] = [];
    let killed: Promise<void> | undefined;
    const url = await upload(bytes, {
      chunkSize: 400 * KiB,
      retryDelays: [0, 100, 200, 400, 800, 1600, 3200, 6400],
      onBeforeRequest: (request) => void begun.push(request.getMethod()),
      onChunkComplete: (_size, accepted) => {
        if (accepted >= 1_000_000) killed ??= served.kill().then(() => served.start());
      },
    });
    await killed;
    expect(killed).toBeDefined();
    expect(begun.filter((method) => method === 'POST')).toHaveLength(1);
    expect((await stored(url)).equals(bytes)).toBe(true);
  });

  it('ends an upload for good', async () => {
    const url = await upload(bytes, {});
    await Upload.terminate(url, { headers: { authorization: `Bearer ${served.key}` } } satisfies UploadOptions);
    expect([404, 410]).toContain((await head(url)).status);
  });
});
