import { describe, expect, it } from 'vitest';
import { sha1, useDesk } from './desk.js';
import { assetArgs, idsOf, type PageFile, pagesOf, tokensOf } from './pages.js';

const desk = useDesk();
const { append, cancel, completeSession, content, exists, server, start, startSession, status, sweep } = desk;
const { announce, bring, html, sendFile } = pagesOf(desk);

const day = 24 * 60 * 60 * 1000;
const page = html('<p>one');
const asset = (name: string, text: string, path = '\\'): PageFile => ({ name, path, bytes: Buffer.from(text) });

/** Starts an asset of a session and says what the server has of it: the ids of its matching files. */
const negotiate = async (session: string, token: string, file: PageFile, more = {}) => {
  const answer = await start({ ...assetArgs(file), SessionToken: session, UploadToken: token, ...more });
  const isHit = /StartFileUploadResult [^>]*type="\w+:ContentNegotiationStatus"/.test(answer.xml);
  return { answer, ids: isHit ? answer.all('Id') : [] };
};

describe('an update of a web page (§A10)', () => {
  it('sends what has changed: 38 of 40 assets stay, two are dropped, and are gone a day later', async () => {
    const files = Array.from({ length: 40 }, (_, index) =>
      asset(`a${index}.css`, `asset ${index}`, `css\\${index % 4}\\`),
    );
    const first = await bring(page, files, { Name: 'Big' });
    const next = html('<p>two');
    const list = [...files.slice(0, 38), asset('new.css', 'new')];
    const update = await announce(next, list, { WebPageId: first.id }, 'WebPageUpdateArguments');
    const ofPage = { ContentId: first.id, ContentType: 'WebPage' };
    const sent = await sendFile(update.session, update.page, next, ofPage, 'ContentUpdateArguments');
    // The seed says that both ids are the same.
    expect(sent.get('ContentId')).toBe(first.id);
    let hits = 0;
    let travelled = 0;
    for (const [index, file] of list.entries()) {
      const token = update.assets[index] ?? '';
      const { ids } = await negotiate(update.session, token, file, { VirtualPath: '\\Shared\\Incoming\\' });
      hits += ids.length;
      if (ids.length > 0) {
        expect(ids).toEqual([first.assetIds[index]]);
        expect((await cancel(token)).get('State')).toBe('Cancelled');
      } else {
        await sendFile(update.session, token, file);
        travelled += file.bytes.length;
      }
    }
    expect([hits, travelled]).toEqual([38, 'new'.length]);
    const done = await completeSession({ SessionToken: update.session, WebPageId: first.id });
    const { id, assetIds } = idsOf(done);
    expect(id).toBe(first.id);
    expect(assetIds.slice(0, 38)).toEqual(first.assetIds.slice(0, 38));
    const { file, bytes } = await content(id);
    expect(bytes.toString()).toBe('<p>two');
    expect(file.versions).toHaveLength(2);

    const dropped = first.assetIds.slice(38);
    const areThere = () => Promise.all(dropped.map(exists));
    server().clock.advance(day - 1);
    await sweep();
    expect(await areThere()).toEqual([true, true]);
    server().clock.advance(1);
    await sweep();
    expect(await areThere()).toEqual([false, false]);
    for (const each of assetIds) expect(await exists(each)).toBe(true);
    // Their bytes are gone, too.
    expect(await server().host.ledger.read((facts) => server().host.catalog.unused(facts))).toEqual([]);
  });

  it('is also meant by the name of a page that is there (§A6)', async () => {
    const { id } = await bring(page, [], { Name: 'Lakes' });
    const again = await bring(html('<p>again'), [], { Name: 'lakes' });
    expect(again.id).toBe(id);
    expect((await content(id)).bytes.toString()).toBe('<p>again');
    expect((await bring(page, [], { Name: 'Ponds' })).id).not.toBe(id);
  });

  it('keeps an asset that is named by its id and not sent', async () => {
    const first = await bring(page, [asset('a.css', 'a'), asset('b.css', 'b')]);
    const [a = ''] = first.assetIds;
    const args = { FileName: 'index.html', FileSize: page.bytes.length, WebPageId: first.id };
    const started = await startSession(
      args,
      [
        { FileName: 'a.css', WebPageAssetId: a },
        { FileName: 'c.css', WebPageAssetId: 999_999 },
      ],
      'WebPageUpdateArguments',
    );
    const { session, page: main, assets } = tokensOf(started);
    await sendFile(session, main, page);
    // Not an asset of that page.
    expect((await completeSession({ SessionToken: session })).fault).toMatch(/c\.css has not been uploaded/);
    await sendFile(session, assets[1] ?? '', asset('c.css', 'c'));
    const wrong = { SessionToken: session };
    const list = [{ FileName: 'a.css', SHA1Hash: sha1(Buffer.from('other')) }, { FileName: 'c.css' }];
    expect((await completeSession(wrong, list)).fault).toMatch(/a\.css has the SHA1 hash/);
    const done = idsOf(await completeSession({ SessionToken: session }));
    expect(done.assetIds[0]).toBe(a);
  });

  it('must bring the HTML file, and no content of another id', async () => {
    const first = await bring(page, [], { Name: 'One' });
    const other = await bring(page, [], { Name: 'Two' });
    const update = await announce(page, [], { WebPageId: first.id }, 'WebPageUpdateArguments');
    expect((await completeSession({ SessionToken: update.session })).fault).toMatch(/has not been uploaded/);
    const wrong = { FileName: 'i.html', ContentId: other.id, SessionToken: update.session, UploadToken: update.page };
    expect((await start(wrong, undefined, 'ContentUpdateArguments')).fault).toMatch(/is not that of the web page/);
    const fresh = await announce(page, [], { Name: 'Three' });
    const none = { ...wrong, SessionToken: fresh.session, UploadToken: fresh.page };
    expect((await start(none, undefined, 'ContentUpdateArguments')).fault).toMatch(/no content with the id/);
    const unknown = { FileName: 'i.html', WebPageId: 999_999 };
    expect((await startSession(unknown, [], 'WebPageUpdateArguments')).fault).toMatch(/no content with the id 999999/);
  });

  it('cannot take the name of another page', async () => {
    await bring(page, [], { Name: 'One' });
    const two = await bring(page, [], { Name: 'Two' });
    const update = await announce(page, [], { WebPageId: two.id, Name: 'one' }, 'WebPageUpdateArguments');
    await sendFile(update.session, update.page, page);
    expect((await completeSession({ SessionToken: update.session })).fault).toMatch(/named one already/);
    expect((await completeSession({ SessionToken: update.session, Name: 'Three' })).fault).toBeNull();
  });
});

describe('content negotiation within a session (§A10)', () => {
  it('asks for the same path, name, size and hash, and only in an update', async () => {
    const css = asset('a.css', 'a', 'css\\');
    const first = await bring(page, [css], { Name: 'Page' });
    const fresh = await announce(page, [css], { Name: 'Other' });
    expect((await negotiate(fresh.session, fresh.assets[0] ?? '', css)).ids).toEqual([]);
    const moved = { ...css, path: 'styles\\' };
    const update = await announce(page, [css, moved, asset('b.css', 'a', 'css\\')], { Name: 'Page' });
    const [one = '', two = '', three = ''] = update.assets;
    // bcc writes the path with a slash before it (§B4).
    const hit = await negotiate(update.session, one, css, { RelativePath: '\\css\\', VirtualPath: '\\My\\' });
    expect(hit.ids).toEqual(first.assetIds);
    expect(hit.answer.xml).toContain('VirtualPath>\\My\\<');
    expect((await negotiate(update.session, two, moved)).ids).toEqual([]);
    expect((await negotiate(update.session, three, asset('b.css', 'a', 'css\\'))).ids).toEqual([]);
    expect((await negotiate(update.session, one, { ...css, bytes: Buffer.from('b') })).ids).toEqual([]);
    expect((await negotiate(update.session, one, css, { SHA1Hash: '' })).ids).toEqual([]);
  });

  it('leaves the upload usable for a client that does not care', async () => {
    const css = asset('a.css', 'a');
    const first = await bring(page, [css]);
    const update = await announce(page, [css]);
    const [token = ''] = update.assets;
    expect((await negotiate(update.session, token, css)).ids).toEqual(first.assetIds);
    await sendFile(update.session, update.page, page);
    const sent = await sendFile(update.session, token, css);
    expect(sent.get('State')).toBe('Completed');
    const { assetIds } = idsOf(await completeSession({ SessionToken: update.session }));
    expect(assetIds).toEqual([sent.get('ContentId')]);
    expect(assetIds).not.toEqual(first.assetIds);
  });

  it('keeps what was cancelled after a match only as long as it is there', async () => {
    const css = asset('a.css', 'a');
    const first = await bring(page, [css]);
    const update = await announce(page, [css]);
    const [token = ''] = update.assets;
    await negotiate(update.session, token, css);
    await cancel(token);
    expect((await negotiate(update.session, token, css)).answer.fault).toMatch(/cancelled/);
    // Meanwhile somebody drops it, and a day goes by.
    await bring(html('<p>none'), []);
    server().clock.advance(day - 1);
    await append(update.page, 0, page.bytes);
    server().clock.advance(2);
    await sweep();
    expect(await exists(first.assetIds[0] ?? '')).toBe(false);
    await sendFile(update.session, update.page, page);
    expect((await completeSession({ SessionToken: update.session })).fault).toMatch(/a\.css has not been uploaded/);
    expect((await status(update.page)).get('State')).toBe('Completed');
  });

  it('makes an orphan a part of its page again', async () => {
    const css = asset('a.css', 'a');
    const first = await bring(page, [css]);
    const update = await announce(page, [css]);
    const [token = ''] = update.assets;
    await negotiate(update.session, token, css);
    await cancel(token);
    await sendFile(update.session, update.page, page);
    await bring(html('<p>none'), []);
    expect(idsOf(await completeSession({ SessionToken: update.session })).assetIds).toEqual(first.assetIds);
    server().clock.advance(3 * day);
    await sweep();
    expect(await exists(first.assetIds[0] ?? '')).toBe(true);
  });
});

describe('an asset that went wrong', () => {
  it('begins anew under its token, with another size if need be (§A9)', async () => {
    const css = asset('a.css', 'right');
    const { session, page: main, assets } = await announce(page, [css]);
    const [token = ''] = assets;
    const tokens = { SessionToken: session, UploadToken: token };
    await start({ FileName: 'a.css', FileSize: 5, SHA1Hash: sha1(css.bytes), ...tokens });
    await append(token, 0, Buffer.from('wrong'));
    const { fault } = await desk.complete(tokens);
    expect(fault).toMatch(/SHA1 hash/);
    expect((await status(token)).get('State')).toBe('Corrupted');
    expect((await start({ FileName: 'a.css', FileSize: 3, SHA1Hash: '', ...tokens })).get('FileSize')).toBe('3');
    expect((await sendFile(session, token, css)).get('State')).toBe('Completed');
    await sendFile(session, main, page);
    const { assetIds } = idsOf(await completeSession({ SessionToken: session }));
    expect((await content(assetIds[0] ?? '')).bytes).toEqual(css.bytes);
  });
});
