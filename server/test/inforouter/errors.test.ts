import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Server } from '../memory-server.js';
import { serveInfoRouter } from './calls.js';
import { type Desk, hex, openDesk } from './desk.js';
import { everyTransport, type Parameters, responseOf } from './transports.js';

// The errors of specs/inforouter.md §3, in every transport, always with HTTP 200.

let server: Server;
let endpoint: string;
let count = 0;

beforeAll(async () => {
  server = await serveInfoRouter();
  endpoint = `${server.url}/srv.asmx`;
});
afterAll(() => server.close());

const newDesk = (UID?: string): Promise<Desk> => {
  count += 1;
  // After a quarter of an hour, wrong passwords are forgotten; until then they slow a name's logins down.
  server.clock.advance(15 * 60_000);
  return openDesk(endpoint, `desk ${count}`, UID);
};

const noGuid = 'not a guid';
const nowhere = '00000000-0000-4000-8000-000000000000';
const wrong = 'ffffffff-ffff-4fff-8fff-ffffffffffff';
const xml = (key: string, value: string) => `<parameters><parameter Name="${key}" Value="${value}"/></parameters>`;

/** What is called, and how it is refused: `errorCode`, and the text or how it begins. */
interface Case {
  readonly operation: string;
  readonly code: number;
  readonly error: string | RegExp;
  /** Its parameters; a ticket of its own takes the place of the desk's. */
  given(desk: Desk): Promise<Parameters> | Parameters;
  readonly more?: Readonly<Record<string, string>>;
}

const of = (
  operation: string,
  code: number,
  error: string | RegExp,
  given: Case['given'] = () => ({}),
  more: Case['more'] = {},
): Case => ({ operation, code, error, given, more });

const chunk = { FileChunk: Buffer.from('a'), ChunkHEXCRC: 'E8B7BE43', LastChunk: true };
const chunkNo = { tryagain: 'false' };
const missing = (desk: Desk) => `${desk.folder}/missing.txt`;
const elsewhere = (desk: Desk) => `${desk.folder}/missing/a.txt`;

/** A document that bob has checked out. */
const lockedByBob = async (desk: Desk): Promise<string> => {
  const Path = await desk.document();
  const bob = await newDesk('bob');
  await bob.must('Lock', { Path });
  return Path;
};

const login = [
  of('AuthenticateUser', 4010, '[900] Authentication failed', () => ({ UID: 'alice', PWD: 'wrong' })),
  of('AuthenticateUser1', 4010, '[900] Authentication failed', () => ({ UID: 'nobody', PWD: 'secret', Lang: '' })),
  of('RenewTicket', 4010, '[900] Authentication failed', ({ ticket }) => ({
    ...{ UID: 'alice', PWD: 'wrong', Lang: '', OldTicket: ticket },
  })),
  of('RenewTicket', 4000, 'invalid ticket format', () => ({ UID: 'alice', PWD: 'wrong', OldTicket: noGuid })),
  of('CreateTicketforUser', 4010, /^\[902\] Ticket generation not allowed/, () => ({
    ...{ TrustedUserPwd: 'secret', UserName: 'bob' },
  })),
  of('isValidTicket', 4010, /^\[901\]/, () => ({ AuthenticationTicket: wrong })),
  of('LogOut', 4010, /^\[901\]/, () => ({ AuthenticationTicket: noGuid })),
];

const handlers = [
  of('UploadFileChunk', 4000, 'Invalid upload handler.', () => ({ UploadHandler: noGuid, ...chunk }), chunkNo),
  of(
    'UploadFileChunk',
    4000,
    /upload handler cannot be found\.$/i,
    () => ({ UploadHandler: nowhere, ...chunk }),
    chunkNo,
  ),
  of(
    'UploadFileChunk',
    4010,
    /^\[901\]/,
    async (desk) => ({ AuthenticationTicket: wrong, UploadHandler: await desk.handler(false), ...chunk }),
    chunkNo,
  ),
  of(
    'UploadFileChunk',
    4000,
    'Upload handler is already complete.',
    async (desk) => ({ UploadHandler: await desk.handler(), ...chunk }),
    chunkNo,
  ),
  of(
    'UploadFileChunk',
    4000,
    /./,
    async (desk) => ({ UploadHandler: await desk.handler(false), ...chunk, ChunkHEXCRC: 'no hex' }),
    chunkNo,
  ),
  of('DeleteUploadHandler', 4000, 'bad Request', () => ({ AuthenticationTicket: '', UploadHandler: noGuid })),
  of('DeleteDownloadHandler', 4000, 'bad Request', () => ({ AuthenticationTicket: '', DownloadHandler: noGuid })),
  of('DownloadFileChunk', 4000, 'Invalid download handler. (guid)', () => ({ DownloadHandler: noGuid })),
  of('DownloadFileChunk', 4000, 'Download handler cannot be found.', () => ({ DownloadHandler: nowhere })),
  of('DownloadFileChunk', 4000, /./, async (desk) => ({
    DownloadHandler: await desk.download(await desk.document()),
    ...{ StartOffset: -1, ChunkSize: 5 },
  })),
];

const commits = [
  ...['', '1', '2', '3'].flatMap((version) => {
    const operation = `UploadDocumentWithHandler${version}`;
    return [
      of(operation, 4000, 'Invalid upload handler.', (desk) => ({ Path: missing(desk), UploadHandler: noGuid })),
      of(operation, 4000, /upload handler cannot be found\.$/i, (desk) => ({
        ...{ Path: missing(desk), UploadHandler: nowhere, MPVersionMajor: 1 },
      })),
      of(operation, 4000, 'Invalid upload handler.', async (desk) => ({
        ...{ Path: missing(desk), UploadHandler: await desk.handler(false), MPVersionMajor: 1 },
      })),
      of(operation, 4041, 'Folder not found.', async (desk) => ({
        ...{ Path: elsewhere(desk), UploadHandler: await desk.handler(), MPVersionMajor: 1 },
      })),
    ];
  }),
  of('UploadDocumentWithHandler', 4000, /upload handler cannot be found\.$/i, async (desk) => {
    const UploadHandler = await desk.handler();
    await desk.must('UploadDocumentWithHandler', { Path: missing(desk), UploadHandler });
    return { Path: missing(desk), UploadHandler };
  }),
  of('UploadDocumentWithHandler', 4000, 'Document is checked out by bob.', async (desk) => ({
    Path: await lockedByBob(desk),
    UploadHandler: await desk.handler(),
  })),
  ...[
    [2401, 0, 0],
    [0, 1, 0],
    [1, 1000, 0],
    [1, 0, 1000],
    [-1, 0, 0],
    [1, 0, 1],
  ].map(([MPVersionMajor = 0, MPVersionMinor = 0, MPVersionRevision = 0]) =>
    // The document's latest version is 1.0.1.
    of('UploadDocumentWithHandler2', 4000, /./, async (desk) => ({
      ...{ Path: await desk.document(), UploadHandler: await desk.handler(), VersionComments: '' },
      ...{ MPVersionMajor, MPVersionMinor, MPVersionRevision },
    })),
  ),
  ...[
    xml('CHECKOUT', 'perhaps'),
    xml('SENDEMAILS', '2'),
    xml('PUBLISHOPTION', 'Later'),
    xml('CREATIONDATE', '31.12.2026'),
    xml('MODIFICATIONDATE', '2026-02-30x'),
    xml('MPVERSIONMAJOR', '2401'),
    xml('MPVERSIONMINOR', '-1'),
    xml('MPVERSIONREVISION', '1000'),
    '<parameters><parameter',
    'CHECKOUT=1',
  ].map((xmlParameters) =>
    of('UploadDocumentWithHandler3', 4000, /./, async (desk) => ({
      ...{ Path: missing(desk), UploadHandler: await desk.handler(), xmlParameters },
    })),
  ),
  of('UploadNewDocumentWidthHandler', 4090, 'A document with this name already exists.', async (desk) => {
    await desk.document();
    return { FolderPath: desk.folder, DocumentName: 'LAKE.TXT', UploadHandler: await desk.handler() };
  }),
  of('UploadNewDocumentWidthHandler', 4041, 'Folder not found.', async (desk) => ({
    ...{ FolderPath: `${desk.folder}/missing`, DocumentName: 'a.txt', UploadHandler: await desk.handler() },
  })),
  ...['', '1', '2', '3', '4'].map((version) =>
    of(`UploadDocument${version}`, 4041, 'Folder not found.', (desk) => ({
      ...{ Path: elsewhere(desk), FileContent: Buffer.from('a') },
    })),
  ),
  of('UploadDocument', 4000, 'Document is checked out by bob.', async (desk) => ({
    ...{ Path: await lockedByBob(desk), FileContent: Buffer.from('a') },
  })),
];

const noDocument = [
  ...['GetDownloadHandler', 'GetDownloadHandlerByVersion', 'GetDownloadInfo', 'GetDownloadInfoByVersion'],
  ...['DocumentExists', 'GetDocument', 'GetDocumentVersions', 'GetDocumentVersion', 'DeleteDocument'],
  ...['Lock', 'UnLock', 'IsLockPossible'],
].flatMap((operation) => [
  of(operation, 4041, 'Document not found.', (desk) => ({ Path: missing(desk), VersionNumber: 1_000_000 })),
  of(operation, 4000, 'InvalidDocumentIdentifer', () => ({ Path: '~X12' })),
]);

const noFolder = [
  ...['FolderExists', 'GetFolder', 'GetFolders', 'GetFolders1', 'GetDocuments', 'GetDocuments1', 'DeleteFolder'],
  ...['GetFoldersAndDocuments', 'GetFoldersAndDocuments1'],
].map((operation) => of(operation, 4041, 'Folder not found.', (desk) => ({ Path: `${desk.folder}/missing` })));

const places = [
  ...noDocument,
  ...noFolder,
  ...['DocumentExists', 'GetDocument', 'DeleteDocument'].map((operation) =>
    of(operation, 4041, 'Document not found.', (desk) => ({ Path: desk.folder })),
  ),
  of('DocumentExists1', 4041, 'Document not found.', ({ folder }) => ({ FolderPath: folder, DocumentName: 'no.txt' })),
  of('FolderExists1', 4041, 'Folder not found.', ({ folder }) => ({ FolderPath: folder, FolderName: 'no' })),
  of('CreateFolder', 4090, 'A folder with this name already exists.', ({ folder }) => ({ Path: folder.toUpperCase() })),
  of('CreateFolder', 4000, 'Root level folders cannot be created', () => ({ Path: '/Documents' })),
  of('CreateFolder', 4041, 'Folder not found.', () => ({ Path: '/Unknown' })),
  of('CreateFolder', 4041, 'Folder not found.', () => ({ Path: '/Unknown/a' })),
  of('CreateFolder1', 4041, 'Folder not found.', ({ folder }) => ({
    ...{ ParentFolderPath: `${folder}/missing`, NewFolderName: 'a', Description: '' },
  })),
  of('CreateFolder1', 4090, 'A folder with this name already exists.', ({ folderName }) => ({
    ...{ ParentFolderPath: '/Documents', NewFolderName: folderName, Description: '' },
  })),
  of('PublishDocument', 4041, 'Document not found.', (desk) => ({ DocumentPath: missing(desk) })),
  of('Move', 4041, /Document not found\.$/, (desk) => ({
    SourcePath: missing(desk),
    DestinationPath: `${desk.folder}/a`,
  })),
  of('Copy', 4041, /Document not found\.$/, (desk) => ({
    SourcePath: missing(desk),
    DestinationPath: `${desk.folder}/a`,
  })),
];

const numbered = ['GetDownloadHandlerByVersion', 'GetDownloadInfoByVersion', 'GetDocumentVersion'];
const byDocumentPath = ['DeleteDocumentVersion', 'PublishDocument'];
const versions = [
  ...[...numbered, ...byDocumentPath].flatMap((operation) => {
    const at = (VersionNumber: number) => async (desk: Desk) => {
      const path = await desk.document();
      return { [byDocumentPath.includes(operation) ? 'DocumentPath' : 'Path']: path, VersionNumber };
    };
    const low = /^Invalid argument exception\. Version numbers cannot be less than 1000000/;
    return [
      of(operation, 4000, low, at(1)),
      of(operation, 4000, low, at(999_999)),
      of(operation, 4041, 'Specified version cannot be found.', at(1_000_007)),
    ];
  }),
  of('UnLock', 4000, 'The document is not locked by you.', async (desk) => ({
    ...{ Path: await lockedByBob(desk), force: false },
  })),
  of('Lock', 4000, 'Document is checked out by bob.', async (desk) => ({ Path: await lockedByBob(desk) })),
  of('IsLockPossible', 4000, 'Document is checked out by bob.', async (desk) => ({ Path: await lockedByBob(desk) })),
];

const matching = (error: string | RegExp) => (typeof error === 'string' ? error : expect.stringMatching(error));

describe.each([
  ['login', login],
  ['handlers', handlers],
  ['commits', commits],
  ['places', places],
  ['versions and locks', versions],
])('%s', (_title, cases) => {
  test.each(cases)('$operation: $code $error', async ({ operation, code, error, given, more }) => {
    for (const transport of everyTransport) {
      const desk = await newDesk();
      const parameters = { AuthenticationTicket: desk.ticket, ...(await given(desk)) };
      const { attributes, children, text } = await responseOf(transport, { endpoint, operation, parameters });
      expect({ attributes, children, text }, transport).toEqual({
        attributes: {
          success: 'false',
          errorCode: String(code),
          errorcode: String(code),
          error: matching(error),
          ...more,
        },
        children: [],
        text: '',
      });
    }
  });
});

test('a viewer may read and nothing more: Access denied.', async () => {
  const desk = await newDesk();
  const Path = await desk.document();
  const ask = async (operation: string, parameters: Parameters) => {
    const ticketed = { AuthenticationTicket: ticket, ...parameters };
    return (await responseOf('POST', { endpoint, operation, parameters: ticketed })).attributes;
  };
  const login = await responseOf('GET', {
    ...{ endpoint, operation: 'AuthenticateUser', parameters: { UID: 'victor', PWD: 'secret' } },
  });
  const { ticket = '' } = login.attributes;
  expect(await ask('GetDocument', { Path })).toMatchObject({ success: 'true' });
  const denied = { success: 'false', errorCode: '4030', errorcode: '4030', error: 'Access denied.' };
  for (const [operation, parameters] of [
    ['CreateUploadHandler', {}],
    ['UploadDocument', { Path, FileContent: Buffer.from('a') }],
    ['CreateFolder', { Path: `${desk.folder}/a` }],
    ['CreateFolder1', { ParentFolderPath: desk.folder, NewFolderName: 'a' }],
    ['DeleteDocument', { Path }],
    ['DeleteFolder', { Path: desk.folder }],
    ['DeleteDocumentVersion', { DocumentPath: Path, VersionNumber: 1_000_000 }],
    ['Lock', { Path }],
    ['Move', { SourcePath: Path, DestinationPath: `${desk.folder}/b` }],
    ['Copy', { SourcePath: Path, DestinationPath: `${desk.folder}/b` }],
    ['PublishDocument', { DocumentPath: Path, VersionNumber: 0 }],
  ] as const)
    expect(await ask(operation, parameters), operation).toEqual(denied);
  expect(await ask('DocumentExists', { Path })).toMatchObject({ success: 'true' });
});

test('documents of a folder that cannot be locked are told one by one', async () => {
  const desk = await newDesk();
  await lockedByBob(desk);
  await desk.document('other.txt');
  const response = await desk.ask('Lock', { Path: desk.folder });
  expect(response.attributes).toMatchObject({ success: 'false', error: '[log]' });
  expect(response.children.map(({ name, children }) => [name, children.map((each) => [each.name, each.text])])).toEqual(
    [
      [
        'log',
        [
          ['item', 'lake.txt'],
          ['error', 'Document is checked out by bob.'],
        ],
      ],
    ],
  );
});

test('a chunk that differs is told to be sent again, with no code', async () => {
  for (const transport of everyTransport)
    for (const LastChunk of [false, true]) {
      const desk = await newDesk();
      const UploadHandler = await desk.handler(false);
      const send = (ChunkHEXCRC: string) =>
        desk.ask('UploadFileChunk', { UploadHandler, FileChunk: Buffer.from('b'), ChunkHEXCRC, LastChunk }, transport);
      expect((await send(hex(Buffer.from('c')))).attributes).toEqual({
        success: 'false',
        tryagain: 'true',
        error: expect.stringMatching(/./),
      });
      expect((await send(hex(Buffer.from('b')))).attributes).toEqual({
        success: 'true',
        tryagain: 'false',
        ...(LastChunk && { filehexcrc: hex(Buffer.from('123456789b')) }),
      });
    }
});
