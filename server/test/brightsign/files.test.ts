import { describe, expect, it } from 'vitest';
import { sha1, ten, useDesk } from './desk.js';

const { append, begin, cancel, complete, content, start, status, server } = useDesk();

describe('a file', () => {
  it('goes up in chunks in any order and becomes a content (§A10)', async () => {
    const started = await start({ FileName: 'lake.png', FileSize: 10, ChunksCount: 2, SHA1Hash: sha1(ten) });
    expect(started.status).toBe(200);
    expect(started.type).toBe('text/xml; charset=utf-8');
    expect(started.get('State')).toBe('Started');
    expect(started.get('ChunksTotal')).toBe('2');
    expect(started.get('SHA1Hash')).toBe(sha1(ten));
    expect(started.get('ContentId')).toBeNull();
    const token = started.get('UploadToken') ?? '';
    expect((await append(token, 6, ten.subarray(6))).get('AppendChunkResult')).toBe('true');
    expect((await status(token)).get('State')).toBe('Uploading');
    await append(token, 0, ten.subarray(0, 6));
    expect((await status(token)).get('State')).toBe('Uploaded');
    const done = await complete({ UploadToken: token });
    expect(done.get('State')).toBe('Completed');
    const { file, path, bytes } = await content(done.get('ContentId'));
    expect(path).toEqual(['Shared', 'Incoming']);
    expect(file).toMatchObject({ name: 'lake.png', dialect: 'brightsign', metadata: { contentType: 'Image' } });
    expect(bytes).toEqual(ten);
    // §A9: completing what is completed answers the same again.
    const again = await complete({ UploadToken: token });
    expect(again.xml).toBe(done.xml);
  });

  it('may be empty (§A6)', async () => {
    const token = await begin({ FileSize: 0 });
    const done = await complete({ UploadToken: token });
    expect(done.get('State')).toBe('Completed');
    expect((await content(done.get('ContentId'))).bytes).toHaveLength(0);
  });

  it('may have a size that nobody told (§A9)', async () => {
    const answer = await start({ FileName: 'a.mp4' });
    const token = answer.get('UploadToken') ?? '';
    await append(token, null, ten.subarray(0, 4));
    await append(token, null, ten.subarray(4));
    const done = await complete({ UploadToken: token });
    expect(done.get('FileSize')).toBe('10');
    const { file, bytes } = await content(done.get('ContentId'));
    expect(bytes).toEqual(ten);
    expect(file.metadata).toMatchObject({ contentType: 'Video' });
  });

  it('goes up by parallel chunks under one token', async () => {
    const whole = Buffer.from(Array.from({ length: 64 * 1024 }, (_, index) => (index * 31) % 251));
    const token = await begin({ FileSize: whole.length });
    const size = 4096;
    const offsets = Array.from({ length: whole.length / size }, (_, index) => index * size).reverse();
    const answers = await Promise.all(offsets.map((at) => append(token, at, whole.subarray(at, at + size))));
    expect(answers.map((answer) => answer.get('AppendChunkResult'))).toEqual(offsets.map(() => 'true'));
    const done = await complete({ UploadToken: token, SHA1Hash: `SHA1:${sha1(whole).toUpperCase()}` });
    expect((await content(done.get('ContentId'))).bytes.equals(whole)).toBe(true);
  });

  it('is answered in SOAP 1.2 when it is sent in it (§A2)', async () => {
    const answer = await start({ FileName: 'a.png' }, { soap12: true });
    expect(answer.type).toMatch(/^application\/soap\+xml/);
    expect(answer.get('State')).toBe('Started');
  });
});

describe('the end of an upload', () => {
  it('with bytes missing is refused, and the rest may still come (§A9)', async () => {
    const token = await begin();
    await append(token, 0, ten.subarray(0, 4));
    expect((await complete({ UploadToken: token })).fault).toMatch(/not complete: 4 of 10 bytes/);
    expect((await status(token)).get('State')).toBe('Uploading');
    await append(token, 4, ten.subarray(4));
    expect((await complete({ UploadToken: token })).get('State')).toBe('Completed');
  });

  it('with another hash is corrupt, and the same token may begin anew (§A9)', async () => {
    const token = await begin({ SHA1Hash: sha1(ten) });
    await append(token, 0, Buffer.from('9876543210'));
    expect((await complete({ UploadToken: token })).fault).toMatch(/SHA1 hash/);
    expect((await status(token)).get('State')).toBe('Corrupted');
    const again = await start({ UploadToken: token, FileName: 'lake.png', FileSize: 10, SHA1Hash: sha1(ten) });
    expect(again.get('UploadToken')).toBe(token);
    expect(again.get('State')).toBe('Started');
    await append(token, 0, ten);
    expect((await complete({ UploadToken: token })).get('State')).toBe('Completed');
  });

  it('by cancelling answers the status, and nil for an unknown token (§A8)', async () => {
    const token = await begin();
    expect((await cancel(token)).get('State')).toBe('Cancelled');
    const unknown = await cancel('nobody');
    expect(unknown.status).toBe(200);
    expect(unknown.xml).toMatch(/<CancelFileUploadResult [^>]*nil="true"/);
    expect((await status('nobody')).xml).toMatch(/<GetFileUploadStatusResult [^>]*nil="true"/);
  });

  it('by time-out is Terminated after 24 hours without a chunk (part C)', async () => {
    const token = await begin();
    const day = 24 * 60 * 60 * 1000;
    server().clock.advance(day - 1);
    await append(token, 0, ten.subarray(0, 1));
    server().clock.advance(day - 1);
    await server().host.engine.expire();
    expect((await status(token)).get('State')).toBe('Uploading');
    server().clock.advance(2);
    await server().host.engine.expire();
    expect((await status(token)).get('State')).toBe('Terminated');
  });
});
