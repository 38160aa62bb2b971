import { describe, expect, it } from 'vitest';
import { type Args, flatOf, sha1, useDesk } from './desk.js';
import { idsOf, pagesOf, tokensOf } from './pages.js';

const desk = useDesk();
const { append, call, cancel, complete, completeSession, content, exists, server, sessionStatus, start } = desk;
const { startSession, status, sweep } = desk;
const { announce, bring, html, sendFile } = pagesOf(desk);

const day = 24 * 60 * 60 * 1000;
const page = html('<link href="css/a.css"><img src="b.png">');
const css = { name: 'a.css', path: 'css\\', bytes: Buffer.from('body{}') };
const png = { name: 'b.png', bytes: Buffer.from('not quite a picture') };
const assets = [css, png];

describe('a web page (§A10)', () => {
  it('goes up file by file and is published when the session completes', async () => {
    const started = await startSession({ FileName: 'index.html', FileSize: page.bytes.length, Name: 'Lakes' }, [
      { FileName: 'a.css', RelativePath: '/css' },
      { FileName: 'b.png', RelativePath: '\\' },
    ]);
    expect(started.status).toBe(200);
    expect(started.all('State')).toEqual(['Queued', 'Queued', 'Queued']);
    expect(started.get('Name')).toBe('Lakes');
    const { session, page: main, assets: tokens } = tokensOf(started);
    expect(new Set([session, main, ...tokens]).size).toBe(4);
    // In the order of the request (§A10).
    expect(started.all('FileName')).toEqual(['index.html', 'a.css', 'b.png']);

    // bcc brings the HTML file last (§A10): no order is imposed.
    expect((await sendFile(session, tokens[1] ?? '', png)).get('State')).toBe('Completed');
    expect((await status(main)).get('State')).toBe('Queued');
    expect((await sessionStatus(session)).get('State')).toBe('Uploading');
    const asset = await sendFile(session, tokens[0] ?? '', css);
    // bcc feeds it back as WebPageAssetId (§A7).
    expect(Number(asset.get('ContentId'))).toBeGreaterThan(0);
    expect(asset.get('SessionToken')).toBe(session);
    const file = await sendFile(session, main, page, { ContentType: 'WebPage' });
    expect(file.get('State')).toBe('Completed');
    expect((await sessionStatus(session)).get('State')).toBe('Uploaded');

    const done = await completeSession({ SessionToken: session, FileName: 'index.html' });
    const { id, assetIds } = idsOf(done);
    expect(done.xml).toContain('<a:State>Completed</a:State><a:UploadToken>');
    expect(id).toBe(file.get('ContentId'));
    expect(assetIds[0]).toBe(asset.get('ContentId'));
    const stored = await content(id);
    expect(stored).toMatchObject({ path: ['Shared', 'Incoming'], bytes: page.bytes });
    expect(stored.file.metadata).toMatchObject({
      contentType: 'WebPage',
      page: {
        name: 'Lakes',
        assets: [
          { id: Number(assetIds[0]), relativePath: 'css\\', fileName: 'a.css' },
          { id: Number(assetIds[1]), relativePath: '\\', fileName: 'b.png' },
        ],
      },
    });
    expect((await content(assetIds[0] ?? '')).bytes).toEqual(css.bytes);
  });

  it('completes once, and answers the same again', async () => {
    const { session, id, done } = await bring(page, assets);
    const again = await completeSession({ SessionToken: session });
    expect(again.xml).toBe(done.xml);
    expect((await sessionStatus(session)).get('State')).toBe('Completed');
    expect((await content(id)).file.versions).toHaveLength(1);
    expect((await cancel(session)).xml).toContain('nil="true"');
  });

  it('completes once, also when it is told to twice at the same time', async () => {
    const { session, page: main } = await announce(page, []);
    await sendFile(session, main, page);
    const answers = await Promise.all([1, 2, 3].map(() => completeSession({ SessionToken: session })));
    expect(new Set(answers.map((answer) => idsOf(answer).id)).size).toBe(1);
    expect((await content(idsOf(answers[0] ?? (await completeSession({}))).id)).file.versions).toHaveLength(1);
  });

  it('may have no assets, and a name of its own or that of its file (§A6)', async () => {
    const { id } = await bring({ ...page, name: 'lake.view.html' }, []);
    expect((await content(id)).file.metadata).toMatchObject({ page: { name: 'lake.view', assets: [] } });
  });

  it('is refused while a file is missing, which is named, and may complete later', async () => {
    const { session, page: main, assets: tokens } = await announce(page, assets);
    expect((await completeSession({ SessionToken: session })).fault).toMatch(/index\.html of the web page has not/);
    await sendFile(session, main, page);
    await sendFile(session, tokens[1] ?? '', png);
    expect((await completeSession({ SessionToken: session })).fault).toMatch(/asset css\\a\.css has not been uploaded/);
    await sendFile(session, tokens[0] ?? '', css);
    expect((await completeSession({ SessionToken: session })).get('Message')).toBeNull();
  });

  it('takes flat parameters too, its list under the seed’s name and its items under any (§A5)', async () => {
    const started = await call(
      '<t:StartWebPageUpload><t:filename>p.html</t:filename><t:webpageAssets><t:item><t:filename>x.js</t:filename>' +
        '<t:relativePath>js/</t:relativePath></t:item></t:webpageAssets></t:StartWebPageUpload>',
    );
    expect(started.all('FileName')).toEqual(['p.html', 'x.js']);
    const { session, page: main, assets: tokens } = tokensOf(started);
    for (const token of [main, ...tokens]) {
      const tokenArgs = `<t:uploadToken>${token}</t:uploadToken><t:sessionToken>${session}</t:sessionToken>`;
      await call(`<t:StartFileUpload>${tokenArgs}<t:filesize>2</t:filesize></t:StartFileUpload>`);
      await append(token, 0, Buffer.from('ok'), undefined, session);
      await call(`<t:CompleteFileUpload>${tokenArgs}</t:CompleteFileUpload>`);
    }
    const done = await call(
      `<t:CompleteWebPageUploadSession><t:sessionToken>${session}</t:sessionToken></t:CompleteWebPageUploadSession>`,
    );
    expect((await content(idsOf(done).id)).bytes.toString()).toBe('ok');
  });
});

describe('what CompleteWebPageUploadSession specifies', () => {
  it('wins for the page and for each asset (§A6)', async () => {
    const { session, page: main, assets: tokens } = await announce(page, assets, { VirtualPath: '\\One\\' });
    await sendFile(session, main, page);
    await sendFile(session, tokens[0] ?? '', css);
    await sendFile(session, tokens[1] ?? '', png);
    const said = { SessionToken: session, FileName: 'home.html', VirtualPath: '\\Two\\', Name: 'Home' };
    const done = await completeSession(said, [
      { FileName: 'a.css', RelativePath: 'css\\', VirtualPath: '\\Styles\\' },
      { UploadToken: tokens[1] ?? '', FileName: 'c.png', RelativePath: 'img\\' },
    ]);
    const { id, assetIds } = idsOf(done);
    const stored = await content(id);
    expect(stored).toMatchObject({ path: ['Two'], file: { name: 'home.html' } });
    expect(stored.file.metadata).toMatchObject({
      page: {
        name: 'Home',
        assets: [
          { relativePath: 'css\\', fileName: 'a.css' },
          { relativePath: 'img\\', fileName: 'c.png' },
        ],
      },
    });
    // An asset with a path lies in the library, too.
    expect((await content(assetIds[0] ?? '')).path).toEqual(['Styles']);
  });

  it('is checked against what came', async () => {
    const { session, page: main, assets: tokens } = await announce(page, [png]);
    await sendFile(session, main, page);
    await sendFile(session, tokens[0] ?? '', png);
    const name = { FileName: 'b.png' };
    const wrong = await completeSession({ SessionToken: session }, [{ ...name, SHA1Hash: sha1(page.bytes) }]);
    expect(wrong.fault).toMatch(/asset \\b\.png has the SHA1 hash/);
    expect((await completeSession({ SessionToken: session }, [{ ...name, FileSize: 1 }])).fault).toMatch(/19 bytes/);
    const two = [name, { FileName: 'new.png' }];
    expect((await completeSession({ SessionToken: session }, two)).fault).toMatch(/new\.png was not announced/);
    expect((await completeSession({ SessionToken: session }, [name])).fault).toBeNull();
  });
});

describe('a session', () => {
  it('is its owner’s: a stranger’s token is an unknown one (§A6)', async () => {
    const { session, page: main } = await announce(page, []);
    const bob = { user: 'Acme/bob' };
    expect((await sessionStatus(session, bob)).xml).toMatch(/GetWebPageUploadStatusResult [^>]*nil="true"/);
    expect((await completeSession({ SessionToken: session }, [], undefined, bob)).fault).toMatch(/no upload session/);
    const args = { FileName: 'x', SessionToken: session, UploadToken: main };
    expect((await start(args, bob)).fault).toMatch(/no upload/);
    expect((await append(main, 0, page.bytes, bob, session)).fault).toMatch(/no upload/);
    expect((await sessionStatus('nobody')).xml).toContain('nil="true"');
    expect((await completeSession({ SessionToken: 'nobody' })).fault).toMatch(/no upload session/);
    expect((await completeSession({})).fault).toMatch(/session token must not be empty/);
  });

  it('must own the uploads that it is named with (§A6)', async () => {
    const one = await announce(page, []);
    const other = await announce(page, [], { Name: 'Other' });
    const mixed = { FileName: 'x', FileSize: 1, SessionToken: one.session, UploadToken: other.page };
    expect((await start(mixed)).fault).toMatch(/no upload session/);
    expect((await append(other.page, 0, Buffer.from('x'), undefined, one.session)).fault).toMatch(/no upload session/);
    expect((await complete(mixed)).fault).toMatch(/no upload session/);
    expect((await start({ FileName: 'x', SessionToken: one.session })).fault).toMatch(/token must not be empty/);
    expect((await status(other.page)).get('State')).toBe('Queued');
  });

  it('is found by its primary upload token as well (§A8)', async () => {
    const { session, page: main } = await announce(page, []);
    expect((await sessionStatus(main)).get('SessionToken')).toBe(session);
  });

  it('is cancelled with the last of its uploads, and takes nothing more', async () => {
    const { session, page: main, assets: tokens } = await announce(page, [png]);
    await cancel(main);
    expect((await sessionStatus(session)).get('State')).not.toBe('Cancelled');
    // The workflow's CancelFileUpload names both tokens.
    const both = `<t:sessionToken>${session}</t:sessionToken><t:uploadToken>${tokens[0]}</t:uploadToken>`;
    expect((await call(`<t:CancelFileUpload>${both}</t:CancelFileUpload>`)).get('UploadToken')).toBe(tokens[0]);
    expect((await sessionStatus(session)).get('State')).toBe('Cancelled');
    expect((await completeSession({ SessionToken: session })).fault).toMatch(/cancelled/);
  });

  it('ends 24 hours after the last activity of any of its files; what it had is gone a day later (part C)', async () => {
    const { session, page: main, assets: tokens } = await announce(page, [png]);
    const asset = await sendFile(session, tokens[0] ?? '', png);
    const id = asset.get('ContentId');
    server().clock.advance(day - 1);
    await start({ FileName: 'index.html', FileSize: 5, SessionToken: session, UploadToken: main });
    server().clock.advance(day - 1);
    await sweep();
    // Its asset is older than a day by now, and waits for the session.
    expect([await exists(id), (await sessionStatus(session)).get('State')]).toEqual([true, 'Uploading']);
    server().clock.advance(1);
    await sweep();
    expect((await sessionStatus(session)).get('State')).toBe('Terminated');
    expect((await status(main)).get('State')).toBe('Terminated');
    expect((await append(main, 0, Buffer.from('x'))).fault).toMatch(/terminated/);
    server().clock.advance(2 * day);
    await sweep();
    expect(await exists(id)).toBe(false);
  });

  it('refuses messages over 2 MiB, which other calls may have (§A6)', async () => {
    const many = (bytes: number) => [
      { FileName: 'x.png', RelativePath: 'x\\' },
      { FileName: 'y', Junk: 'z'.repeat(bytes) },
    ];
    const tooLarge = await startSession({ FileName: 'p.html' }, many(2 * 2 ** 20));
    expect(tooLarge.status).toBe(500);
    expect(tooLarge.get('faultstring')).toBe('The creator of this fault did not specify a Reason.');
    expect(tooLarge.fault).toMatch(/more than 2097152 bytes/);
    expect((await startSession({ FileName: 'p.html' }, many(2 * 2 ** 20 - 5_000))).get('State')).toBe('Queued');
    expect((await completeSession({ SessionToken: 'x' }, many(2 * 2 ** 20))).fault).toMatch(/more than 2097152 bytes/);
    expect((await append('nobody', 0, Buffer.alloc(3 * 2 ** 20))).fault).toMatch(/no upload with this/);
  });
});

describe('parameters of a session (§A6)', () => {
  const file = { FileName: 'p.html', FileSize: 3 };
  const rules: [string, Args, Args[], RegExp][] = [
    ['no file name', { FileSize: 3 }, [], /must not be empty/],
    ['a page of negative size', { ...file, FileSize: -1 }, [], /must not be negative/],
    ['a page over 5 GB', { ...file, FileSize: 5_000_000_001 }, [], /greater than 5000000000/],
    ['a name of 129 characters', { ...file, Name: 'n'.repeat(129) }, [], /128 characters/],
    ['a negative page id', { ...file, WebPageId: -1 }, [], /must not be negative/],
    ['an asset without a name', file, [{ FileSize: 3 }], /Asset 1: The file name must not be empty/],
    ['an asset with a bad name', file, [{ FileName: 'a' }, { FileName: 'a/b' }], /Asset 2: The file name is not valid/],
    ['an asset over 5 GB', file, [{ FileName: 'a', FileSize: 5_000_000_001 }], /Asset 1: .*5000000000/],
    ['an asset that climbs', file, [{ FileName: 'a', RelativePath: '..\\x\\' }], /relative path is not valid/],
    ['an asset of no known kind', file, [{ FileName: 'a', ContentType: 'Smell' }], /ContentType/],
    ['a long virtual path', file, [{ FileName: 'a', VirtualPath: `\\${'b'.repeat(127)}\\` }], /128/],
    ['a hash that is none', file, [{ FileName: 'a', SHA1Hash: '12' }], /40 hexadecimal/],
    ['an asset that is there twice', file, [{ FileName: 'a' }, { FileName: 'a', RelativePath: '/' }], /there twice/],
  ];
  it.each(rules)('%s is refused with a descriptive error', async (_what, args, list, words) => {
    const type = 'WebPageId' in args ? 'WebPageUpdateArguments' : undefined;
    const items = list.map((asset) => `<t:item>${flatOf(asset)}</t:item>`).join('');
    const flat = `${flatOf(args)}<t:webpageAssets>${items}</t:webpageAssets>`;
    for (const answer of [
      await startSession(args, list, type),
      await call(`<t:StartWebPageUploadSession>${flat}</t:StartWebPageUploadSession>`),
    ]) {
      expect(answer.get('faultstring')).toBe('The creator of this fault did not specify a Reason.');
      expect(answer.fault).toMatch(words);
    }
  });

  it('5,000,000,000 bytes are accepted, for the page and for an asset', async () => {
    const huge = { FileSize: 5_000_000_000 };
    expect((await startSession({ ...file, ...huge }, [{ FileName: 'a', ...huge }])).get('State')).toBe('Queued');
  });

  it('a thumbnail that came with the session is kept with the page', async () => {
    const thumb = Buffer.from('picture');
    const args = { ...file, FileSize: page.bytes.length, FileThumb: thumb.toString('base64') };
    const { session, page: main } = tokensOf(await startSession(args, []));
    await sendFile(session, main, page);
    const { id } = idsOf(await completeSession({ SessionToken: session }));
    const { thumb: kept } = (await content(id)).file.metadata as { thumb: number };
    expect((await content(kept)).bytes).toEqual(thumb);
  });

  it('a viewer may start none, and who may not update cannot update a page', async () => {
    const victor = { user: 'Acme/victor' };
    expect((await startSession(file, [], undefined, victor)).fault).toMatch(/Upload Content/);
    expect((await completeSession({ SessionToken: 'x' }, [], undefined, victor)).fault).toMatch(/Upload Content/);
    const { id } = await bring(page, [], { Name: 'Mine' });
    await server().host.accounts.add({ name: 'carl', password: 'secret', role: 'contributor' });
    const carl = { user: 'Acme/carl' };
    for (const args of [
      { ...file, WebPageId: id },
      { ...file, Name: 'MINE' },
    ])
      expect((await startSession(args, [], undefined, carl)).fault).toMatch(/Update Content/);
    expect((await startSession({ ...file, Name: 'Other' }, [], undefined, carl)).fault).toBeNull();
    expect((await start({ FileName: 'x', ContentId: id }, carl, 'ContentUpdateArguments')).fault).toMatch(
      /Update Content/,
    );
  });
});
