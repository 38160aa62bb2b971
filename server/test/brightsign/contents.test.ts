import { describe, expect, it } from 'vitest';
import { sha1, ten, useDesk } from './desk.js';

const { append, begin, complete, content, start, status } = useDesk();

describe('a content that is there already', () => {
  const bring = async (args: Record<string, string | number> = {}) => {
    const token = await begin({ VirtualPath: '\\Pool\\', ...args });
    await append(token, 0, ten);
    return (await complete({ UploadToken: token })).get('ContentId') ?? '';
  };

  it('is told of when the hash is (§A10)', async () => {
    const id = await bring();
    const answer = await start({ FileName: 'lake.png', FileSize: 10, SHA1Hash: sha1(ten) });
    expect(answer.xml).toMatch(/StartFileUploadResult [^>]*type="\w+:ContentNegotiationStatus"/);
    expect(answer.get('Id')).toBe(id);
    expect(answer.xml).toContain('VirtualPath>\\Pool\\<');
    const without = await start({ FileName: 'lake.png', FileSize: 10 });
    expect(without.xml).not.toContain('MatchingFiles');
    const other = await start({ FileName: 'pond.png', FileSize: 10, SHA1Hash: sha1(ten) });
    expect(other.xml).not.toContain('MatchingFiles');
  });

  it('is overwritten by its id, which stays (§A11)', async () => {
    const id = await bring();
    const update = { FileName: 'lake.png', FileSize: 3, ContentId: id };
    const token = (await start(update, undefined, 'ContentUpdateArguments')).get('UploadToken') ?? '';
    await append(token, 0, Buffer.from('new'));
    expect((await complete({ UploadToken: token })).get('ContentId')).toBe(id);
    const { file, bytes } = await content(id);
    expect(bytes.toString()).toBe('new');
    expect(file.versions).toHaveLength(2);
    expect((await start({ ...update, ContentId: 999_999 }, undefined, 'ContentUpdateArguments')).fault).toMatch(
      /no content with the id 999999/,
    );
  });

  it('stays in its folder when it is overwritten, unless another is named', async () => {
    const id = await bring();
    for (const [path, expected] of [
      [{}, ['Pool']],
      [{ VirtualPath: '\\Lake\\' }, ['Lake']],
    ] as const) {
      const update = { FileName: 'lake.png', FileSize: 3, ContentId: id, ...path };
      const token = (await start(update, undefined, 'ContentUpdateArguments')).get('UploadToken') ?? '';
      await append(token, 0, Buffer.from('new'));
      await complete({ UploadToken: token });
      expect((await content(id)).path).toEqual(expected);
    }
  });

  it('keeps a thumbnail that came with it, which is no upload to be asked about (§A6)', async () => {
    const thumb = Buffer.from('not really a picture');
    const token = await begin({ FileSize: 0, FileThumb: thumb.toString('base64') });
    const done = await complete({ UploadToken: token });
    const { file } = await content(done.get('ContentId'));
    const kept = await content((file.metadata as { thumb: number }).thumb);
    expect(kept.bytes).toEqual(thumb);
    expect((await status(kept.file.versions[0].upload)).xml).toMatch(/GetFileUploadStatusResult [^>]*nil="true"/);
  });

  it('gets a twin where its name and folder come again without its id (§A11)', async () => {
    expect(await bring()).not.toBe(await bring());
  });
});
