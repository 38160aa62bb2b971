import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromPath, upload } from './node.js';
import { type FakeBrightSign, fakeBrightSign, fault, joined, reply, said } from './testing/brightsign.js';
import { atOnce, noise } from './testing/server.js';

let server: FakeBrightSign;
beforeEach(async () => {
  server = await fakeBrightSign();
});
afterEach(() => server.close());

const bytes = noise(1_000_000);
const file = new File([bytes], 'la & ke.png', { lastModified: Date.UTC(2015, 2, 1, 10) });
const operations = (): string[] => server.calls.map((call) => call.operation);
const options = () => ({
  url: server.url,
  user: 'Acme/ann@example.org',
  password: 'p<w',
  chunkSize: 300_000,
  retry: atOnce,
});
const held = (token = 'u1'): Buffer => joined(server.uploads.get(token)?.bytes);

/** Troubles the `nth` call of `operation`, counted from 1, and no other. */
const once = (operation: string, nth: number, trouble: ReturnType<FakeBrightSign['trouble']>): void => {
  let count = 0;
  server.trouble = (call) => {
    if (call.operation !== operation) return undefined;
    count += 1;
    return count === nth ? trouble : undefined;
  };
};

test('a file goes up as start, chunks and completion', async () => {
  const { contentId, size } = await upload('brightsign', file, { ...options(), virtualPath: '\\Shared\\Lakes\\' }).done;
  expect([contentId, size]).toEqual(['4711', 1_000_000]);
  expect(held().equals(bytes)).toBe(true);
  expect(operations()).toEqual(['StartFileUpload', ...Array(4).fill('AppendChunk'), 'CompleteFileUpload']);

  const [start, chunk] = server.calls;
  expect(start?.path).toBe('/Uploads/2014/07/SOAP/Basic/');
  expect(start?.headers['content-type']).toBe('text/xml; charset=utf-8');
  expect(start?.headers.soapaction).toBe(
    '"https://api.brightsignnetwork.com/Uploads/2014/07/SOAP/ContentUploadService/StartFileUpload"',
  );
  const args = /<t:args>(.*)<\/t:args>/.exec(start?.xml ?? '')?.[1];
  expect(args).toBe(
    '<d:ChunksCount>4</d:ChunksCount><d:ContentType>Auto</d:ContentType>' +
      '<d:FileLastModifiedDate>2015-03-01T10:00:00.000Z</d:FileLastModifiedDate><d:FileName>la &amp; ke.png</d:FileName>' +
      '<d:FileSize>1000000</d:FileSize><d:FileThumb i:nil="true"/><d:SHA1Hash i:nil="true"/>' +
      '<d:SessionToken i:nil="true"/><d:UploadToken i:nil="true"/><d:VirtualPath>\\Shared\\Lakes\\</d:VirtualPath>',
  );
  expect(start?.xml).toContain(
    '<w:UsernameToken><w:Username>Acme/ann@example.org</w:Username><w:Password>p&lt;w</w:Password></w:UsernameToken>',
  );
  expect(chunk?.xml).toMatch(
    /<t:AppendChunk><t:sessionToken i:nil="true"\/><t:uploadToken>u1<\/t:uploadToken><t:partNumber>\d<\/t:partNumber><t:data>[^<]+<\/t:data><t:offset>\d+<\/t:offset><\/t:AppendChunk>/,
  );
  const end = server.calls.at(-1)?.xml ?? '';
  expect(said(end, 'UploadToken')).toBe('u1');
  expect(said(end, 'SHA1Hash')).toBe(createHash('sha1').update(bytes).digest('hex'));
});

test('a file on disk is digested as it is read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  const path = join(folder, 'lake.png');
  await writeFile(path, bytes);
  await upload('brightsign', await fromPath(path), options()).done;
  await rm(folder, { recursive: true });
  expect(held().equals(bytes)).toBe(true);
  expect(said(server.calls.at(-1)?.xml ?? '', 'SHA1Hash')).toBe(createHash('sha1').update(bytes).digest('hex'));
});

test('an empty file has no chunks', async () => {
  await upload('brightsign', new Blob([]), options()).done;
  expect(operations()).toEqual(['StartFileUpload', 'CompleteFileUpload']);
});

test('a stream tells its size at the end', async () => {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 70_000) yield bytes.subarray(at, at + 70_000);
  }
  await upload('brightsign', pieces(), options()).done;
  expect(held().equals(bytes)).toBe(true);
  expect(said(server.calls[0]?.xml ?? '', 'FileSize')).toBeUndefined();
  expect(said(server.calls.at(-1)?.xml ?? '', 'FileSize')).toBe('1000000');
});

test('the address of the service itself is taken as it is', async () => {
  await upload('brightsign', file, { ...options(), url: `${server.url}/Uploads/2015/01/soap/basic` }).done;
  expect(server.calls[0]?.path).toBe('/Uploads/2015/01/soap/basic');
});

test.each([
  ['a cut connection', 'cut'],
  ['a lost answer', 'cut after'],
  ['a write that failed there', { status: 200, xml: reply('AppendChunk', 'false') }],
  ['a fault of the server', { status: 500, xml: fault('Out of breath.', 's:Server') }],
  ['a proxy in trouble', { status: 502, xml: '<html>Bad gateway</html>' }],
] as const)('after %s the chunk is sent again', async (_, trouble) => {
  once('AppendChunk', 2, trouble);
  await upload('brightsign', file, options()).done;
  expect(operations().filter((operation) => operation === 'AppendChunk').length).toBe(5);
  expect(held().equals(bytes)).toBe(true);
});

test("a fault is final and speaks the server's words", async () => {
  once('StartFileUpload', 1, { status: 500, xml: fault('File name must not be &quot;empty&quot;.') });
  await expect(upload('brightsign', file, options()).done).rejects.toMatchObject({
    kind: 'refused',
    status: 500,
    message: 'File name must not be "empty".',
  });
  expect(operations()).toEqual(['StartFileUpload']);
});

test('an answer that is none is refused', async () => {
  once('StartFileUpload', 1, { status: 200, xml: '<html><body>Welcome</body></html>' });
  await expect(upload('brightsign', file, options()).done).rejects.toThrow(/no result/);
});

/** An upload of which the first two chunks were confirmed, and its state. */
const interrupted = async (): Promise<unknown> => {
  once('AppendChunk', 3, { status: 500, xml: fault('Enough for today.') });
  const first = upload('brightsign', file, { ...options(), parallel: 1 });
  await expect(first.done).rejects.toThrow('Enough for today.');
  expect(first.state).toMatchObject({ token: 'u1', confirmed: [[0, 600_000]] });
  server.calls.length = 0;
  return JSON.parse(JSON.stringify(first.state));
};

test('a stored state sends what was not confirmed', async () => {
  const state = await interrupted();
  await upload('brightsign', file, { ...options(), state }).done;
  expect(operations()).toEqual(['GetFileUploadStatus', 'AppendChunk', 'AppendChunk', 'CompleteFileUpload']);
  expect(held().equals(bytes)).toBe(true);
});

test('what the server lost after all is sent again', async () => {
  const state = await interrupted();
  once('CompleteFileUpload', 1, { status: 500, xml: fault('Bytes are missing.') });
  await upload('brightsign', file, { ...options(), state }).done;
  expect(operations().filter((operation) => operation === 'AppendChunk').length).toBe(6);
  expect(operations().at(-1)).toBe('CompleteFileUpload');
});

test('an upload the server has forgotten begins anew', async () => {
  const state = await interrupted();
  server.uploads.delete('u1');
  await upload('brightsign', file, { ...options(), state }).done;
  expect(operations().slice(0, 2)).toEqual(['GetFileUploadStatus', 'StartFileUpload']);
  expect(held().equals(bytes)).toBe(true);
});

test('an upload that was completed is not sent again', async () => {
  once('CompleteFileUpload', 1, 'cut after');
  const first = upload('brightsign', file, { ...options(), retries: 0 });
  await expect(first.done).rejects.toMatchObject({ kind: 'network' });
  server.calls.length = 0;
  expect((await upload('brightsign', file, { ...options(), state: first.state }).done).contentId).toBe('4711');
  expect(operations()).toEqual(['GetFileUploadStatus']);
});

test('cancel ends it on the server too', async () => {
  const cancelled = new Promise<void>((resolve, reject) => {
    const up = upload('brightsign', file, {
      ...options(),
      parallel: 1,
      onProgress: ({ confirmed }) => {
        if (confirmed === 300_000) up.cancel().then(resolve, reject);
      },
    });
    expect(up.done).rejects.toMatchObject({ kind: 'aborted' }).catch(reject);
  });
  await cancelled;
  expect(server.uploads.get('u1')?.state).toBe('Cancelled');
});
