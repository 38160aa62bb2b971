import { createHash, randomBytes } from 'node:crypto';
import { upload } from '@longshore/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './desk.js';

/** Our own client against the dialect. */
let desk: Desk;

beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

const file = randomBytes(300_000);
const soon = { retry: { base: 1, cap: 1, sleep: async () => undefined } };

describe('the client', () => {
  it('uploads in chunks, has the file converted, and says where the result is', async () => {
    const options = {
      url: desk.server.url,
      apiKey: desk.key,
      chunkSize: 40_000,
      fileName: 'a.bin',
      convert: 'mirror/mirror',
    };
    const { url, size } = await upload('api2convert', new Uint8Array(file), { ...options, ...soon }).done;
    expect(size).toBe(300_000);
    const got = Buffer.from(await (await fetch(url ?? '')).arrayBuffer());
    expect(createHash('md5').update(got).digest('hex')).toBe(createHash('md5').update(file).digest('hex'));
  });

  it('without a conversion leaves an input in a job that waits; empty files, too', async () => {
    for (const bytes of [file, Buffer.alloc(0)]) {
      const { contentId } = await upload('api2convert', new Uint8Array(bytes), {
        url: `${desk.server.url}/v2/`,
        user: 'alice',
        password: 'secret',
        ...soon,
      }).done;
      const jobs = (await desk.ask('GET', '/v2/jobs')).body;
      const input = jobs
        .flatMap((job: { input: object[] }) => job.input)
        .find(({ id }: { id: string }) => id === contentId);
      expect(input).toMatchObject({ status: 'ready', size: bytes.length });
    }
  });

  it('goes on where it was left', async () => {
    let state: unknown;
    let sent = 0;
    const counting: typeof fetch = async (url, init) => {
      if (String(url).includes('/upload-file/') && init?.method === 'POST') sent += 1;
      return fetch(url, init);
    };
    const options = {
      url: desk.server.url,
      apiKey: desk.key,
      chunkSize: 50_000,
      parallel: 1,
      fetch: counting,
      onState: (now: unknown) => {
        state = now;
      },
      ...soon,
    };
    const first = upload('api2convert', new Uint8Array(file), {
      ...options,
      onProgress: ({ confirmed }) => {
        if (confirmed >= 100_000) first.pause();
      },
    });
    first.done.catch(() => undefined);
    for (let tries = 0; !first.paused && tries < 2000; tries += 1) await desk.ask('GET', '/v2/statuses');
    const before = sent;
    const { contentId } = await upload('api2convert', new Uint8Array(file), { ...options, state }).done;
    expect(contentId).toMatch(/^[0-9a-f-]{36}$/);
    expect(before).toBeGreaterThanOrEqual(2);
    expect(sent - before).toBeLessThanOrEqual(4);
  });

  it('cancels its job, and tells what was refused', async () => {
    const refused = upload('api2convert', new Uint8Array(file), { url: desk.server.url, apiKey: 'wrong', ...soon });
    await expect(refused.done).rejects.toMatchObject({ kind: 'refused', status: 401 });
    const failing = upload('api2convert', new Uint8Array(file), {
      url: desk.server.url,
      apiKey: desk.key,
      convert: 'fail',
      ...soon,
    });
    await expect(failing.done).rejects.toMatchObject({ message: 'The file is damaged.' });
  });
});
