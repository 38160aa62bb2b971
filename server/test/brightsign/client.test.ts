import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { uploadWebPage, type WebPageFile, type WebPageOptions } from '../../../client/src/index.js';
import { useDesk } from './desk.js';

const desk = useDesk();
const { content, exists, server, sweep } = desk;

const day = 24 * 60 * 60 * 1000;

const file = (path: string, text: string): WebPageFile => ({ path, input: Buffer.from(text) });
const page = (text: string): WebPageFile => file('index.html', text);
const options = (more: Partial<WebPageOptions> = {}): WebPageOptions => ({
  ...{ url: server().url, user: 'Acme/alice', password: 'secret', name: 'Lakes', parallel: 8, chunkSize: 1_000 },
  ...more,
});

/** Assets in folders, one of them of several chunks. */
const assets = Array.from({ length: 40 }, (_, index) =>
  file(`css/${index % 3}/a${index}.css`, `asset ${index} `.repeat(index === 7 ? 900 : 1)),
);
const sizeOf = (files: readonly WebPageFile[]): number =>
  files.reduce((sum, { input }) => sum + (input as Buffer).length, 0);

const assetsOf = async (id: string) => {
  const { page: known } = (await content(id)).file.metadata as {
    page: { assets: { id: number; relativePath: string; fileName: string }[] };
  };
  return known.assets;
};

/** Counts the bytes of chunks that go to the server. */
const counting = () => {
  let bytes = 0;
  const counted: typeof globalThis.fetch = (input, init) => {
    const [, data = ''] = /<t:data>([^<]*)</.exec(Buffer.from((init?.body ?? '') as Buffer).toString()) ?? [];
    bytes += Buffer.from(data, 'base64').length;
    return fetch(input, init);
  };
  return { fetch: counted, bytes: () => bytes };
};

describe('@longshore/client', () => {
  it('brings a page of 40 assets up, and in an update only what has changed', async () => {
    const first = await uploadWebPage(page('<p>one'), assets, options());
    expect(first).toMatchObject({ size: sizeOf([page('<p>one'), ...assets]), kept: [] });
    expect(first.sent).toBe(first.size);
    const stored = await assetsOf(first.webPageId);
    expect(stored.map(({ relativePath, fileName }) => `${relativePath}${fileName}`.replaceAll('\\', '/'))).toEqual(
      assets.map(({ path }) => path),
    );
    const seventh = await content(stored[7]?.id ?? 0);
    const sha = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex');
    expect(sha(seventh.bytes)).toBe(sha(assets[7]?.input as Buffer));

    const counted = counting();
    const list = assets.slice(0, 38);
    const next = await uploadWebPage(page('<p>two!'), list, options({ fetch: counted.fetch }));
    expect(next.webPageId).toBe(first.webPageId);
    expect(next.kept).toEqual(list.map(({ path }) => path).sort());
    expect([next.sent, counted.bytes()]).toEqual(['<p>two!'.length, '<p>two!'.length]);
    const dropped = stored.slice(38).map(({ id }) => id);
    server().clock.advance(day);
    await sweep();
    expect(await Promise.all(dropped.map(exists))).toEqual([false, false]);
  });

  it('goes on with a session that was interrupted', async () => {
    const stop = new AbortController();
    let state: unknown;
    let completed = 0;
    const failing: typeof globalThis.fetch = async (input, init) => {
      const body = Buffer.from((init?.body ?? '') as Buffer).toString();
      if (body.includes('<t:CompleteFileUpload>')) completed += 1;
      if (completed > 5) stop.abort();
      return fetch(input, init);
    };
    const started = uploadWebPage(page('<p>'), assets, {
      ...options({ fetch: failing, signal: stop.signal, parallel: 2 }),
      onState: (known) => {
        state = known;
      },
    });
    await expect(started).rejects.toMatchObject({ kind: 'aborted' });
    const counted = counting();
    const done = await uploadWebPage(page('<p>'), assets, options({ state, fetch: counted.fetch }));
    expect(counted.bytes()).toBeLessThan(done.size);
    expect(await assetsOf(done.webPageId)).toHaveLength(40);
    // What is over is not gone on with.
    const again = await uploadWebPage(page('<p>new'), assets.slice(0, 2), options({ state }));
    expect(again.webPageId).toBe(done.webPageId);
  });

  it('says what the server says', async () => {
    await expect(uploadWebPage(file('a?.html', 'x'), [], options())).rejects.toThrow('The file name is not valid.');
    await expect(uploadWebPage(page('x'), [], options({ webPageId: '999' }))).rejects.toThrow(
      /no content with the id 999/,
    );
  });
});
