import { expect, test } from 'vitest';
import { sha1, ten, useDesk } from './desk.js';
import { acceptAll, api, type RestAnswer, useRest, vnd } from './rest-desk.js';

const desk = useDesk();
const { ask, chunk, complete, look } = useRest({}, desk.server);
const status = vnd('webpage.upload.status');
const pageAccept = `${status}, application/vnd.bsn.error+json`;

type Said = Record<string, unknown>;

const startSession = (body: Said, act = 'upload', accept = pageAccept) =>
  ask('POST', `${api}/Sessions/`, { body, accept, type: vnd(`start.webpage.${act}.arguments`) });
const completeSession = (session: string, body: Said = {}, accept = pageAccept, act = 'upload') =>
  ask('PUT', `${api}/Sessions/${session}/`, { body, accept, type: vnd(`complete.webpage.${act}.arguments`) });
const lookAt = (session: string, how = {}) => ask('GET', `${api}/Sessions/${session}/`, { accept: status, ...how });
const startAsset = (session: string, token: string, body: Said, accept = acceptAll) =>
  ask('PUT', `${api}/Sessions/${session}/Uploads/${token}/`, {
    body,
    accept,
    type: vnd('start.webpage.asset.upload.arguments'),
  });

const html = Buffer.from('<html></html>');
const css = Buffer.from('body {}');
/** As a vendor's library announces a page: no hashes, no paths of the library, assets' ids 0 (B4). */
const announcement = {
  name: 'Site',
  fileName: 'index.html',
  fileSize: html.length,
  mediaType: 'WebPage',
  virtualPath: '',
  shA1Hash: '',
  fileLastModifiedDate: '0001-01-01 00:00:00Z',
  assets: [
    {
      fileName: 'a.css',
      fileSize: css.length,
      relativePath: 'css\\',
      virtualPath: '',
      shA1Hash: '',
      webPageAssetId: 0,
    },
    { fileName: 'b.css', fileSize: css.length, relativePath: '', virtualPath: '', shA1Hash: '', webPageAssetId: 0 },
  ],
};

interface Tokens {
  readonly session: string;
  readonly page: string;
  readonly assets: readonly string[];
}

const tokensOf = ({ json, text }: RestAnswer): Tokens => {
  if (!Array.isArray(json['assets'])) throw new Error(text);
  const assets = json['assets'] as readonly Said[];
  return {
    session: String(json['sessionToken']),
    page: String(json['uploadToken']),
    assets: assets.map((asset) => String(asset['uploadToken'])),
  };
};

const sendFile = async (session: string, token: string, bytes: Buffer, said: Said) => {
  await startAsset(session, token, { fileSize: bytes.length, shA1Hash: sha1(bytes), virtualPath: '\\', ...said });
  await chunk(token, 0, bytes, {}, session);
  return complete(token, {}, { type: vnd('complete.webpage.asset.upload.arguments') }, session);
};

const assetsOf = ({ assets }: Tokens): [string, Said][] => [
  [assets[0] ?? '', { fileName: 'a.css', relativePath: '\\css\\' }],
  [assets[1] ?? '', { fileName: 'b.css', relativePath: '\\' }],
];

/** Brings all files of a session up: assets first, the HTML file last. */
const sendAll = async (tokens: Tokens): Promise<number[]> => {
  const ids: number[] = [];
  for (const [token, said] of assetsOf(tokens))
    ids.push(Number((await sendFile(tokens.session, token, css, said)).json['contentId']));
  await sendFile(tokens.session, tokens.page, html, { fileName: 'index.html', relativePath: '\\' });
  return ids;
};

const bring = async () => {
  const tokens = tokensOf(await startSession(announcement));
  const ids = await sendAll(tokens);
  const done = await completeSession(tokens.session);
  return { tokens, ids, done, id: Number(done.json['contentId']) };
};

test('a web page goes up as a vendor’s library sends it (B2, B4)', async () => {
  const started = await startSession(announcement);
  expect(started).toMatchObject({ status: 201, type: status });
  expect(started.json).toMatchObject({ name: 'Site', state: 'Queued', contentId: 0, fileName: 'index.html' });
  expect(started.json['assets']).toMatchObject([
    { fileName: 'a.css', state: 'Queued', contentId: 0 },
    { fileName: 'b.css', state: 'Queued', contentId: 0 },
  ]);
  const tokens = tokensOf(started);
  const ids = await sendAll(tokens);
  for (const id of ids) expect(id).toBeGreaterThan(0);
  expect((await lookAt(tokens.session)).json).toMatchObject({ state: 'Uploaded' });
  // The empty hashes once more: not specified.
  const assets = announcement.assets.map((asset, index) => ({ ...asset, webPageAssetId: ids[index] }));
  const done = await completeSession(tokens.session, { ...announcement, assets });
  expect(done).toMatchObject({ status: 200, type: status, json: { state: 'Completed' } });
  expect(done.json['assets']).toMatchObject(ids.map((contentId) => ({ contentId, state: 'Completed' })));
  const { bytes, file } = await desk.content(Number(done.json['contentId']));
  expect(bytes).toEqual(html);
  expect(file.metadata).toMatchObject({
    page: {
      name: 'Site',
      assets: [
        { id: ids[0], relativePath: 'css\\', fileName: 'a.css' },
        { id: ids[1], relativePath: '\\', fileName: 'b.css' },
      ],
    },
  });
  expect((await completeSession(tokens.session)).json).toEqual(done.json);
});

test('an update: unchanged assets match by their paths, are cancelled and kept; the page keeps its id', async () => {
  const { id, ids } = await bring();
  const started = await startSession({ ...announcement, webPageId: id }, 'update');
  const tokens = tokensOf(started);
  for (const [index, [token, said]] of assetsOf(tokens).entries()) {
    const facts = { ...said, fileSize: css.length, shA1Hash: sha1(css), virtualPath: '\\' };
    const matched = await startAsset(tokens.session, token, facts);
    expect(matched).toMatchObject({ status: 200, type: vnd('content.upload.negotiation.status') });
    expect(matched.json['matchingFiles']).toMatchObject([{ id: ids[index], virtualPath: '\\' }]);
    const path = `${api}/Sessions/${tokens.session}/Uploads/${token}/`;
    expect((await ask('DELETE', path, { accept: 'application/json' })).status).toBe(204);
  }
  const newer = Buffer.from('<html>2</html>');
  await sendFile(tokens.session, tokens.page, newer, { fileName: 'index.html', relativePath: '\\' });
  const done = await completeSession(tokens.session, {}, pageAccept, 'update');
  expect(done.json).toMatchObject({ contentId: id, state: 'Completed' });
  expect(done.json['assets']).toMatchObject(ids.map((contentId) => ({ contentId })));
  expect((await desk.content(id)).bytes).toEqual(newer);
});

test('an asset that matches goes on where the client accepts the plain status alone', async () => {
  const { id } = await bring();
  const tokens = tokensOf(await startSession({ ...announcement, webPageId: id }, 'update'));
  const [first] = assetsOf(tokens);
  const said = { ...first?.[1], fileSize: css.length, shA1Hash: sha1(css) };
  const plain = await startAsset(tokens.session, first?.[0] ?? '', said, vnd('content.upload.status'));
  expect(plain).toMatchObject({ status: 200, json: { state: 'Started' } });
});

test('a completion whose answer is not accepted is done, and 406; a DELETE after it removes nothing (B3)', async () => {
  const tokens = tokensOf(await startSession(announcement));
  await sendAll(tokens);
  expect((await completeSession(tokens.session, {}, vnd('content.upload.status'))).status).toBe(406);
  const { json } = await lookAt(tokens.session);
  expect(json).toMatchObject({ state: 'Completed' });
  expect((await ask('DELETE', `${api}/Sessions/${tokens.session}/`)).status).toBe(204);
  expect(await desk.exists(Number(json['contentId']))).toBe(true);
  expect((await lookAt(tokens.session)).json).toMatchObject({ state: 'Completed' });
});

test('a session is cancelled with all of its files', async () => {
  const tokens = tokensOf(await startSession(announcement));
  expect(await ask('DELETE', `${api}/Sessions/${tokens.session}`)).toMatchObject({ status: 204, text: '' });
  expect((await lookAt(tokens.session)).json).toMatchObject({ state: 'Cancelled' });
  expect((await look(tokens.page, {}, tokens.session)).json).toMatchObject({ state: 'Cancelled' });
  expect((await completeSession(tokens.session)).status).toBe(400);
});

test('a session that lacks a file is not completed, and goes on', async () => {
  const tokens = tokensOf(await startSession(announcement));
  const answer = await completeSession(tokens.session);
  expect(answer.status).toBe(400);
  expect(answer.json['message']).toContain('index.html');
  await sendAll(tokens);
  expect((await completeSession(tokens.session)).status).toBe(200);
});

test('a session is one for SOAP, and the other way round', async () => {
  const tokens = tokensOf(await startSession(announcement));
  await sendAll(tokens);
  const done = await desk.completeSession({ SessionToken: tokens.session });
  expect(done.get('State')).toBe('Completed');
  const soap = await desk.startSession({ FileName: 'x.html', FileSize: html.length }, []);
  expect((await lookAt(soap.get('SessionToken') ?? '')).json).toMatchObject({ name: 'x', state: 'Queued' });
});

test('open sessions are listed, page by page', async () => {
  const names = ['One', 'Two', 'Three'];
  for (const name of names) await startSession({ ...announcement, name });
  await bring();
  const accept = vnd('webpage.upload.status.pagedlist');
  const first = await ask('GET', `${api}/Sessions/?pageSize=2`, { accept });
  expect(first).toMatchObject({ status: 200, type: accept });
  expect(first.json).toMatchObject({ isTruncated: true, pageSize: 2, totalItemCount: 3, items: [{}, {}] });
  const next = String(first.json['nextMarker']);
  const second = await ask('GET', `${api}/Sessions/?marker=${next}&pageSize=2`, { accept });
  expect(second.json).toMatchObject({ isTruncated: false, nextMarker: null, items: [{}] });
  const items = [first, second].flatMap(({ json }) => json['items'] as readonly Said[]);
  expect(items.map(({ name }) => name)).toEqual(names);
  expect((await ask('GET', `${api}/Sessions/`, { accept, as: 'bob' })).json).toMatchObject({ totalItemCount: 0 });
  expect((await ask('GET', `${api}/Sessions/?filter=x`, { accept })).status).toBe(400);
});

test('a file is found under its own session alone; none can be added', async () => {
  const one = tokensOf(await startSession(announcement));
  const two = tokensOf(await startSession({ ...announcement, name: 'Other' }));
  expect((await look(one.page, {}, two.session)).status).toBe(404);
  expect((await look(one.page)).status).toBe(404);
  expect((await look(one.page, { as: 'bob' }, one.session)).status).toBe(404);
  const added = await ask('POST', `${api}/Sessions/${one.session}/Uploads/`, {
    body: { fileName: 'c.css', fileSize: 1 },
    type: vnd('start.content.upload.arguments'),
  });
  expect(added.status).toBe(400);
  const named = await ask('POST', `${api}/Sessions/${one.session}/Uploads/`, {
    body: { fileName: 'a.css', fileSize: css.length, uploadToken: one.assets[0] },
    type: vnd('start.webpage.asset.upload.arguments'),
  });
  expect(named).toMatchObject({ status: 201, json: { state: 'Started', sessionToken: one.session } });
});

test('with plain JSON a file of a session is started, and then completed (B3)', async () => {
  const tokens = tokensOf(await startSession(announcement));
  const token = tokens.assets[0] ?? '';
  const put = (body: Said) =>
    ask('PUT', `${api}/Sessions/${tokens.session}/Uploads/${token}/`, { body, type: 'application/json' });
  expect((await put({ fileSize: css.length })).json).toMatchObject({ state: 'Started' });
  await chunk(token, 0, css, {}, tokens.session);
  expect((await put({})).json).toMatchObject({ state: 'Completed' });
});

test('arguments of a session are changed without a change of state', async () => {
  const tokens = tokensOf(await startSession(announcement));
  const changed = await ask('PUT', `${api}/Sessions/${tokens.session}/`, {
    body: { name: 'Renamed', assets: [{ uploadToken: tokens.assets[0], shA1Hash: sha1(css) }] },
    accept: status,
    type: vnd('webpage.upload.arguments'),
  });
  expect(changed).toMatchObject({ status: 200, json: { name: 'Renamed', state: 'Queued' } });
  expect(changed.json['assets']).toMatchObject([{ shA1Hash: sha1(css), state: 'Queued' }, { shA1Hash: null }]);
});

test.each([
  [{ assets: 'none' }, /list/],
  [{ assets: ['x'] }, /object/],
  [{ assets: [{ fileName: '' }] }, /^Asset 1/],
  [{ assets: [{ fileName: 'a', relativePath: '..\\' }] }, /^Asset 1/],
  [{ assets: [{ fileName: 'a' }, { fileName: 'a' }] }, /twice/],
  [{ name: 'a'.repeat(129) }, /name/],
  [{ fileName: '' }, /name/],
  [{ webPageId: 'x' }, /webPageId/],
])('%j is 400 with a sentence (A6)', async (wrong, message) => {
  const answer = await startSession({ ...announcement, ...wrong });
  expect(answer.status).toBe(400);
  expect(answer.json['message']).toMatch(message);
});

test('a page without assets will do; the message may have 2 MiB', async () => {
  expect((await startSession({ fileName: 'index.html', fileSize: 1 })).status).toBe(201);
  const padding = 'x'.repeat(2 * 2 ** 20);
  expect((await startSession({ ...announcement, padding })).status).toBe(413);
  expect((await startSession({ ...announcement, webPageId: 4711 }, 'update')).status).toBe(404);
});

test('a session is terminated a day after its last activity', async () => {
  const tokens = tokensOf(await startSession(announcement));
  await sendFile(tokens.session, tokens.assets[0] ?? '', css, { fileName: 'a.css', relativePath: 'css\\' });
  desk.server().clock.advance(24 * 60 * 60 * 1000 + 1);
  await desk.sweep();
  expect((await lookAt(tokens.session)).json).toMatchObject({ state: 'Terminated' });
  expect((await chunk(tokens.page, 0, ten, {}, tokens.session)).status).toBe(400);
});
