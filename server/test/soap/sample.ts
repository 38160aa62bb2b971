import { listen } from '../../src/http/listener.js';
import { httpOptions } from '../../src/http/options.js';
import { silentLog } from '../../src/kit/log.js';
import { defaultsOf } from '../../src/kit/options.js';
import {
  anyXml,
  asmx,
  bytes,
  bytesOut,
  choice,
  dateTime,
  detail,
  element,
  encodeBase64,
  flag,
  int,
  jaxWs,
  list,
  long,
  nillable,
  object,
  operationsWith,
  optional,
  polymorphic,
  type Service,
  SoapFault,
  service,
  smallBytes,
  text,
  wcf,
} from '../../src/wire/soap/index.js';

const operation = operationsWith<null>();

const sizeOf = async (source: AsyncIterable<Buffer>) => {
  let size = 0;
  for await (const piece of source) size += piece.length;
  return size;
};

const zeros = async function* (size: number) {
  for (let left = size; left > 0; left -= 10_000) yield Buffer.alloc(Math.min(left, 10_000));
};

const UploadFileChunk = operation({
  doc: 'Adds a chunk; answers how many bytes it had, or a negative code.',
  params: { SessionID: text(), Chunk: bytes(), IsLast: flag() },
  result: int(),
  http: ['GET', 'POST'],
  receive: (_sofar, _context, source) => sizeOf(source),
  run: async ({ SessionID, Chunk, IsLast }) => (SessionID !== 'abc' ? -1062 : IsLast ? (Chunk ?? -1061) : 0),
});

const StartFileUpload = operation({
  doc: 'Starts an upload.',
  params: { Username: text(), Password: text(), SessionID: text() },
  result: { StartFileUploadResult: int(), SessionID: optional(text()) },
  run: async ({ Username, Password }) => {
    if (Password === 'boom') throw new SoapFault({ code: 'Client', reason: 'No <such> "password".' });
    return Username === 'zoë' ? { StartFileUploadResult: 0, SessionID: 'abc' } : { StartFileUploadResult: -1003 };
  },
});

/** ASMX: several outputs, streamed bytes. */
export const fax = service({
  ...asmx,
  name: 'InterFax',
  namespace: 'http://www.interfax.cc',
  path: '/dfs.asmx',
  operations: { StartFileUpload, UploadFileChunk },
  context: () => null,
});

const Info = object('ContentInfo', { FileName: nillable(text()), Id: int() });
const Arguments = object('ContentUploadArguments', {
  ContentType: optional(choice(['Auto', 'Image', 'WebPage'], { name: 'ContentType' })),
  FileLastModifiedDate: optional(dateTime()),
  FileName: nillable(text()),
  FileSize: optional(long()),
  FileThumb: nillable(smallBytes()),
});
const UpdateArguments = object('ContentUpdateArguments', { ContentId: int() }, { extends: Arguments });
const Status = object('ContentUploadStatus', {
  ContentId: nillable(int()),
  FileName: nillable(text()),
  FileSize: long(),
  StartTime: nillable(dateTime()),
});
const Negotiation = object(
  'ContentNegotiationStatus',
  { MatchingFiles: nillable(list(Info, 'ContentInfo')) },
  { extends: Status },
);
const FileUploadFault = { name: 'FileUploadFault', type: object('FileUploadFault', { Message: nillable(text()) }) };

const Start = operation({
  doc: 'Starts the upload of a file.',
  params: { args: polymorphic(Arguments, [UpdateArguments], { minOccurs: 0, nillable: true }) },
  result: nillable(polymorphic(Status, [Negotiation])),
  fault: FileUploadFault,
  flat: 'args',
  run: async ({ args }) => {
    if (!args.FileName)
      throw new SoapFault({
        code: 'Client',
        reason: 'The creator of this fault did not specify a Reason.',
        detail: detail(FileUploadFault, { Message: 'File name must not be empty.' }),
      });
    const StartTime = args.FileLastModifiedDate ?? new Date(0);
    const status = { FileName: args.FileName, FileSize: args.FileSize ?? args.FileThumb?.length ?? 0, StartTime };
    return 'ContentId' in args
      ? {
          $type: 'ContentNegotiationStatus',
          ...status,
          ContentId: args.ContentId,
          MatchingFiles: [{ FileName: 'lake.png', Id: 4711 }],
        }
      : status;
  },
});

const AppendChunk = operation({
  doc: 'Adds a chunk.',
  params: { uploadToken: text(), data: bytes(), offset: optional(long()) },
  result: flag(),
  fault: FileUploadFault,
  receive: (_sofar, _context, source) => sizeOf(source),
  run: async ({ uploadToken, data, offset }) => uploadToken === 'u1' && data === offset,
});

const Status1 = operation({
  doc: 'Tells of an upload.',
  params: { uploadToken: text() },
  result: nillable(Status),
  run: async () => undefined,
});

/** WCF: objects of two namespaces, derived types, described faults, nil. */
export const content = service({
  ...wcf,
  name: 'ContentUploadService',
  namespace: 'https://api.example.test/Uploads/2014/07/SOAP/',
  dataNamespace: 'Uploads.DTO.2014.07',
  path: '/Uploads/2014/07/SOAP/Basic/',
  operations: { StartFileUpload: Start, AppendChunk, GetFileUploadStatus: Status1 },
  mirror: true,
  ignoreCase: true,
  context: () => null,
});

const AccountItem = object('accountItem', { date: optional(dateTime()), id: long(), name: optional(text()) });
const Items = list(AccountItem, 'item', { name: 'accountItemArray' });
const ApiException = { name: 'ApiException', type: object('faultBean', { details: optional(text()) }) };

/** JAX-WS: rpc/literal. */
export const desktop = service({
  ...jaxWs,
  name: 'DesktopAppJax2Service',
  namespace: 'http://api.soap.example.test/',
  path: '/jax3/DesktopApp',
  action: () => '',
  operations: {
    login: operation({
      doc: 'Checks a login.',
      params: { arg0: text({ minOccurs: 1 }), arg1: text() },
      result: text(),
      run: async ({ arg0 }) => (arg0 === 'ann@example.org' ? '' : 'wrong'),
    }),
    getItems: operation({
      doc: 'Lists what a directory holds.',
      params: { arg0: text(), arg1: text(), arg2: long(), arg3: list(long(), 'item', { name: 'longArray' }) },
      result: Items,
      fault: ApiException,
      run: async ({ arg0, arg2, arg3 }) => {
        if (arg0 !== 'ann@example.org')
          throw new SoapFault({
            code: 'Server',
            reason: 'Wrong login',
            detail: detail(ApiException, { details: 'Wrong login' }),
          });
        return [arg2, ...arg3].map((id) => ({ id, name: `item ${id}` }));
      },
    }),
    forget: operation({ doc: 'Answers nothing.', params: {}, run: async () => undefined }),
  },
  context: () => null,
});

/** ASMX: documents of its own as results, and the plain HTTP bindings. */
export const library = service({
  ...asmx,
  name: 'srv',
  namespace: 'http://tempuri.org/',
  path: '/srv.asmx',
  ignoreCase: true,
  operations: {
    UploadFileChunk: operation({
      doc: 'Adds a chunk.',
      params: { UploadHandler: text(), FileChunk: bytes(), ChunkHEXCRC: text(), LastChunk: flag() },
      result: anyXml(),
      http: ['GET', 'POST'],
      receive: (_sofar, _context, source) => sizeOf(source),
      run: async ({ UploadHandler, FileChunk = 0, LastChunk }) =>
        element('response', { success: 'true', of: UploadHandler, size: String(FileChunk), last: String(LastChunk) }),
    }),
    DownloadFileChunk: operation({
      doc: '',
      params: { DownloadHandler: text(), StartOffset: int(), ChunkSize: int() },
      result: anyXml(),
      http: ['GET', 'POST'],
      run: async ({ ChunkSize }) =>
        element('response', { success: 'true' }, { stream: encodeBase64(zeros(ChunkSize)) }),
    }),
    DownloadDocument: operation({
      doc: 'Answers a whole document.',
      params: { Path: text() },
      result: bytesOut(),
      http: ['GET'],
      run: async ({ Path }) => zeros(Number(Path)),
    }),
  },
  context: () => null,
});

/** Serves all four on a free port. */
export const serveSamples = async () => {
  const routes = (made: Service, path: string, name: string) => [
    {
      methods: ['GET', 'POST'],
      path,
      name,
      handle: async (exchange: Parameters<Service['call']>[0]) =>
        exchange.method === 'POST'
          ? made.call(exchange)
          : /^\?wsdl$/i.test(exchange.target.slice(exchange.path.length))
            ? made.wsdl(exchange)
            : made.help(exchange, exchange.query.get('op') ?? undefined),
    },
  ];
  const listener = await listen({
    mounts: [
      {
        routes: [
          ...routes(fax, '/dfs.asmx', 'fax'),
          ...routes(content, '/Uploads/2014/07/SOAP/Basic', 'content'),
          ...routes(desktop, '/jax3/DesktopApp', 'desktop'),
          ...routes(library, '/srv.asmx', 'library'),
          {
            methods: ['GET', 'POST'],
            path: '/srv.asmx/:operation',
            name: 'library form',
            handle: async (exchange) => library.form(exchange, exchange.params['operation'] ?? ''),
          },
        ],
      },
    ],
    options: { ...defaultsOf(httpOptions), port: 0 },
    log: silentLog,
  });
  return { url: listener.addresses[0] ?? '', close: () => listener.close() };
};
