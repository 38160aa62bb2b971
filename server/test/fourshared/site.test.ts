import { describe, expect, it } from 'vitest';
import { as } from '../memory-server.js';
import { alice, eachWithServer, md5, post, server } from './desktop.js';

const ten = Buffer.from('0123456789');

eachWithServer();

const ask = async (method: string, path: string, init: RequestInit = {}) => {
  const reply = await fetch(`${server.url}${path}`, { method, headers: as('alice'), redirect: 'manual', ...init });
  const body = await reply.text();
  return { status: reply.status, headers: reply.headers, json: body === '' ? undefined : JSON.parse(body) };
};

describe('the site’s own calls', () => {
  it('reserve a file, tell which sections of it are there, and finish it', async () => {
    const { json: made } = await ask('POST', '/rest/sharedFileUpload/create?dirId=-1&name=film.bin&size=10');
    expect(made).toMatchObject({ status: true, message: '' });
    expect(made.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/main\/upload\.jsp\?sId=[0-9a-f]{32}&dc=1$/);
    await post(made.url, { file: made.fileId, first: 6, bytes: ten.subarray(6) });
    await post(made.url, { file: made.fileId, first: 0, bytes: ten.subarray(0, 2) });
    await post(made.url, { file: made.fileId, first: 2, bytes: ten.subarray(2, 3) });

    const { json: unfinished } = await ask('GET', '/rest/sharedFileUpload/status?dirId=-1');
    expect(unfinished).toMatchObject([
      { id: made.fileId, name: 'film.bin', size: 10, d1link: '', uploadDir: made.uploadDir, sections: { 0: 3, 6: 4 } },
    ]);
    const headers = { ...as('alice'), 'content-type': 'application/json' };
    const listed = await ask('POST', '/rest/sharedFileUpload/status', { headers, body: `[ ${made.uploadDir}, 7 ]` });
    expect(listed.json).toHaveLength(1);
    expect((await ask('POST', '/rest/sharedFileUpload/status', { headers, body: '[7]' })).json).toEqual([]);
    expect((await ask('GET', '/rest/sharedFileUpload/status', { headers: as('bob') })).json).toEqual([]);

    const again = await ask('POST', '/rest/sharedFileUpload/newUploadUrl', {
      body: new URLSearchParams({ fileId: String(made.fileId) }),
    });
    await post(again.json.url, { file: made.fileId, first: 3, bytes: ten.subarray(3, 6) });
    const finish = `/rest/sharedFileUpload/finish?fileId=${made.fileId}`;
    expect((await ask('POST', `${finish}&md5=${md5(Buffer.from('x'))}`)).json).toMatchObject({ status: false });
    expect((await ask('POST', finish)).json).toEqual({ status: true });
    expect((await ask('GET', '/rest/sharedFileUpload/status')).json).toEqual([]);
    expect((await alice.download(made.fileId)).text).toBe('0123456789');
  });

  it('take a session key in place of credentials', async () => {
    const key = await alice.ask('createUploadSessionKey', -1);
    const file = await alice.start('a.bin', 10);
    const { json } = await ask('GET', `/rest/sharedFileUpload/status?sId=${key}`, { headers: {} });
    expect(json).toMatchObject([{ id: file, url: `${server.url}/main/upload.jsp?sId=${key}&dc=1`, sections: {} }]);
    expect((await ask('GET', '/rest/sharedFileUpload/status?sId=other', { headers: {} })).status).toBe(403);
    expect((await ask('GET', '/rest/sharedFileUpload/status', { headers: {} })).status).toBe(401);
  });

  it('tell the free space, and why a file cannot be reserved', async () => {
    await server.host.accounts.amend('alice', { quota: 100 });
    expect((await ask('GET', '/rest/account/freeSpace?dirId=-1')).json).toEqual({ freeSpace: 100 });
    expect(await ask('POST', '/rest/sharedFileUpload/create?dirId=-1&name=a&size=101')).toMatchObject({
      status: 507,
      json: { status: false, message: 'There is not enough free space in the account.' },
    });
    expect((await ask('POST', '/rest/sharedFileUpload/create?dirId=-1&name=a&size=x')).status).toBe(400);
    expect((await ask('POST', '/rest/sharedFileUpload/create?dirId=7&name=a&size=1')).status).toBe(404);
  });
});

describe('REST v1.2', () => {
  const bytes = { ...as('alice'), 'content-type': 'application/octet-stream' };
  const begin = (said: Record<string, string>) => ask('POST', '/v1_2/upload', { body: new URLSearchParams(said) });

  it('takes a file in one request', async () => {
    const made = await ask('POST', '/v1_2/files.json?folderId=-1&fileName=film.mp4', { headers: bytes, body: ten });
    expect(made).toMatchObject({
      status: 200,
      json: { name: 'film.mp4', size: 10, mimeType: 'video/mp4', md5: md5(ten), status: 'normal' },
    });
    expect(made.json.downloadPage).toContain('/file/');
    expect(await alice.names()).toEqual(['film.mp4']);
    const again = await ask('POST', '/v1_2/files?fileName=FILM.mp4', { headers: bytes, body: ten });
    expect(again).toMatchObject({ status: 403, json: { code: '403.0201' } });
    await server.host.accounts.amend('alice', { quota: 15 });
    expect((await ask('POST', '/v1_2/files?fileName=b.mp4', { headers: bytes, body: ten })).status).toBe(507);
    expect(await alice.names()).toEqual(['film.mp4']);
  });

  it('takes a file whose length is not told', async () => {
    const body = new ReadableStream({
      start: (out) => {
        out.enqueue(ten);
        out.close();
      },
    });
    const init = { headers: bytes, body, duplex: 'half' } as RequestInit;
    expect((await ask('POST', '/v1_2/files?fileName=b.bin', init)).json).toMatchObject({ size: 10, md5: md5(ten) });
  });

  it('takes a file in ranges: 308 while some are missing, 201 with the last', async () => {
    const made = await begin({ name: 'film.bin', folderId: '-1', size: '10' });
    expect(made).toMatchObject({ status: 201, json: { name: 'film.bin', size: 10, receivedBytes: 0 } });
    const { id } = made.json;
    const range = (from: number, to: number, size = 10) =>
      ask('POST', `/v1_2/upload/${id}`, {
        headers: { ...bytes, 'content-range': `bytes ${from}-${to - 1}/${size}` },
        body: ten.subarray(from, to),
      });
    expect((await range(0, 4)).status).toBe(308);
    expect((await ask('GET', `/v1_2/upload/${id}`)).json).toMatchObject({ id, receivedBytes: 4 });
    expect((await range(0, 4, 11)).status).toBe(400);
    expect((await ask('POST', `/v1_2/upload/${id}`, { headers: bytes, body: ten })).status).toBe(400);
    // What is on its way has its name already, abandoned or not.
    expect(await begin({ name: 'film.bin', folderId: '-1', size: '10' })).toMatchObject({
      status: 403,
      json: { code: '403.0201' },
    });
    expect((await range(4, 10)).status).toBe(201);
    expect((await alice.download(Number(id))).text).toBe('0123456789');
    expect((await range(4, 10)).status).toBe(404);
  });

  it('refuses what it cannot take', async () => {
    expect(await ask('POST', '/v1_2/upload?name=a&folderId=-1&size=10')).toMatchObject({
      status: 400,
      json: { code: '400.0504' },
    });
    const nobody = await ask('POST', '/v1_2/upload', { headers: {}, body: new URLSearchParams({ name: 'a' }) });
    expect(nobody).toMatchObject({ status: 401, json: { code: '401.0301' } });
    expect(await ask('GET', '/v1_2/upload/1000099999')).toMatchObject({ status: 404, json: { code: '404.0400' } });
    expect(await begin({ name: 'a', folderId: '7', size: '1' })).toMatchObject({ status: 404 });
  });

  it('takes an API key as the token of OAuth', async () => {
    const { secret } = await server.host.accounts.addKey('alice');
    const authorization = `OAuth oauth_consumer_key="app", oauth_signature_method="PLAINTEXT", oauth_token="${encodeURIComponent(secret)}", oauth_signature="x%26y"`;
    const { status } = await ask('POST', '/v1_2/upload', {
      headers: { authorization },
      body: new URLSearchParams({ name: 'a', size: '1' }),
    });
    expect(status).toBe(201);
  });
});
