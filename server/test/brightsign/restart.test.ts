import { afterAll, beforeAll, expect, it } from 'vitest';
import { uploadWebPage, type WebPageFile } from '../../../client/src/index.js';
import { account, longshore, type ServerProcess, startServer } from '../server-process.js';

// The story of a web page whose server is killed in the middle: the session goes on where it was, and completes once.

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

const file = (path: string, text: string): WebPageFile => ({ path, input: Buffer.from(text) });
const assets = Array.from({ length: 12 }, (_, index) => file(`img/${index}.svg`, `<svg>${index}</svg>`.repeat(500)));

it('a session survives its server’s death and completes once', async () => {
  let chunks = 0;
  let killed: Promise<void> | undefined;
  const killing: typeof globalThis.fetch = async (input, init) => {
    if (Buffer.from((init?.body ?? '') as Buffer).includes('<t:AppendChunk>')) chunks += 1;
    if (chunks === 9) killed ??= server.kill().then(() => server.start());
    return fetch(input, init);
  };
  const options = {
    ...{ url: server.url, user: `Acme/${account.login}`, password: account.password, name: 'Lakes', chunkSize: 1_500 },
    parallel: 4,
  };
  const done = await uploadWebPage(file('index.html', '<p>lakes'), assets, { ...options, fetch: killing });
  await killed;
  expect(chunks).toBeGreaterThan(9);
  // Nothing is missing: an update with the same files sends the page alone.
  const update = await uploadWebPage(file('index.html', '<p>more lakes'), assets, options);
  expect(update.webPageId).toBe(done.webPageId);
  expect(update.kept).toEqual(assets.map(({ path }) => path).sort());
  expect(update.sent).toBe('<p>more lakes'.length);
  await server.stop();
  // Fails where it finds anything.
  await longshore('fsck', '--digests', '--data', server.dataDir);
});
