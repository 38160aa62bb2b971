import { describe, expect, it } from 'vitest';
import { sha1, useDesk } from './desk.js';

const { append, complete, content, start } = useDesk();

describe('a big file, in small (server/bench/big-file.mjs does it with 4.9 GB)', () => {
  it('goes up in random order by eight streams at once, and has its SHA-1 verified at the end', async () => {
    const chunk = 32 * 1024;
    const count = 320;
    // Nearly all zeros, as in a sparse file, with a number in front of each chunk.
    const whole = Buffer.alloc(chunk * count - 7);
    for (let at = 0; at < count; at += 1) whole.writeUInt32BE(at, at * chunk);
    const args = { FileName: 'big.mov', FileSize: whole.length, ChunksCount: count, SHA1Hash: sha1(whole) };
    const UploadToken = (await start(args)).get('UploadToken') ?? '';
    // The multiples of a number that has no divisor in common with the count: each chunk once, none beside the one before.
    const order = Array.from({ length: count }, (_, index) => ((index * 137) % count) * chunk);
    const stream = async () => {
      for (let at = order.pop(); at !== undefined; at = order.pop())
        expect((await append(UploadToken, at, whole.subarray(at, at + chunk))).get('AppendChunkResult')).toBe('true');
    };
    await Promise.all(Array.from({ length: 8 }, stream));
    const done = await complete({ UploadToken });
    expect(done.get('State')).toBe('Completed');
    const { file, bytes } = await content(done.get('ContentId'));
    expect(bytes.equals(whole)).toBe(true);
    expect(file.versions[0].digests.sha1).toBe(sha1(whole));
  });
});
