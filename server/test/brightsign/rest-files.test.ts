import { describe, expect, test } from 'vitest';
import { sha1, ten, useDesk } from './desk.js';
import { acceptAll, api, useRest, vnd } from './rest-desk.js';

const desk = useDesk();
const { ask, start, begin, complete, chunk, look } = useRest({}, desk.server);
const status = vnd('content.upload.status');

describe('a file that stands alone (B2, B4)', () => {
  test('is started with 201, told with a null session, and completed with its content id', async () => {
    const started = await start({ fileName: 'lake.png', fileSize: 10, shA1Hash: sha1(ten).toUpperCase() });
    expect(started).toMatchObject({ status: 201, type: status });
    expect(started.json).toEqual({
      sessionToken: null,
      uploadToken: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
      contentId: 0,
      fileName: 'lake.png',
      fileSize: 10,
      shA1Hash: sha1(ten).toUpperCase(),
      state: 'Started',
      startTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      endTime: null,
      lastActivityTime: expect.stringMatching(/Z$/),
      chunks: [],
    });
    const token = String(started.json['uploadToken']);
    expect(await chunk(token, 5, ten.subarray(5))).toMatchObject({ status: 201, text: '' });
    expect((await look(token)).json).toMatchObject({
      state: 'Uploading',
      chunks: [
        { count: 0, length: 5, state: 'Queued' },
        { count: 1, length: 5, state: 'Uploaded' },
      ],
    });
    expect((await complete(token)).status).toBe(400);
    await chunk(token, 0, ten.subarray(0, 5));
    expect((await look(token)).json).toMatchObject({ state: 'Uploaded' });
    const done = await complete(token, { virtualPath: '\\Shared\\Lakes\\' });
    expect(done).toMatchObject({ status: 200, type: status, json: { state: 'Completed', sessionToken: null } });
    const { bytes, path } = await desk.content(String(done.json['contentId']));
    expect(bytes).toEqual(ten);
    expect(path).toEqual(['Shared', 'Lakes']);
    expect((await complete(token)).json).toEqual(done.json);
  });

  test('routes match in any letter case, with and without a slash, also `chunks?offset=` (B1)', async () => {
    const started = await ask('POST', '/upload/2019/03/rest/sessions/none/uploads', {
      body: { fileName: 'a.png', fileSize: 10 },
      type: vnd('start.content.upload.arguments'),
    });
    expect(started.status).toBe(201);
    const token = String(started.json['uploadToken']);
    const path = `/UPLOAD/2017/01/REST/sessions/None/uploads/${token}`;
    expect((await ask('POST', `${path}/chunks?offset=0`, { body: ten, type: 'application/octet-stream' })).status).toBe(
      201,
    );
    expect((await ask('GET', path)).status).toBe(200);
  });

  test('what was begun by REST goes on by SOAP, and the other way round', async () => {
    const rest = await begin();
    expect((await desk.append(rest, 0, ten)).get('AppendChunkResult')).toBe('true');
    expect((await desk.status(rest)).get('State')).toBe('Uploaded');
    expect((await desk.complete({ UploadToken: rest })).get('State')).toBe('Completed');
    expect((await look(rest)).json).toMatchObject({ state: 'Completed' });

    const soap = await desk.begin();
    expect((await chunk(soap, 0, ten)).status).toBe(201);
    expect((await complete(soap)).json).toMatchObject({ state: 'Completed' });
    expect((await desk.status(soap)).get('State')).toBe('Completed');
  });

  test('a content is overwritten by its id, and keeps it', async () => {
    const first = await begin();
    await chunk(first, 0, ten);
    const id = (await complete(first)).json['contentId'];
    const next = await ask('POST', `${api}/Sessions/None/Uploads/`, {
      body: { fileName: 'lake.png', fileSize: 3, contentId: id },
      type: vnd('start.content.update.arguments'),
    });
    const token = String(next.json['uploadToken']);
    await chunk(token, null, 'new');
    const done = await complete(token, {}, { type: vnd('complete.content.update.arguments') });
    expect(done.json).toMatchObject({ contentId: id, state: 'Completed' });
    expect((await desk.content(Number(id))).bytes.toString()).toBe('new');
    expect((await start({ fileName: 'a.png', fileSize: 1, contentId: 999_999 })).status).toBe(404);
  });

  test('an empty file has no chunks at all', async () => {
    const token = await begin({ fileSize: 0 });
    expect((await complete(token)).json).toMatchObject({ state: 'Completed', fileSize: 0 });
  });

  test('is cancelled with 204; what nobody knows is 404', async () => {
    const token = await begin();
    const path = `${api}/Sessions/None/Uploads/${token}/`;
    expect(await ask('DELETE', path, { accept: 'application/json' })).toMatchObject({ status: 204, text: '' });
    expect((await look(token)).json).toMatchObject({ state: 'Cancelled' });
    expect((await chunk(token, 0, ten)).status).toBe(400);
    for (const method of ['GET', 'DELETE'])
      expect((await ask(method, `${api}/Sessions/None/Uploads/unknown/`)).status).toBe(404);
    expect((await look(token, { as: 'bob' })).status).toBe(404);
  });

  test('arguments are changed without a change of state by the types that say neither start nor complete', async () => {
    const token = await begin();
    const path = `${api}/Sessions/None/Uploads/${token}/`;
    const changed = await ask('PUT', path, {
      body: { fileName: 'pond.png' },
      type: vnd('content.upload.arguments'),
    });
    expect(changed).toMatchObject({ status: 200, json: { fileName: 'pond.png', state: 'Started' } });
    const other = await ask('PUT', path, { body: { fileSize: 11 }, type: vnd('content.upload.arguments') });
    expect(other.status).toBe(400);
  });
});

describe('chunks (B2, A9)', () => {
  test('without an offset begin at 0; a repeated one is no error', async () => {
    const token = await begin();
    for (const _ of [1, 2]) expect((await chunk(token, null, ten)).status).toBe(201);
    expect((await complete(token)).json).toMatchObject({ state: 'Completed' });
  });

  test.each([-1, 'x', 11])('at offset %s are 400', async (offset) => {
    const token = await begin();
    const path = `${api}/Sessions/None/Uploads/${token}/Chunks/?offset=${offset}`;
    const answer = await ask('POST', path, { body: ten, type: 'application/octet-stream' });
    expect(answer).toMatchObject({ status: 400, type: 'application/vnd.bsn.error+json' });
    expect(answer.json['message']).toMatch(/\.$/);
  });

  test('are listed as runs, and refused as a form', async () => {
    const token = await begin();
    await chunk(token, 0, ten);
    const path = `${api}/Sessions/None/Uploads/${token}/Chunks/`;
    const list = await ask('GET', path, { accept: vnd('upload.content.chunk.status.list') });
    expect(list).toMatchObject({ status: 200, type: vnd('upload.content.chunk.status.list') });
    expect(list.json).toEqual([{ count: 1, length: 10, state: 'Uploaded' }]);
    expect((await ask('POST', path, { body: 'x', type: 'multipart/form-data; boundary=x' })).status).toBe(415);
  });

  test('while the server goes down are 500, which a client repeats', async () => {
    const token = await begin();
    await desk.server().host.engine.drain();
    expect((await chunk(token, 0, ten)).status).toBe(500);
  });
});

describe('parameters (A6)', () => {
  test.each<[Record<string, unknown>]>([
    [{ fileName: '' }],
    [{ fileName: 'a'.repeat(129) }],
    ...['a/b', 'a\\b', 'a:b', 'a*', 'a?', 'a"', 'a<', 'a>', 'a|', 'a\u0001', '.', '..', 'a.', 'a '].map(
      (fileName): [Record<string, unknown>] => [{ fileName }],
    ),
    [{ fileSize: -1 }],
    [{ fileSize: 5_000_000_001 }],
    [{ fileSize: 1.5 }],
    [{ fileSize: 'ten' }],
    [{ chunksCount: -1 }],
    [{ virtualPath: `\\${'a'.repeat(127)}\\` }],
    [{ shA1Hash: 'beef' }],
    [{ mediaType: 'Song' }],
    [{ fileLastModifiedDate: 'yesterday' }],
    [{ fileThumb: '!' }],
    [{ fileName: 7 }],
  ])('%j is 400 with a sentence', async (wrong) => {
    const answer = await start({ fileName: 'lake.png', fileSize: 10, ...wrong });
    expect(answer).toMatchObject({ status: 400, type: 'application/vnd.bsn.error+json' });
    expect(answer.json).toEqual({ error: 'BadRequest', message: expect.stringMatching(/\.$/) });
  });

  test.each([
    [{ fileName: 'a'.repeat(128) }],
    [{ fileSize: 5_000_000_000 }],
    [{ fileSize: '10' }],
    [{ virtualPath: `\\${'a'.repeat(126)}\\` }],
    [{ virtualPath: '\\' }],
    [{ virtualPath: '' }],
    [{ shA1Hash: '' }],
    [{ sha1Hash: `SHA1:${sha1(ten)}` }],
    [{ mediaType: 'Webpage' }],
    [{ mediaType: 'auxiliary' }],
    [{ fileLastModifiedDate: '0001-01-01 00:00:00Z' }],
    [{ fileThumb: ten.toString('base64') }],
    [{ uploadPath: 'unknown', tags: { a: 'b' } }],
    [{ webPageAssetId: 0, contentId: 0, sessionToken: null, uploadToken: '' }],
  ])('%j is taken', async (right) => {
    expect((await start({ fileName: 'lake.png', fileSize: 10, ...right })).status).toBe(201);
  });

  test('keys are read in any letter case', async () => {
    const answer = await start({ FILENAME: 'lake.png', FileSize: 10, SHA1HASH: sha1(ten) });
    expect(answer.json).toMatchObject({ fileName: 'lake.png', fileSize: 10, shA1Hash: sha1(ten) });
  });

  test('what is said at the completion wins', async () => {
    const token = await begin({ shA1Hash: 'a'.repeat(40), virtualPath: '\\A\\' });
    await chunk(token, 0, ten);
    const done = await complete(token, { fileName: 'b.png', shA1Hash: sha1(ten), virtualPath: '\\B\\' });
    expect(done.json).toMatchObject({ state: 'Completed', fileName: 'b.png' });
    expect((await desk.content(Number(done.json['contentId']))).path).toEqual(['B']);
  });

  test('a wrong hash is 400, and the upload corrupted; it may begin anew', async () => {
    const token = await begin({ shA1Hash: 'a'.repeat(40) });
    await chunk(token, 0, ten);
    expect((await complete(token)).status).toBe(400);
    expect((await look(token)).json).toMatchObject({ state: 'Corrupted' });
    const again = await ask('PUT', `${api}/Sessions/None/Uploads/${token}/`, {
      body: { fileName: 'lake.png', fileSize: 10 },
      type: vnd('start.content.upload.arguments'),
    });
    expect(again).toMatchObject({ status: 200, json: { state: 'Started', uploadToken: token } });
  });
});

describe('negotiation (A10, B3)', () => {
  const bring = async (mediaType = 'Auto') => {
    const token = await begin({ virtualPath: '\\Shared\\', mediaType });
    await chunk(token, 0, ten);
    return (await complete(token)).json['contentId'];
  };
  const same = { fileName: 'lake.png', fileSize: 10, shA1Hash: sha1(ten), virtualPath: '\\Shared\\' };

  test('tells the files that match, by id and path', async () => {
    const id = await bring();
    const answer = await start(same);
    expect(answer).toMatchObject({ status: 201, type: vnd('content.upload.negotiation.status') });
    expect(answer.json['matchingFiles']).toEqual([
      {
        id,
        fileName: 'lake.png',
        virtualPath: '\\Shared\\',
        mediaType: 'Image',
        fileSize: 10,
        shA1Hash: sha1(ten),
        uploadDate: expect.stringMatching(/Z$/),
      },
    ]);
  });

  test('is 406 where the client accepts the plain status alone, and nothing is left open', async () => {
    await bring();
    expect((await start(same, { accept: status })).status).toBe(406);
    expect(await desk.server().host.engine.list({ states: ['open'] })).toEqual([]);
    expect((await start({ ...same, fileName: 'other.png' }, { accept: status })).status).toBe(201);
  });

  test('tells the kinds that SOAP has no word for', async () => {
    await bring('Text');
    const answer = await start(same);
    expect(answer.json['matchingFiles']).toMatchObject([{ mediaType: 'Text' }]);
  });
});

describe('media types (B3)', () => {
  const body = { fileName: 'a.png', fileSize: 1 };

  test.each([
    [null, 406],
    ['text/html', 406],
    [vnd('webpage.upload.status'), 406],
    ['*/*', 201],
    ['application/json', 201],
    ['application/json, text/plain, */*', 201],
    [`text/html, ${status};q=0.5`, 201],
    [`${status};q=0`, 406],
  ])('Accept %s: %i', async (accept, expected) => {
    // undici sends */* of its own.
    const answer = await start(body, accept === null ? { accept: '' } : { accept });
    expect(answer.status).toBe(expected);
  });

  test('the version is the one that was asked for; JSON where nothing else is accepted', async () => {
    const old = vnd('content.upload.status', '201701');
    expect((await start(body, { accept: old })).type).toBe(old);
    expect((await start(body, { accept: '*/*' })).type).toBe(status);
    expect((await start(body, { accept: 'application/json' })).type).toBe('application/json');
  });

  test.each([
    ['text/plain', 415],
    [vnd('start.webpage.upload.arguments'), 406],
    [vnd('complete.content.upload.arguments'), 406],
    ['application/json', 201],
    [`${vnd('start.content.upload.arguments', '201701')}; charset=utf-8`, 201],
  ])('Content-Type %s: %i', async (type, expected) => {
    expect((await start(body, { type })).status).toBe(expected);
  });

  test('a body that is no object is 400, one that is too large 413', async () => {
    for (const wrong of ['', '{', '[]', 'null', '"x"']) expect((await start(wrong)).status).toBe(400);
    expect((await start({ ...body, fileThumb: 'A'.repeat(4 * 2 ** 20) })).status).toBe(413);
  });
});

describe('who asks', () => {
  test('needs to be known, and to have the permission', async () => {
    const body = { fileName: 'a.png', fileSize: 1 };
    const stranger = await start(body, { as: null });
    expect(stranger).toMatchObject({ status: 401, type: 'application/vnd.bsn.error+json' });
    expect(stranger.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect((await start(body, { as: 'victor' })).status).toBe(403);
  });

  test('is told 412 where there was activity since', async () => {
    const token = await begin();
    const path = `${api}/Sessions/None/Uploads/${token}/`;
    const long = { 'if-unmodified-since': 'Thu, 01 Jan 2015 00:00:00 GMT' };
    expect((await ask('DELETE', path, { accept: acceptAll, headers: long })).status).toBe(412);
    const now = { 'if-unmodified-since': new Date(desk.server().clock.now()).toUTCString() };
    expect((await ask('DELETE', path, { headers: now })).status).toBe(204);
  });
});
