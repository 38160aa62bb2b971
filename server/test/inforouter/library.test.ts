import { expect, test } from 'vitest';
import { alice, allWays, call, eachWithServer, logIn, type Parameters, problem, restart, server } from './calls.js';

eachWithServer({ libraries: ['Documents', 'Finance'] });

const ok = { success: 'true' };
const okEmpty = { success: 'true', error: '' };
const all = { withPropertySets: true, withSecurity: true, withOwner: true };
const none = { withPropertySets: false, withSecurity: false, withOwner: false };

const upload = (path: string, text: string, client = alice) =>
  client.call('UploadDocument', { Path: path, FileContent: Buffer.from(text) });

/** What is in an answer: the names of its elements and of all their attributes, and the texts. */
const inside = async (operation: string, parameters: Parameters, client = alice): Promise<string> =>
  (await call(server, operation, { AuthenticationTicket: client.ticket, ...parameters }, 'get')).inside;

const attributeNames = (xml: string): string[] => [...xml.matchAll(/ (\w+)="/g)].map(([, name = '']) => name);
const attributesIn = (xml: string): Record<string, string> =>
  Object.fromEntries([...xml.matchAll(/ (\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));

test('folders are made, found and deleted, in every form of a call', async () => {
  for (const way of allWays) {
    const path = `/Finance/${way}/2026: Q1`;
    const made = await alice.call('CreateFolder', { Path: path }, way);
    expect(made).toEqual({ success: 'true', FolderId: expect.stringMatching(/^\d+$/), FolderName: '2026_ Q1' });
    expect(await alice.call('FolderExists', { Path: path }, way)).toEqual(ok);
    const parts = { FolderPath: `\\finance\\${way}`, FolderName: '2026: Q1' };
    expect(await alice.call('FolderExists1', parts, way)).toEqual(ok);
    expect(await alice.call('CreateFolder', { Path: path }, way)).toEqual(
      problem(4090, 'A folder with this name already exists.'),
    );
    expect(await alice.call('DeleteFolder', { Path: `/Finance/${way}` }, way)).toEqual(ok);
    expect(await alice.call('FolderExists', { Path: path }, way)).toEqual(problem(4041, 'Folder not found.'));
  }
  expect(await alice.call('CreateFolder', { Path: '/Finance' })).toEqual(
    problem(4000, 'Root level folders cannot be created'),
  );
  expect(await alice.call('CreateFolder', { Path: '/Nowhere/x' })).toEqual(problem(4041, 'Folder not found.'));
});

test('without a ticket nothing is told, and a viewer changes nothing', async () => {
  await upload('/Finance/a.txt', 'hello');
  const anybody = await call(server, 'GetDocument', { AuthenticationTicket: 'x', Path: '/Finance/a.txt' });
  expect(anybody.attributes).toEqual(problem(4010, expect.stringMatching(/^\[901\]/)));
  const victor = await logIn(server, 'victor');
  const denied = problem(4030, 'Access denied.');
  const path = { Path: '/Finance/a.txt' };
  expect(await victor.call('DocumentExists', path)).toMatchObject(ok);
  for (const operation of ['DeleteDocument', 'Lock', 'UnLock', 'IsLockPossible'])
    expect(await victor.call(operation, { ...path, force: false })).toEqual(denied);
  for (const operation of ['CreateFolder', 'DeleteFolder'])
    expect(await victor.call(operation, { Path: '/Finance/x' })).toEqual(denied);
  for (const operation of ['Move', 'Copy'])
    expect(await victor.call(operation, { SourcePath: '/Finance/a.txt', DestinationPath: '/Finance/b' })).toEqual(
      denied,
    );
  for (const operation of ['PublishDocument', 'DeleteDocumentVersion'])
    expect(await victor.call(operation, { DocumentPath: '/Finance/a.txt', VersionNumber: 1000000 })).toEqual(denied);
  expect(await upload('/Finance/b', 'x', victor)).toEqual(denied);
});

test('a document exists, with the checksums of its versions', async () => {
  // CRC-32 of "123456789", the standard's check value.
  await alice.call('UploadDocument4', {
    Path: '/Finance/a.txt',
    FileContent: Buffer.from('123456789'),
    xmlParameters: '<parameters><parameter Name="PUBLISHOPTION" Value="DontPublish"/></parameters>',
  });
  const path = { Path: 'finance\\A.TXT' };
  const unpublished = { success: 'true', CRC32LASTVERSION: 'cbf43926', CRC32: '' };
  expect(await alice.call('DocumentExists', path)).toEqual(unpublished);
  expect(await alice.call('PublishDocument', { DocumentPath: '/Finance/a.txt', VersionNumber: 0 })).toEqual(okEmpty);
  const parts = { FolderPath: '/Finance', DocumentName: 'a.txt' };
  expect(await alice.call('DocumentExists1', parts)).toEqual({ ...unpublished, CRC32: 'cbf43926' });
  const missing = problem(4041, 'Document not found.');
  for (const Path of ['/Finance/b', '/Finance', '/Nowhere/a.txt', '~D999', ''])
    expect(await alice.call('DocumentExists', { Path })).toEqual(missing);
  expect(await alice.call('DocumentExists', { Path: '~X1' })).toEqual(problem(4000, 'InvalidDocumentIdentifer'));
  expect(await alice.call('DeleteDocument', path)).toEqual(ok);
  expect(await alice.call('DeleteDocument', path)).toEqual(missing);
  expect(await alice.call('DeleteDocument', { Path: '/Finance' })).toEqual(missing);
});

test('a document is shown with all of its attributes, in the vendor’s order', async () => {
  await alice.call('CreateFolder', { Path: '/Finance/Reports' });
  const { DocumentId = '' } = await upload('/Finance/Reports/Q1.pdf', 'hello');
  await upload('/Finance/Reports/Q1.pdf', 'hello again');
  await alice.call('Lock', { Path: '/Finance/Reports/Q1.pdf' });
  const xml = await inside('GetDocument', { Path: `~D${DocumentId}`, ...none, withVersions: false });
  expect(xml).toMatch(/^<document [^>]*\/>$/);
  // specs/inforouter.md §6.4
  const order =
    'DocumentID, Name, Path, Description, UpdateInstructions, CreationDate, ModificationDate, CheckoutDate, CheckoutBy, ' +
    'CheckoutByUserName, Size, Type, PercentComplete, CompletionDate, Importance, RetentionDate, DispositionDate, CutoffDate, ' +
    'RDDefId, ExpirationDate, RegisterDate, RegisteredBy, DocTypeID, DocTypeName, VersionNumber, PublishedVersionNumber, ' +
    'PublishingRule, OwnerName, WorkflowId, WorkflowName, WorkflowStepNumber, WorkflowStepName, Author, Language, Source, ' +
    'ApprovalStatus, ClassificationLevel, ClassificationLevelId, DeclassifyOn, DomainId, DomainName, DowngradeOn, FolderId, ' +
    'Foldername, IsShortcut, TargetDocumentId, LastISOReviewDate, NextISOReviewDate, OwnerId, RegisterById, TemplateID, ' +
    'VersionCount, UserViewStatus';
  expect(attributeNames(xml)).toEqual(order.split(', '));
  expect(attributesIn(xml)).toMatchObject({
    DocumentID: DocumentId,
    Name: 'Q1.pdf',
    Path: '\\Finance\\Reports',
    CreationDate: '2026-01-01',
    ModificationDate: '2026-01-01',
    CheckoutDate: '2026-01-01',
    CheckoutByUserName: 'alice',
    Size: '11',
    VersionNumber: '1000001',
    PublishedVersionNumber: '1000001',
    PublishingRule: 'LATEST',
    OwnerName: 'alice',
    ClassificationLevel: 'NoMarkings',
    DomainName: 'Finance',
    Foldername: 'Reports',
    IsShortcut: 'FALSE',
    VersionCount: '2',
  });
  const whole = await inside('GetDocument', { Path: '/Finance/Reports/Q1.pdf', ...all, withVersions: true });
  const children =
    /^<document [^>]*><PropertySets \/><AccessList \/><User UserID="\d+" UserName="alice" FullName="alice" \/><Versions>/;
  expect(whole).toMatch(children);
});

test('a folder is shown with all of its attributes, and its rules', async () => {
  const { FolderId = '' } = await alice.call('CreateFolder1', {
    ParentFolderPath: '/Finance',
    NewFolderName: 'Reports',
    Description: 'All & more',
  });
  const xml = await inside('GetFolder', { Path: '/finance/reports', WithRules: false, ...none });
  const order =
    'FolderID, ParentID, Name, Path, Description, CreationDate, OwnerName, DomainId, ClassificationLevel, ClassificationLevelId, ' +
    'DeclassifyOn, DowngradeOn, RDDefId, RetentionDate, DispositionDate, CutoffDate';
  expect(attributeNames(xml)).toEqual(order.split(', '));
  expect(attributesIn(xml)).toMatchObject({
    FolderID: FolderId,
    Name: 'Reports',
    Path: '/Finance/Reports',
    Description: 'All &amp; more',
    CreationDate: '2026-01-01',
    OwnerName: 'alice',
  });
  const library = await inside('GetFolder', { Path: '/Finance', WithRules: true, ...all });
  expect(attributesIn(library.replace(/<Rules>.*/, ''))).toMatchObject({
    Name: 'Finance',
    ParentID: '0',
    OwnerName: '',
  });
  expect(library).toContain('<Rule Name="NewDocuments" Value="allows" />');
  expect(library).toMatch(
    /<\/Rules><PropertySets \/><AccessList \/><User UserID="0" UserName="" FullName="" \/><\/folder>$/,
  );
  expect(await alice.call('GetFolder', { Path: '/' })).toEqual(problem(4041, 'Folder not found.'));
});

test('what is in a folder, at length and in short', async () => {
  await alice.call('CreateFolder', { Path: '/Finance/Reports' });
  await upload('/Finance/b.txt', 'b');
  await upload('/Finance/a.txt', 'a');
  await upload('/Finance/Reports/c.txt', 'c');
  const full = { Path: '/Finance', withrules: false, withpropertysets: false, withsecurity: false, withOwner: false };
  const both = await inside('GetFoldersAndDocuments', { ...full, withVersions: false });
  const named = (xml: string) => [...xml.matchAll(/<(\w+) [^>]*?(?: Name| n)="([^"]*)"/g)].map((each) => each.slice(1));
  const folder = ['folder', 'Reports'];
  const documents = [
    ['document', 'a.txt'],
    ['document', 'b.txt'],
  ];
  expect(named(both)).toEqual([folder, ...documents]);
  expect(named(await inside('GetFolders', { Path: '/Finance', WithRules: false, ...none }))).toEqual([folder]);
  expect(named(await inside('GetDocuments', { Path: '/Finance', ...none, withVersions: false }))).toEqual(documents);
  expect(named(await inside('GetFolders1', { Path: '/' }))).toEqual([
    ['f', 'Documents'],
    ['f', 'Finance'],
  ]);

  const short = await call(server, 'GetFoldersAndDocuments1', { AuthenticationTicket: alice.ticket, Path: '/Finance' });
  expect(short.attributes).toEqual({
    success: 'true',
    error: '',
    folderid: expect.stringMatching(/^\d+$/),
    parentid: '0',
    name: 'Finance',
    path: '/Finance',
    folderfilter: '',
    documentfilter: '',
    itemcount: '3',
  });
  const [f = '', d = ''] = short.inside.match(/<[^>]*>/g) ?? [];
  expect(attributeNames(f)).toEqual(['id', 'n']);
  const order =
    'id, n, mdate, cdate, size, dformat, chkoutbyusername, chkoutbyfullname, version, publishedversion, regdate, dtype';
  expect(attributeNames(d)).toEqual(order.split(', '));
  expect(attributesIn(d)).toMatchObject({ n: 'a.txt', mdate: '2026-01-01', size: '1', version: '1000000', dtype: '0' });
  expect(named(await inside('GetFolders1', { Path: '/Finance' }))).toEqual([['f', 'Reports']]);
  expect(named(await inside('GetDocuments1', { Path: '/Finance' }))).toEqual([
    ['d', 'a.txt'],
    ['d', 'b.txt'],
  ]);
  for (const operation of ['GetFoldersAndDocuments1', 'GetFolders', 'GetDocuments'])
    expect(await alice.call(operation, { Path: '/Finance/none' })).toEqual(problem(4041, 'Folder not found.'));
});

test('dates have a time where the options say so', async () => {
  await restart({ libraries: ['Documents'], listDates: 'second' });
  await upload('/Documents/a', 'a');
  expect(await inside('GetDocuments1', { Path: '/Documents' })).toContain('mdate="2026-01-01 00:00:00"');
});

test('versions are shown, published and deleted', async () => {
  await alice.call('UploadDocument1', {
    Path: '/Finance/a',
    FileContent: Buffer.from('123456789'),
    VersionComment: 'one',
  });
  await upload('/Finance/a', 'two');
  const first =
    '<Version Number="1000000"><VersionAuthor>alice</VersionAuthor><VersionAuthorId>ID</VersionAuthorId>' +
    '<VersionSize>9</VersionSize><CheckSum>cbf43926</CheckSum><DateCreated>2026-01-01T00:00:00.000Z</DateCreated>' +
    '<DatePublished>2026-01-01T00:00:00.000Z</DatePublished><Comment>one</Comment><ApprovalStatus /><ApprovalDate />' +
    '</Version>';
  const versions = (await inside('GetDocumentVersions', { Path: '/Finance/a' })).replace(/(Id>)\d+/g, '$1ID');
  expect(versions).toMatch(/^<Versions>.*<Version Number="1000001">.*<\/Versions>$/);
  expect(versions).toContain(first);
  const one = async (VersionNumber: number) => inside('GetDocumentVersion', { Path: '/Finance/a', VersionNumber });
  expect((await one(1000000)).replace(/(Id>)\d+/, '$1ID')).toBe(first);
  expect(await one(0)).toContain('Number="1000001"');
  const version = (number: number) => ({ DocumentPath: '/Finance/a', VersionNumber: number });
  expect(await alice.call('PublishDocument', version(1000000))).toEqual(okEmpty);
  expect(await one(0)).toContain('Number="1000000"');
  const notFound = problem(4041, 'Specified version cannot be found.');
  expect(await alice.call('GetDocumentVersion', { Path: '/Finance/a', VersionNumber: 1000002 })).toEqual(notFound);
  const tooLow = /^Invalid argument exception\. Version numbers cannot be less than 1000000/;
  for (const operation of ['PublishDocument', 'DeleteDocumentVersion'])
    expect(await alice.call(operation, version(3))).toEqual(problem(4000, expect.stringMatching(tooLow)));
  expect(await alice.call('DeleteDocumentVersion', version(1000000))).toEqual(ok);
  expect(await alice.call('DeleteDocumentVersion', version(1000000))).toEqual(notFound);
});

test('locks, of one document and of a folder’s', async () => {
  await upload('/Finance/a', 'a');
  await upload('/Finance/b', 'b');
  const bob = await logIn(server, 'bob');
  const path = { Path: '/Finance/a' };
  expect(await bob.call('IsLockPossible', path)).toEqual(okEmpty);
  expect(await bob.call('Lock', path)).toEqual(okEmpty);
  const held = problem(4000, 'Document is checked out by bob.');
  expect(await alice.call('IsLockPossible', path)).toEqual(held);
  expect(await alice.call('Lock', path)).toEqual(held);
  expect(await upload('/Finance/a', 'new')).toEqual(held);
  const folder = await call(server, 'Lock', { AuthenticationTicket: alice.ticket, Path: '/Finance' });
  expect(folder.attributes).toEqual(problem(4000, '[log]'));
  expect(folder.inside).toBe('<log><item>a</item><error>Document is checked out by bob.</error></log>');
  expect(await alice.call('UnLock', { ...path, force: false })).toEqual(
    problem(4000, 'The document is not locked by you.'),
  );
  const root = await logIn(server, 'root');
  expect(await root.call('UnLock', { Path: '/Finance', force: true })).toEqual(okEmpty);
  expect(await alice.call('UnLock', { ...path, force: false })).toEqual(okEmpty);
  expect(await upload('/Finance/a', 'new')).toMatchObject({ success: 'true', VersionId: '1000001' });
});

test('documents and folders move and are copied; bytes stay as long as somebody has them', async () => {
  await alice.call('CreateFolder', { Path: '/Finance/Archive' });
  await upload('/Finance/a', '123456789');
  const to = (SourcePath: string, DestinationPath: string) => ({ SourcePath, DestinationPath });
  expect(await alice.call('Move', to('/Finance/a', '/Finance/Archive/b'))).toEqual(okEmpty);
  expect(await alice.call('Copy', to('/Finance/Archive', '/Documents/Copy'))).toEqual(ok);
  expect(await alice.call('DeleteFolder', { Path: '/Finance/Archive' })).toEqual(ok);
  const reply = await fetch(
    `${server.url}/srv.asmx/DownloadDocument?AuthenticationTicket=${alice.ticket}&Path=/Documents/Copy/b`,
  );
  expect(await reply.text()).toBe('123456789');
  expect(await alice.call('Move', to('/Documents/none', '/Documents/x'))).toEqual(problem(4041, 'Document not found.'));
  const usage = () => server.host.ledger.read((facts) => facts.get('usage/alice'));
  expect(await usage()).toMatchObject({ held: 9 });
  expect(await alice.call('DeleteDocument', { Path: '/Documents/Copy/b' })).toEqual(ok);
  expect(await usage()).toBeUndefined();
  expect(await server.host.ledger.read((facts) => server.host.catalog.unused(facts))).toEqual([]);
});
