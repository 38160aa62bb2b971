import { describe, expect, it } from 'vitest';
import { type Args, type Sending, sha1, ten, useDesk } from './desk.js';
import { pagesOf } from './pages.js';

const desk = useDesk();
const { append, begin, call, complete, content, exists, post, server, start, sweep } = desk;
const { bring, html } = pagesOf(desk);

const day = 24 * 60 * 60 * 1000;
const path = '/2014/12/SOAP/Basic/';
const arrays = 'http://schemas.microsoft.com/2003/10/Serialization/Arrays';

/** Calls the application service. */
const ask = (operation: string, inner = '', how: Sending = {}) =>
  call(`<t:${operation}>${inner}</t:${operation}>`, { path, ...how });
const ids = (name: string, ...all: (string | null)[]) =>
  `<t:${name} xmlns:b="${arrays}">${all.map((id) => `<b:int>${id}</b:int>`).join('')}</t:${name}>`;

const add = async (args: Args = {}): Promise<string> => {
  const token = await begin({ VirtualPath: '\\Pool\\', ...args });
  await append(token, 0, ten);
  return (await complete({ UploadToken: token })).get('ContentId') ?? '';
};
const listing = (folder: string, marker = '', pageSize = 0) =>
  ask(
    'GetFolderContent',
    `<t:virtualPath>${folder}</t:virtualPath><t:marker>${marker}</t:marker><t:pageSize>${pageSize}</t:pageSize>`,
  );

describe('the application service (§A12)', () => {
  it('tells who calls, and refuses who is nobody', async () => {
    expect((await ask('Authenticate')).get('Login')).toBe('alice');
    expect((await ask('Authenticate', '', { password: 'guess' })).get('faultcode')).toMatch(/:FailedAuthentication$/);
  });

  it('describes itself, with every operation', async () => {
    const wsdl = await (await fetch(`${server().url}/2014/12/SOAP/WSDL/`)).text();
    expect(wsdl).toContain(`<soap:address location="${server().url}${path}"`);
    for (const name of ['Authenticate', 'GetContentFolders', 'GetFolderContent', 'GetContent', 'DeleteContent'])
      expect(wsdl).toContain(`name="${name}"`);
    for (const name of ['MoveContent', 'CreateContentFolder', 'CheckContentUsage', 'GetWebPage', 'DeleteWebPages'])
      expect(wsdl).toContain(`name="${name}"`);
  });

  it('tells of a content all that is known, and gives its bytes to whoever has its address', async () => {
    const id = await add({ FileName: 'lake &amp; sea.png', FileLastModifiedDate: '2015-03-01T10:00:00Z' });
    const told = await ask('GetContent', `<t:contentId>${id}</t:contentId>`);
    expect(told.get('FileHash')).toBe(`SHA1:${sha1(ten).toUpperCase()}`);
    expect(told.get('FileLastModifiedDate')).toBe('2015-03-01T10:00:00Z');
    expect([told.get('FileSize'), told.get('Type'), told.get('VirtualPath')]).toEqual(['10', 'Image', '\\Pool\\']);
    const link = told.get('PhysicalPath') ?? '';
    const bytes = await fetch(link);
    expect(Buffer.from(await bytes.arrayBuffer())).toEqual(ten);
    expect(bytes.headers.get('content-type')).toBe('image/png');
    expect(bytes.headers.get('content-disposition')).toMatch(/^attachment/);
    const part = await fetch(link, { headers: { range: 'bytes=2-4' } });
    expect([part.status, await part.text()]).toEqual([206, '234']);
    expect((await fetch(link.replace(/\/Files\/\d+\/\w/, `/Files/${id}/x`))).status).toBe(404);
    const unknown = await ask('GetContent', '<t:contentId>999</t:contentId>');
    expect(unknown.xml).toMatch(/<GetContentResult [^>]*nil="true"/);
  });

  it('lists folders and what is in them, part by part', async () => {
    for (const name of ['c.png', 'a.mp4', 'b.mp3', 'd.png', 'd.png']) await add({ FileName: name });
    await add({ FileName: 'page.html', ContentType: 'WebPage' });
    await add({ FileName: 'x.png', VirtualPath: '\\Pool\\Deep\\' });
    const folders = await ask('GetContentFolders', '<t:virtualPath>\\Pool</t:virtualPath>');
    expect([folders.all('Name'), folders.all('VirtualPath')]).toEqual([['Deep'], ['\\Pool\\']]);
    expect((await ask('GetContentFolders', '<t:virtualPath>\\None\\</t:virtualPath>')).all('Name')).toEqual([]);

    const all = await listing('\\Pool\\');
    expect(all.all('FileName')).toEqual(['a.mp4', 'b.mp3', 'c.png', 'd.png', 'd.png']);
    expect([all.get('IsTruncated'), all.get('TotalItemCount')]).toEqual(['false', '5']);
    const seen: string[] = [];
    let marker = '';
    for (let turn = 0; turn < 5; turn += 1) {
      const page = await listing('\\Pool\\', marker, 2);
      seen.push(...page.all('FileName'));
      marker = page.get('NextMarker') ?? '';
      if (page.get('IsTruncated') === 'false') break;
    }
    expect(seen).toEqual(['a.mp4', 'b.mp3', 'c.png', 'd.png', 'd.png']);
    expect((await listing('\\None\\')).get('TotalItemCount')).toBe('0');
  });

  it('makes folders, moves and deletes what is in them', async () => {
    const entity = '<t:entity><d:Name>New</d:Name><d:VirtualPath>\\Pool\\</d:VirtualPath></t:entity>';
    const made = await ask('CreateContentFolder', entity);
    expect([made.get('Name'), made.get('VirtualPath')]).toEqual(['New', '\\Pool\\']);
    expect((await ask('CreateContentFolder', entity)).fault).toMatch(/New already/);
    const [one, two] = [await add(), await add({ FileName: 'two.png' })];
    const to = '<t:newVirtualPath>\\Pool\\New\\</t:newVirtualPath>';
    expect((await ask('MoveContent', ids('contentIds', one, '999') + to)).get('MoveContentResult')).toBe('false');
    expect((await content(one)).path).toEqual(['Pool']);
    expect((await ask('MoveContent', ids('contentIds', one, two) + to)).get('MoveContentResult')).toBe('true');
    expect((await content(two)).path).toEqual(['Pool', 'New']);
    expect((await ask('DeleteContent', ids('contentIds', one, '999'))).get('DeleteContentResult')).toBe('false');
    expect((await ask('DeleteContent', ids('contentIds', one))).get('DeleteContentResult')).toBe('true');
    expect(await exists(one)).toBe(false);
    // Folders are deleted by their ids.
    expect((await ask('DeleteContent', ids('contentIds', made.get('Id')))).get('DeleteContentResult')).toBe('true');
    expect(await exists(two)).toBe(false);
    expect((await ask('GetContentFolders', '<t:virtualPath>\\Pool\\</t:virtualPath>')).all('Name')).toEqual([]);
    expect(await server().host.ledger.read((facts) => server().host.catalog.unused(facts))).toEqual([]);
  });

  it('leaves roots, thumbnails and files of other dialects alone', async () => {
    const id = await add({ FileThumb: ten.toString('base64') });
    const { file } = await content(id);
    const { thumb } = file.metadata as { thumb: number };
    for (const other of [String(thumb), '1', '2', '0', '-1'])
      expect((await ask('DeleteContent', ids('contentIds', other))).get('DeleteContentResult')).toBe('false');
    expect((await ask('GetContent', `<t:contentId>${thumb}</t:contentId>`)).xml).toContain('nil="true"');
    expect((await ask('DeleteContent', ids('contentIds', id))).get('DeleteContentResult')).toBe('true');
    expect(await exists(thumb)).toBe(false);
  });

  it('tells of web pages and their assets, which are in use and not deleted', async () => {
    const css = { name: 'a.css', path: 'css\\', bytes: Buffer.from('body{}') };
    const page = await bring(html('<p>'), [css], { Name: 'Lakes' });
    const asked = (load: boolean) => `<t:webPageId>${page.id}</t:webPageId><t:loadAssets>${load}</t:loadAssets>`;
    const told = await ask('GetWebPage', asked(true));
    expect([told.get('Name'), told.get('RelativePath')]).toEqual(['Lakes', 'css\\']);
    expect(told.all('FileHash')).toEqual(
      [css.bytes, Buffer.from('<p>')].map((each) => `SHA1:${sha1(each).toUpperCase()}`),
    );
    const link = told.all('PhysicalPath')[0] ?? '';
    expect(await (await fetch(link)).text()).toBe('body{}');
    expect((await ask('GetWebPage', asked(false))).get('RelativePath')).toBeNull();

    const [asset = ''] = page.assetIds;
    const used = () => ask('CheckContentUsage', `<t:contentId>${asset}</t:contentId>`);
    expect((await used()).get('CheckContentUsageResult')).toBe('true');
    expect((await ask('DeleteContent', ids('contentIds', asset))).get('DeleteContentResult')).toBe('false');
    expect((await ask('DeleteWebPages', ids('webPageIds', page.id, asset))).get('DeleteWebPagesResult')).toBe('false');
    expect((await ask('DeleteWebPages', ids('webPageIds', page.id))).get('DeleteWebPagesResult')).toBe('true');
    expect([await exists(page.id), await exists(asset)]).toEqual([false, true]);
    expect((await used()).get('CheckContentUsageResult')).toBe('false');
    server().clock.advance(day);
    await sweep();
    expect(await exists(asset)).toBe(false);
    expect((await bring(html('<p>'), [], { Name: 'Lakes' })).id).not.toBe(page.id);
  });

  it('asks for permissions: a viewer looks, a contributor adds, and neither deletes', async () => {
    const id = await add();
    const victor = { user: 'Acme/victor' };
    expect((await ask('GetContent', `<t:contentId>${id}</t:contentId>`, victor)).get('Id')).toBe(id);
    const words: [string, string, RegExp][] = [
      ['DeleteContent', ids('contentIds', id), /Delete Content/],
      ['DeleteWebPages', ids('webPageIds', id), /Delete Content/],
      ['MoveContent', ids('contentIds', id), /Update Content/],
      ['CreateContentFolder', '<t:entity><d:Name>x</d:Name></t:entity>', /Upload Content/],
    ];
    for (const [operation, inner, expected] of words)
      expect((await ask(operation, inner, victor)).fault, operation).toMatch(expected);
  });

  it('answers in the caller’s data namespace, which a list of ids says nothing of', async () => {
    const id = await add();
    await ask('DeleteContent', ids('contentIds', '999'));
    const told = await ask('GetContent', `<t:contentId>${id}</t:contentId>`);
    expect(told.xml).not.toContain(arrays);
    expect(told.xml).toContain('BSN.WebServices.Application.DTO.2014.12');
    expect((await post('not xml', { path })).status).toBe(400);
    expect((await start({ FileName: 'a' })).status).toBe(200);
  });
});
