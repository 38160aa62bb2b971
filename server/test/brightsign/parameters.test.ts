import { describe, expect, it } from 'vitest';
import { argsOf, flatOf, sha1, ten, useDesk } from './desk.js';

const { append, begin, call, complete, content, start } = useDesk();

describe('parameters (§A6)', () => {
  const rules: [string, Record<string, string | number>, RegExp][] = [
    ['an empty file name', { FileName: '' }, /must not be empty/],
    ['a blank file name', { FileName: '  ' }, /must not be empty/],
    ['a missing file name', { FileSize: 3 }, /must not be empty/],
    ['a file name of 129 characters', { FileName: 'a'.repeat(129) }, /more than 128 characters/],
    ...['a\\b', '../b', 'C:b', 'b*', 'b?', 'b"', 'b&lt;', 'b&gt;', 'b|', 'b\t', 'b&#10;c', '.', '..', 'b.', 'b '].map(
      (name): [string, Record<string, string>, RegExp] => [`the file name ${name}`, { FileName: name }, /not valid/],
    ),
    ['a negative file size', { FileName: 'a', FileSize: -1 }, /must not be negative/],
    ['a file size over 5 GB', { FileName: 'a', FileSize: 5_000_000_001 }, /not be greater than 5000000000/],
    ['a file size that is no number', { FileName: 'a', FileSize: '12x' }, /FileSize/],
    ['a huge file size', { FileName: 'a', FileSize: '9'.repeat(30) }, /FileSize/],
    ['a negative number of chunks', { FileName: 'a', ChunksCount: -1 }, /must not be negative/],
    ['a negative content id', { FileName: 'a', ContentId: -1 }, /must not be negative/],
    ['a content id that is no number', { FileName: 'a', ContentId: 'x' }, /ContentId/],
    ['an unknown content type', { FileName: 'a', ContentType: 'Hologram' }, /ContentType/],
    ['a date that is none', { FileName: 'a', FileLastModifiedDate: 'yesterday' }, /FileLastModifiedDate/],
    ['a virtual path of 129 characters', { FileName: 'a', VirtualPath: `\\${'b'.repeat(127)}\\` }, /more than 128/],
    ['a virtual path that climbs', { FileName: 'a', VirtualPath: '\\..\\..\\etc\\' }, /not valid/],
    ['a hash that is none', { FileName: 'a', SHA1Hash: 'xyz' }, /40 hexadecimal digits/],
    ['a thumbnail that is not base64', { FileName: 'a', FileThumb: '###' }, /FileThumb/],
  ];
  const forms = rules.flatMap(([what, args, message]) => [
    { what, message, body: argsOf(args) },
    { what: `flat, ${what}`, message, body: flatOf(args) },
  ]);
  it.each(forms)('$what is refused with a descriptive error', async ({ body, message }) => {
    const answer = await call(`<t:StartFileUpload>${body}</t:StartFileUpload>`);
    expect(answer.status).toBe(500);
    // §A11, compared to the letter by a client.
    expect(answer.get('faultstring')).toBe('The creator of this fault did not specify a Reason.');
    expect(answer.get('faultcode')).toBe('s:Client');
    expect(answer.xml).toContain('FileUploadFault');
    expect(answer.fault).toMatch(message);
  });

  const accepted: [string, Record<string, string | number>][] = [
    ['a file name of 128 characters', { FileName: 'a'.repeat(128) }],
    ['exactly 5 GB', { FileName: 'a', FileSize: 5_000_000_000 }],
    ['the root', { FileName: 'a', VirtualPath: '\\' }],
    ['a virtual path of 128 characters', { FileName: 'a', VirtualPath: `\\${'b'.repeat(126)}\\` }],
    ['a kind of content in lower case', { FileName: 'a', ContentType: 'webpage' }],
    ['the year 1', { FileName: 'a', FileLastModifiedDate: '0001-01-01T00:00:00' }],
    ['zeros and Auto, as WCF sends them', { FileName: 'a', ChunksCount: 0, FileSize: 0, ContentType: 'Auto' }],
  ];
  it.each(accepted)('%s is accepted', async (_what, args) => {
    expect((await start(args)).get('State')).toBe('Started');
  });

  it('says how many chunks there will be, and may be wrong about it', async () => {
    const token = await begin({ ChunksCount: 7 });
    await append(token, 0, ten);
    const done = await complete({ UploadToken: token });
    expect([done.get('State'), done.get('ChunksTotal')]).toEqual(['Completed', '7']);
  });

  it.each([
    ['a.mp4', 'Audio', 'Audio'],
    ['a.mp4', 'Auto', 'Video'],
    ['a.xyz', 'Auto', 'Image'],
  ])('the content %s of type %s is taken for a kind of %s', async (FileName, ContentType, kind) => {
    const token = await begin({ FileName, FileSize: 0, ContentType });
    const id = (await complete({ UploadToken: token })).get('ContentId');
    const asked = `<t:GetContent><t:contentId>${id}</t:contentId></t:GetContent>`;
    expect((await call(asked, { path: '/2014/12/SOAP/Basic/' })).get('Type')).toBe(kind);
  });

  it('a hash is told as it was received', async () => {
    const hash = `SHA1:${sha1(ten).toUpperCase()}`;
    expect((await start({ FileName: 'a', FileSize: 10, SHA1Hash: hash })).get('SHA1Hash')).toBe(hash);
  });

  it('a chunk may have 16 MiB', async () => {
    const large = Buffer.alloc(16 * 2 ** 20, 'longshore');
    const token = await begin({ FileSize: large.length });
    expect((await append(token, 0, large)).get('AppendChunkResult')).toBe('true');
    expect((await complete({ UploadToken: token, SHA1Hash: sha1(large) })).get('State')).toBe('Completed');
  });

  it('puts slashes right and makes missing folders', async () => {
    const token = await begin({ FileSize: 0, VirtualPath: '/Shared//Deep\\er' });
    const done = await complete({ UploadToken: token });
    expect((await content(done.get('ContentId'))).path).toEqual(['Shared', 'Deep', 'er']);
    const without = await complete({ UploadToken: await begin({ FileSize: 0 }) });
    expect((await content(without.get('ContentId'))).path).toEqual(['Shared', 'Incoming']);
  });

  it('of CompleteFileUpload win over those of StartFileUpload, where specified', async () => {
    const token = await begin({ FileSize: 3, VirtualPath: '\\One\\', FileName: 'a.mp3' });
    await append(token, 0, Buffer.from('abc'));
    const done = await complete({ UploadToken: token, FileName: 'b.mp3', VirtualPath: '\\Two\\', ContentType: 'Auto' });
    const { file, path } = await content(done.get('ContentId'));
    expect(path).toEqual(['Two']);
    expect(file).toMatchObject({ name: 'b.mp3', metadata: { contentType: 'Audio' } });
  });

  it.each(['<t:uploadToken/>', '<t:uploadToken i:nil="true"/>', ''])('an empty token is refused: %s', async (token) => {
    const chunk = await call(`<t:AppendChunk>${token}<t:data>QUJD</t:data><t:offset>0</t:offset></t:AppendChunk>`);
    expect(chunk.fault).toMatch(/upload token must not be empty/);
    const done = await call(`<t:CompleteFileUpload><t:args/></t:CompleteFileUpload>`);
    expect(done.fault).toMatch(/upload token must not be empty/);
  });

  it('a negative offset is refused, 0 is not (§A8)', async () => {
    const token = await begin();
    expect((await append(token, -1, ten)).fault).toMatch(/must not be negative/);
    expect((await append(token, 0, ten)).get('AppendChunkResult')).toBe('true');
  });

  it('may be flat, in any order and letter case (§A5)', async () => {
    const answer = await call(
      `<t:StartFileUpload><t:filesize>3</t:filesize><t:FILENAME>flat.png</t:FILENAME><t:sha1Hash/></t:StartFileUpload>`,
    );
    expect(answer.get('FileName')).toBe('flat.png');
    expect(answer.get('FileSize')).toBe('3');
  });
});
