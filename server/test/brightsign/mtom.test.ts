import { describe, expect, it } from 'vitest';
import { basic, envelope, ten, useDesk } from './desk.js';
import { idsOf, tokensOf } from './pages.js';

const desk = useDesk();
const { append, complete, completeSession, content, server } = desk;

const include = (id: string) => `<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:${id}"/>`;

/** Sends an operation as MTOM, with these attachments; gives the answer's XML. */
const send = async (body: string, attachments: Readonly<Record<string, string | Buffer>>) => {
  const part = (id: string, type: string, bytes: string | Buffer) => [
    Buffer.from(`--b\r\nContent-Type: ${type}\r\nContent-ID: <${id}>\r\n\r\n`),
    Buffer.from(bytes),
    Buffer.from('\r\n'),
  ];
  const parts = [
    ...part('root', 'application/xop+xml; charset=UTF-8; type="text/xml"', envelope(body)),
    ...Object.entries(attachments).flatMap(([id, bytes]) => part(id, 'application/octet-stream', bytes)),
    Buffer.from('--b--\r\n'),
  ];
  const answer = await fetch(server().url + basic, {
    method: 'POST',
    headers: {
      'content-type':
        'multipart/related; type="application/xop+xml"; boundary="b"; start="<root>"; start-info="text/xml"',
    },
    body: Buffer.concat(parts),
  });
  return { type: answer.headers.get('content-type') ?? '', xml: await answer.text() };
};
const textOf = (xml: string, name: string) => new RegExp(`<(?:\\w+:)?${name}[^>]*>([^<]*)<`).exec(xml)?.[1] ?? '';

describe('MTOM (§A2)', () => {
  it('carries chunks, and thumbnails within arguments', async () => {
    const thumb = Buffer.from('picture');
    const args = `<d:FileName>a.png</d:FileName><d:FileSize>10</d:FileSize><d:FileThumb>${include('t@x')}</d:FileThumb>`;
    const started = await send(`<t:StartFileUpload><t:args>${args}</t:args></t:StartFileUpload>`, { 't@x': thumb });
    const token = textOf(started.xml, 'UploadToken');
    const place = `<t:uploadToken>${token}</t:uploadToken><t:data>${include('d@x')}</t:data><t:offset>0</t:offset>`;
    const sent = await send(`<t:AppendChunk>${place}</t:AppendChunk>`, { 'other@x': 'ignored', 'd@x': ten });
    expect(textOf(sent.xml, 'AppendChunkResult')).toBe('true');
    const done = await content((await complete({ UploadToken: token })).get('ContentId'));
    expect(done.bytes).toEqual(ten);
    expect((await content((done.file.metadata as { thumb: number }).thumb)).bytes).toEqual(thumb);
  });

  it('carries the thumbnails of a page and of its assets, which may be the same', async () => {
    const asset = (name: string, id: string) =>
      `<d:A><d:FileName>${name}</d:FileName><d:FileThumb>${include(id)}</d:FileThumb></d:A>`;
    const args = `<d:FileName>p.html</d:FileName><d:FileThumb>${include('p')}</d:FileThumb><d:Assets>${asset('a', 'a')}${asset('b', 'a')}</d:Assets>`;
    const body = `<t:StartWebPageUploadSession><t:args>${args}</t:args></t:StartWebPageUploadSession>`;
    const started = await send(body, { a: 'one', p: 'two' });
    const { session, page, assets } = tokensOf({
      xml: started.xml,
      get: (name: string) => textOf(started.xml, name),
    } as Parameters<typeof tokensOf>[0]);
    for (const token of [page, ...assets]) {
      await append(token, 0, ten);
      await complete({ UploadToken: token });
    }
    const { id, assetIds } = idsOf(await completeSession({ SessionToken: session }));
    const thumbs = [];
    for (const each of [id, ...assetIds]) {
      const { thumb } = (await content(each)).file.metadata as { thumb: number };
      thumbs.push((await content(thumb)).bytes.toString());
    }
    expect(thumbs).toEqual(['two', 'one', 'one']);
  });

  it('without the part that is referred to, or with one that is too large, is refused', async () => {
    const body = `<t:StartFileUpload><t:args><d:FileName>a</d:FileName><d:FileThumb>${include('t')}</d:FileThumb></t:args></t:StartFileUpload>`;
    expect(textOf((await send(body, { other: 'x' })).xml, 'Message')).toMatch(/no part t/);
    expect(textOf((await send(body, { t: Buffer.alloc(3_000_000) })).xml, 'Message')).toMatch(/more than/);
    expect(textOf((await send(body, { t: Buffer.alloc(600_000) })).xml, 'Message')).toMatch(/more than 524288 bytes/);
  });
});
