import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { algorithms } from '../../src/engine/digests.js';
import { chunk, create, eachWithServer, listFiles, offsetOf, patch, send } from './calls.js';

eachWithServer();

describe('checksums', () => {
  const digest = (algorithm: string, bytes: string): string => {
    if (algorithm !== 'crc32') return createHash(algorithm).update(bytes).digest('base64');
    const four = Buffer.alloc(4);
    four.writeUInt32BE(crc32(bytes));
    return four.toString('base64');
  };

  test.each(algorithms)('%s in a header', async (algorithm) => {
    const url = await create({ 'upload-length': 5 });
    const wrong = await patch(url, 0, 'hello', { 'upload-checksum': `${algorithm} ${digest(algorithm, 'hullo')}` });
    expect(wrong.status).toBe(460);
    expect(await offsetOf(url)).toBe('0');
    const right = await patch(url, 0, 'hello', { 'upload-checksum': `${algorithm} ${digest(algorithm, 'hello')}` });
    expect(right.status).toBe(204);
    expect(await listFiles()).toHaveLength(1);
  });

  const trailing = (url: string, trailers: Record<string, string>) =>
    send('PATCH', url, {
      headers: { ...chunk, 'upload-offset': 0, trailer: 'Upload-Checksum' },
      body: 'hello',
      trailers,
    });

  test.each(algorithms)('%s in a trailer', async (algorithm) => {
    const url = await create({ 'upload-length': 5 });
    expect((await trailing(url, { 'Upload-Checksum': `${algorithm} ${digest(algorithm, 'hullo')}` })).status).toBe(460);
    expect(await offsetOf(url)).toBe('0');
    expect((await trailing(url, { 'Upload-Checksum': `${algorithm} ${digest(algorithm, 'hello')}` })).status).toBe(204);
    expect(await listFiles()).toHaveLength(1);
  });

  test('a trailer that was announced and does not come, or is not one, is refused', async () => {
    const url = await create({ 'upload-length': 5 });
    for (const trailers of [{}, { 'Upload-Checksum': 'sha1 x' }, { 'Upload-Checksum': 'sha3 AAAA' }] as Record<
      string,
      string
    >[])
      expect((await trailing(url, trailers)).status).toBe(400);
    expect(await offsetOf(url)).toBe('0');
    expect((await patch(url, 0, 'hello')).status).toBe(204);
  });

  test.each(['sha3 AAAA', 'sha1', 'sha1 AAAA', 'sha1 !', 'SHA1 qvTGHdzF6KLavt4PO0gs2a6pQ00='])(
    '%j is refused',
    async (checksum) => {
      const url = await create({ 'upload-length': 5 });
      expect((await patch(url, 0, 'hello', { 'upload-checksum': checksum })).status).toBe(400);
      expect(await offsetOf(url)).toBe('0');
    },
  );
});
