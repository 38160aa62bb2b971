import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type UploadOptions,
  type UploadRequest,
  type UploadState,
  upload,
  uploadWebPage,
} from '../../../client/src/index.js';
import { basic, type Desk, openDesk } from './desk.js';

let desk: Desk;

beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const size = 2 << 20;
const bytes = Buffer.alloc(size, 'Longshore. ');

type Ask = (more: Partial<UploadOptions>) => UploadRequest;
const login = { user: 'alice', password: 'secret', fileName: 'a.txt', chunkSize: 256 * 1024 };

/** What clients are told who go on with an upload that is gone, in the words of each protocol. */
const dialects: readonly { name: string; ask: Ask; words: RegExp; status: number | undefined }[] = [
  {
    name: 'tus',
    ask: (more) => ['tus', bytes, { url: `${desk.url}/files/`, ...login, ...more }],
    status: 410,
    words: /is cancelled/,
  },
  {
    name: 'brightsign',
    ask: (more) => ['brightsign', bytes, { url: desk.url, ...login, ...more }],
    status: 500,
    words: /The upload has been cancelled/,
  },
  {
    name: 'inforouter',
    ask: (more) => ['inforouter', bytes, { url: desk.url, ...login, ...more }],
    status: undefined,
    words: /Upload handler cannot be found/,
  },
  {
    name: 'fourshared',
    ask: (more) => ['4shared', bytes, { url: desk.url, ...login, ...more }],
    status: 404,
    words: /There is no file with this id/,
  },
  {
    name: 'interfax',
    ask: (more) => ['interfax', bytes, { url: desk.url, fax: '+442079460123', ...login, ...more }],
    status: 404,
    words: /Wrong uploaded document resource/,
  },
  {
    name: 'api2convert',
    ask: (more) => ['api2convert', bytes, { url: desk.url, ...login, ...more }],
    status: 410,
    words: /The upload was cancelled/,
  },
];

/** Cancels whatever lives, as alice, who sees her own; gives what she saw. */
const cancelAll = async () => {
  const alice = desk.as('alice');
  const { uploads } = (await alice.ask('GET', '/uploads')).body;
  for (const { id } of uploads) expect((await alice.ask('DELETE', `/uploads/${id}`)).status).toBe(204);
  return uploads;
};

/** Has all cancelled when something is confirmed, before the client sends any more. */
const cancelOnTheWay = () => {
  let cancelling: ReturnType<typeof cancelAll> | undefined;
  const options: Partial<UploadOptions> = {
    parallel: 1,
    onProgress: ({ confirmed }) => {
      if (confirmed > 0) cancelling ??= cancelAll();
    },
    fetch: async (...asked) => {
      await cancelling;
      return fetch(...asked);
    },
  };
  return { options, cancelled: async () => cancelling };
};

describe.each(dialects)('an upload by $name', ({ name, ask, status, words }) => {
  it('that is cancelled from here while its client sends is refused from then on', async () => {
    const { options, cancelled } = cancelOnTheWay();
    const failure = await upload(...ask(options)).done.catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'refused', status });
    expect(String(failure)).toMatch(words);
    expect(await cancelled()).toMatchObject([
      { dialect: name, owner: 'alice', size: name === 'inforouter' ? null : size },
    ]);
    const { uploads } = (await desk.as('root').ask('GET', '/uploads')).body;
    expect(uploads).toEqual([]);
  });

  it('that was left and then cancelled from here begins anew, under the same name', async () => {
    const stop = new AbortController();
    let state: UploadState | undefined;
    const left = upload(
      ...ask({
        signal: stop.signal,
        onState: (now) => {
          state = now;
        },
        onProgress: ({ confirmed }) => {
          if (confirmed > 0) stop.abort();
        },
      }),
    );
    await expect(left.done).rejects.toMatchObject({ kind: 'aborted' });
    const cancelled = await cancelAll();
    expect(cancelled).toMatchObject([{ state: 'open', from: '127.0.0.1' }]);
    expect((await upload(...ask({ state })).done).size).toBe(size);
    const { events } = (await desk.as('alice').ask('GET', '/events')).body;
    expect(events.at(-1)).toMatchObject({ kind: 'cancelled', upload: cancelled[0].id });
    expect(events[0]).toMatchObject({ kind: 'finished', size });
  });
});

describe('of a web page', () => {
  const page = (options: Partial<UploadOptions> = {}) =>
    uploadWebPage({ path: 'index.html', input: Buffer.from('<h1>Sale</h1>') }, [{ path: 'film.bin', input: bytes }], {
      url: desk.url,
      ...login,
      ...options,
    });

  it('the session ends with the last of its files, and the page can be uploaded anew', async () => {
    const { options, cancelled } = cancelOnTheWay();
    await expect(page(options)).rejects.toMatchObject({ kind: 'refused' });
    expect(await cancelled()).toHaveLength(2);
    expect(await desk.app.engine.listGroups()).toMatchObject([{ state: 'cancelled' }]);
    expect((await page()).webPageId).not.toBe('');
  });

  it('the session stays with the files that are left', async () => {
    const { engine } = desk.app;
    const { id } = await engine.openGroup({ dialect: 'brightsign', owner: 'alice', uploads: [{}, {}] });
    const [one] = (await engine.lookGroup(id)).uploads;
    expect((await desk.as('alice').ask('DELETE', `/uploads/${one}`)).status).toBe(204);
    expect((await engine.lookGroup(id)).state).toBe('open');
  });
});

it('a document of InterFAX that is cancelled from here is in no list any more', async () => {
  const documents = `${desk.url}/outbound/documents`;
  const headers = { authorization: basic('alice') };
  const { status } = await fetch(`${documents}?size=100&name=a.txt`, { method: 'POST', headers });
  expect(status).toBe(201);
  expect(await (await fetch(documents, { headers })).json()).toHaveLength(1);
  await cancelAll();
  expect(await (await fetch(documents, { headers })).json()).toEqual([]);
});
