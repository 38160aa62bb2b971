import { expect } from 'vitest';
import { type Desk, hex, versions } from './desk.js';
import { documentAttributes, folderAttributes, shortAttributes } from './shapes.js';
import type { Parameters } from './transports.js';
import { childOf, type Xml } from './xml.js';

/** An operation of specs/inforouter.md §4. */
export interface Row {
  /** Makes what the operation needs, and gives its parameters, the ticket aside, under the names and in the order of the WSDL. */
  given(desk: Desk): Promise<Parameters> | Parameters;
  /** The attributes of its answer besides `success="true"`, all of them. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** What must be true of what stands in the answer's element. */
  holds?(response: Xml, desk: Desk): void;
  /** Its first parameter is no ticket. */
  readonly open?: true;
}

const [first, second] = versions;
const guid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const number = expect.stringMatching(/^[1-9]\d*$/);
const text = expect.any(String);
const none: Readonly<Record<string, unknown>> = {};
const noError = { error: '' };

const user = {
  userid: number,
  username: 'alice',
  firstName: text,
  lastName: text,
  fullname: text,
  email: text,
  expireOn: '2026-01-31T00:00:00Z',
  isAuthenticated: 'True',
};
const login = { ticket: guid, ...user };

const uploaded = (VersionId: string) => ({ DocumentId: number, VersionId, DocumentID: number });

const describedBy = ({ size, crc }: (typeof versions)[number], VersionNumber: string) => ({
  Size: size,
  ContentType: expect.stringMatching(/^[\w.+-]+\/[\w.+-]+/),
  ModificationDate: expect.stringMatching(/^2026-01-01/),
  VersionNumber,
  AlterDocumentName: 'lake.txt',
  RenderedContent: 'false',
  CRC32: expect.stringMatching(new RegExp(`^${crc}$`, 'i')),
});

const newPath = (desk: Desk): string => `${desk.folder}/new.txt`;
const flags = (...names: readonly string[]): Parameters => Object.fromEntries(names.map((name) => [name, true]));
const folderFlags = flags('WithRules', 'withPropertySets', 'withSecurity', 'withOwner');
const documentFlags = flags('withPropertySets', 'withSecurity', 'withOwner', 'withVersions');

const namesOf = ({ children }: Xml): string[] => children.map(({ name }) => name);

const holdsFolder = (folder: Xml, name: string): void => {
  expect(folder.name).toBe('folder');
  expect(Object.keys(folder.attributes)).toEqual(folderAttributes);
  expect(folder.attributes).toMatchObject({ Name: name, CreationDate: '2026-01-01', OwnerName: 'alice' });
  expect(namesOf(folder)).toEqual(['Rules', 'PropertySets', 'AccessList', 'User']);
};

const holdsVersions = ({ name, children }: Xml): void => {
  expect(name).toBe('Versions');
  expect(children.map(({ attributes }) => attributes)).toEqual([{ Number: first.number }, { Number: second.number }]);
  for (const version of children) holdsVersion(version);
};

const instant = expect.stringMatching(/^2026-01-01T00:00:00\.\d{3}Z$/);

const holdsVersion = (version: Xml): void => {
  const isFirst = version.attributes.Number === first.number;
  const { size, crc } = isFirst ? first : second;
  expect(version.name).toBe('Version');
  expect(version.children.map(({ name, text: inside }) => [name, inside])).toEqual([
    ['VersionAuthor', text],
    ['VersionAuthorId', number],
    ['VersionSize', size],
    ['CheckSum', expect.stringMatching(new RegExp(`^${crc}$`, 'i'))],
    ['DateCreated', instant],
    ['DatePublished', isFirst ? instant : ''],
    ['Comment', isFirst ? 'first' : ''],
    ['ApprovalStatus', ''],
    ['ApprovalDate', ''],
  ]);
};

const holdsDocument = (document: Xml, { folderName }: Desk): void => {
  expect(document.name).toBe('document');
  expect(Object.keys(document.attributes)).toEqual(documentAttributes);
  expect(document.attributes).toMatchObject({
    Name: 'lake.txt',
    Path: `\\Documents\\${folderName}`,
    CreationDate: '2026-01-01',
    ModificationDate: '2026-01-01',
    CheckoutDate: '',
    Size: second.size,
    Importance: expect.stringMatching(/^[0-3]$/),
    VersionNumber: second.number,
    PublishedVersionNumber: first.number,
    ClassificationLevel: 'NoMarkings',
    DomainName: 'Documents',
    Foldername: folderName,
    IsShortcut: 'FALSE',
    VersionCount: '2',
  });
  expect(namesOf(document)).toEqual(['PropertySets', 'AccessList', 'User', 'Versions']);
  expect(Object.keys(childOf(document, 'User').attributes)).toEqual(['UserID', 'UserName', 'FullName']);
  holdsVersions(childOf(document, 'Versions'));
};

const shortAnswer = (itemcount: string) => ({
  ...noError,
  folderid: number,
  parentid: number,
  name: text,
  path: text,
  folderfilter: '',
  documentfilter: '',
  itemcount,
});

const holdsShort = (response: Xml, names: readonly ('f' | 'd')[]): void => {
  expect(namesOf(response)).toEqual(names);
  for (const { name, attributes } of response.children)
    expect(Object.keys(attributes)).toEqual(shortAttributes[name === 'f' ? 'f' : 'd']);
};

/** A folder and a document in the desk's folder. */
const both = async (desk: Desk, more: Parameters = {}): Promise<Parameters> => {
  await desk.subfolder();
  await desk.document();
  return { Path: desk.folder, ...more };
};

/** Every operation that answers XML: with what it is called, and what its answer must say. */
export const rows: Readonly<Record<string, Row>> = {
  AuthenticateUser: { open: true, given: () => ({ UID: 'alice', PWD: 'secret' }), answers: login },
  AuthenticateUser1: { open: true, given: () => ({ UID: 'alice', PWD: 'secret', Lang: 'en' }), answers: login },
  RenewTicket: {
    open: true,
    given: ({ ticket }) => ({ UID: 'alice', PWD: 'secret', Lang: 'en', OldTicket: ticket }),
    answers: login,
  },
  // The account that the server trusts is bob.
  CreateTicketforUser: {
    open: true,
    given: () => ({ TrustedUserPwd: 'secret', UserName: 'alice' }),
    answers: { ticket: guid },
  },
  isValidTicket: { given: () => ({}), answers: user },
  LogOut: { given: () => ({}), answers: none },
  ServerInfo: {
    open: true,
    given: () => ({}),
    answers: {
      VersionNumber: text,
      Server_date_time: text,
      Coordinated_Universal_Time: text,
      UTC_Offset: text,
      Company: text,
      ServerName: text,
      LicenseCount: text,
      SubscriptionEndDate: text,
      WindowsAuthenticationIsOn: text,
      WorkflowIsOn: text,
      AnonymousAccessIsOn: text,
      ComplianceModuleIsOn: text,
    },
  },
  CreateUploadHandler: {
    given: () => ({ PreferedChunkSize: 524_288 }),
    answers: { ...noError, UploadHandler: guid, ChunkSize: '524288' },
  },
  UploadFileChunk: {
    given: async (desk) => ({
      UploadHandler: await desk.handler(false),
      FileChunk: second.bytes,
      ChunkHEXCRC: hex(second.bytes),
      LastChunk: true,
    }),
    answers: { tryagain: 'false', filehexcrc: hex(Buffer.concat([first.bytes, second.bytes])) },
  },
  DeleteUploadHandler: { given: async (desk) => ({ UploadHandler: await desk.handler() }), answers: noError },
  UploadDocumentWithHandler: {
    given: async (desk) => ({ Path: newPath(desk), UploadHandler: await desk.handler() }),
    answers: uploaded('1000000'),
  },
  UploadDocumentWithHandler1: {
    given: async (desk) => ({
      Path: newPath(desk),
      UploadHandler: await desk.handler(),
      VersionComments: 'Größe <1> & "2"',
    }),
    answers: uploaded('1000000'),
  },
  UploadDocumentWithHandler2: {
    given: async (desk) => ({
      Path: newPath(desk),
      UploadHandler: await desk.handler(),
      VersionComments: '',
      MPVersionMajor: 3,
      MPVersionMinor: 2,
      MPVersionRevision: 1,
    }),
    answers: uploaded('3002001'),
  },
  UploadDocumentWithHandler3: {
    given: async (desk) => ({
      Path: newPath(desk),
      UploadHandler: await desk.handler(),
      xmlParameters: '<xmlparameters><item NAME="MPVERSIONMAJOR" VALUE="7"/></xmlparameters>',
    }),
    answers: uploaded('7000000'),
  },
  UploadNewDocumentWidthHandler: {
    given: async (desk) => ({
      FolderPath: desk.folder,
      DocumentName: 'new.txt',
      UploadHandler: await desk.handler(),
      xmlParameters: '<parameters><parameter key="DESCRIPTION">New</parameter></parameters>',
    }),
    answers: uploaded('1000000'),
  },
  UploadDocument: {
    given: (desk) => ({ Path: newPath(desk), FileContent: first.bytes }),
    answers: uploaded('1000000'),
  },
  UploadDocument1: {
    given: (desk) => ({ Path: newPath(desk), FileContent: first.bytes, VersionComment: 'one' }),
    answers: uploaded('1000000'),
  },
  UploadDocument2: {
    given: async (desk) => ({ Path: await desk.document(), FileContent: first.bytes, Checkout: true }),
    answers: uploaded('1000002'),
  },
  UploadDocument3: {
    given: async (desk) => ({
      Path: await desk.document(),
      FileContent: first.bytes,
      VersionComment: 'three',
      Checkout: true,
    }),
    answers: uploaded('1000002'),
  },
  UploadDocument4: {
    given: (desk) => ({ Path: newPath(desk), FileContent: first.bytes, xmlParameters: '' }),
    answers: uploaded('1000000'),
  },
  GetDownloadHandler: {
    given: async (desk) => ({ Path: await desk.document(), PreferedChunkSize: 65_536 }),
    answers: { ...describedBy(first, '0'), ChunkSize: '262144', downloadhandler: guid },
  },
  GetDownloadHandlerByVersion: {
    given: async (desk) => ({ Path: await desk.document(), PreferedChunkSize: 0, VersionNumber: 1_000_001 }),
    answers: { ...describedBy(second, '1000001'), ChunkSize: '1048576', downloadhandler: guid },
  },
  GetDownloadInfo: {
    given: async (desk) => ({ Path: await desk.document() }),
    answers: describedBy(first, '0'),
  },
  GetDownloadInfoByVersion: {
    given: async (desk) => ({ Path: await desk.document(), VersionNumber: 1_000_001 }),
    answers: describedBy(second, '1000001'),
  },
  DownloadFileChunk: {
    given: async (desk) => ({
      DownloadHandler: await desk.download(await desk.document()),
      StartOffset: 0,
      ChunkSize: 65_536,
    }),
    answers: {
      filelength: '9',
      chunklength: '9',
      lastchunk: 'true',
      chunkCRC32: expect.stringMatching(/^cbf43926$/i),
    },
    holds: (response) => expect(response.text).toBe(first.bytes.toString('base64')),
  },
  DeleteDownloadHandler: {
    given: async (desk) => ({ DownloadHandler: await desk.download(await desk.document()) }),
    answers: noError,
  },
  CreateFolder: {
    given: (desk) => ({ Path: `${desk.folder}/one/two/three` }),
    answers: { FolderId: number, FolderName: 'three' },
  },
  CreateFolder1: {
    given: (desk) => ({ ParentFolderPath: desk.folder, NewFolderName: 'what? now', Description: 'New' }),
    answers: { FolderId: number, FolderName: 'what_ now' },
  },
  FolderExists: { given: (desk) => ({ Path: desk.folder }), answers: none },
  FolderExists1: { given: (desk) => ({ FolderPath: '/Documents', FolderName: desk.folderName }), answers: none },
  DocumentExists: {
    given: async (desk) => ({ Path: await desk.document() }),
    answers: { CRC32LASTVERSION: second.crc, CRC32: first.crc },
  },
  DocumentExists1: {
    given: async (desk) => {
      await desk.document();
      return { FolderPath: desk.folder, DocumentName: 'lake.txt' };
    },
    answers: { CRC32LASTVERSION: second.crc, CRC32: first.crc },
  },
  GetFolder: {
    given: (desk) => ({ Path: desk.folder, ...folderFlags }),
    answers: noError,
    holds: ({ children }, desk) => {
      expect(children).toHaveLength(1);
      for (const child of children) holdsFolder(child, desk.folderName);
    },
  },
  GetFolders: {
    given: (desk) => both(desk, folderFlags),
    answers: noError,
    holds: ({ children }) => {
      expect(children).toHaveLength(1);
      for (const child of children) holdsFolder(child, 'Deep');
    },
  },
  GetFolders1: {
    given: (desk) => both(desk),
    answers: shortAnswer('1'),
    holds: (response) => holdsShort(response, ['f']),
  },
  GetDocument: {
    given: async (desk) => ({ Path: await desk.document(), ...documentFlags }),
    answers: noError,
    holds: ({ children }, desk) => {
      expect(children).toHaveLength(1);
      for (const child of children) holdsDocument(child, desk);
    },
  },
  GetDocuments: {
    given: (desk) => both(desk, documentFlags),
    answers: noError,
    holds: ({ children }, desk) => {
      expect(children).toHaveLength(1);
      for (const child of children) holdsDocument(child, desk);
    },
  },
  GetDocuments1: {
    given: (desk) => both(desk),
    answers: shortAnswer('1'),
    holds: (response) => holdsShort(response, ['d']),
  },
  GetFoldersAndDocuments: {
    given: (desk) => both(desk, flags('withrules', 'withpropertysets', 'withsecurity', 'withOwner', 'withVersions')),
    answers: noError,
    holds: ({ children: [folder, document, ...others] }, desk) => {
      expect(others).toEqual([]);
      if (!folder || !document) throw new Error('there are a folder and a document');
      holdsFolder(folder, 'Deep');
      holdsDocument(document, desk);
    },
  },
  GetFoldersAndDocuments1: {
    given: (desk) => both(desk),
    answers: shortAnswer('2'),
    holds: (response) => holdsShort(response, ['f', 'd']),
  },
  GetDocumentVersions: {
    given: async (desk) => ({ Path: await desk.document() }),
    answers: noError,
    holds: (response) => holdsVersions(childOf(response, 'Versions')),
  },
  GetDocumentVersion: {
    given: async (desk) => ({ Path: await desk.document(), VersionNumber: 1_000_001 }),
    answers: noError,
    holds: (response) => {
      const version = childOf(response, 'Version');
      expect(version.attributes.Number).toBe('1000001');
      holdsVersion(version);
    },
  },
  DeleteDocument: { given: async (desk) => ({ Path: await desk.document() }), answers: none },
  DeleteDocumentVersion: {
    given: async (desk) => ({ DocumentPath: await desk.document(), VersionNumber: 1_000_000 }),
    answers: none,
  },
  DeleteFolder: {
    given: async (desk) => ({ Path: await desk.subfolder() }),
    answers: none,
  },
  Lock: { given: async (desk) => ({ Path: await desk.document() }), answers: noError },
  UnLock: {
    given: async (desk) => {
      const Path = await desk.document();
      await desk.must('Lock', { Path });
      return { Path, force: false };
    },
    answers: noError,
  },
  IsLockPossible: { given: async (desk) => ({ Path: await desk.document() }), answers: noError },
  Move: {
    given: async (desk) => ({ SourcePath: await desk.document(), DestinationPath: newPath(desk) }),
    answers: noError,
  },
  Copy: {
    given: async (desk) => ({ SourcePath: await desk.document(), DestinationPath: newPath(desk) }),
    answers: none,
  },
  PublishDocument: {
    given: async (desk) => ({ DocumentPath: await desk.document(), VersionNumber: 1_000_001 }),
    answers: noError,
  },
  getApplicationParameters: {
    given: () => ({}),
    answers: noError,
    holds: (response) => expect(JSON.stringify(response)).toMatch(/"FILEUPLOADLIMIT".*?"text":"1072693248"/),
  },
};
