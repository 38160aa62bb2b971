import { hyphenated } from '../../../kit/guids.js';
import { encodeBase64, int, text } from '../../../wire/soap/index.js';
import { type Attributes, success } from '../answers.js';
import type { Context } from '../context.js';
import { crcOf, type Found, findVersion } from '../downloads.js';
import { readGuid } from '../guids.js';
import { negotiate } from '../handlers.js';
import { datesOf } from '../library/document.js';
import { open, ticketed, ticketParameter } from '../operation.js';
import { chunkBounds } from '../options.js';
import { problems } from '../problems.js';

const pathParameter = { Path: text({ doc: 'The document’s full path, or `~D` and its id.' }) };
const sizeParameter = {
  PreferedChunkSize: int({ aka: ['ChunkSize'], doc: 'Bytes; 262144 to 33554432, or 0 for the server’s choice.' }),
};
const versionParameter = {
  VersionNumber: int({ doc: '1.2.3 is 1002003; 0 is the published version, or the latest.' }),
};
const handlerParameter = { DownloadHandler: text({ doc: 'The GUID that GetDownloadHandler answered.' }) };

/** What is told of a version; `number` is told as it was asked for (specs/inforouter.md §7). */
const described = ({ document, version }: Found, number: number): Attributes => {
  const modified = version === document.latest ? datesOf(document).modified : version.createdAt;
  return {
    Size: version.size,
    ContentType: document.file.type,
    ModificationDate: new Date(modified).toISOString().slice(0, 10),
    VersionNumber: number,
    AlterDocumentName: document.file.name,
    RenderedContent: false,
    CRC32: version.digests.crc32 ?? '',
  };
};

const openHandler = async (
  context: Context,
  { path, wanted, number }: { path: string; wanted: number; number: number },
) => {
  const { downloads, caller, options } = context;
  const found = await findVersion(context, path, number);
  const guid = await downloads.open(caller, found.document.file.id, found.version.number);
  return success({
    ...described(found, number),
    ChunkSize: negotiate(wanted, options.chunkSize),
    downloadhandler: hyphenated(guid),
  });
};

export const GetDownloadHandler = ticketed({
  doc: 'Opens a download handler for a document’s published or latest version, and tells what it holds.',
  params: { ...pathParameter, ...sizeParameter },
  run: ({ Path, PreferedChunkSize }, context) =>
    openHandler(context, { path: Path, wanted: PreferedChunkSize, number: 0 }),
});

export const GetDownloadHandlerByVersion = ticketed({
  doc: 'Opens a download handler for a version of a document, and tells what it holds.',
  params: { ...pathParameter, ...sizeParameter, ...versionParameter },
  run: ({ Path, PreferedChunkSize, VersionNumber }, context) =>
    openHandler(context, { path: Path, wanted: PreferedChunkSize, number: VersionNumber }),
});

export const GetDownloadInfo = ticketed({
  doc: 'Tells what a download of a document’s published or latest version holds.',
  params: pathParameter,
  run: async ({ Path }, context) => success(described(await findVersion(context, Path, 0), 0)),
});

export const GetDownloadInfoByVersion = ticketed({
  doc: 'Tells what a download of a version of a document holds.',
  params: { ...pathParameter, ...versionParameter },
  run: async ({ Path, VersionNumber }, context) =>
    success(described(await findVersion(context, Path, VersionNumber), VersionNumber)),
});

export const DownloadFileChunk = open({
  doc: 'Answers bytes of a download handler’s document, as base64 in the answer’s element.',
  params: {
    ...ticketParameter,
    ...handlerParameter,
    StartOffset: int({ max: Number.MAX_SAFE_INTEGER, doc: 'The first byte, counted from 0.' }),
    ChunkSize: int({ max: Number.MAX_SAFE_INTEGER, doc: 'Most bytes: at most 33554432 are answered.' }),
  },
  run: async ({ AuthenticationTicket, DownloadHandler, StartOffset, ChunkSize }, visit) => {
    const { host, downloads, options } = visit;
    const guid = readGuid(DownloadHandler);
    if (guid === undefined) throw problems.invalidDownloadHandler();
    const caller = await visit.admit(AuthenticationTicket);
    const download = await downloads.find(caller, guid);
    if (!download) throw problems.downloadHandlerNotFound();
    if (StartOffset < 0) throw problems.invalidParameter('StartOffset');
    if (ChunkSize < 0) throw problems.invalidParameter('ChunkSize');
    const { version } = await findVersion({ ...visit, caller }, `~D${download.document}`, download.version);
    const wanted = Math.min(ChunkSize || options.chunkSize, chunkBounds.most);
    const start = Math.min(StartOffset, version.size);
    const end = Math.min(start + wanted, version.size);
    const crc = await crcOf(host, version, { start, end });
    await downloads.prolong(guid, download);
    const attributes = {
      filelength: version.size,
      chunklength: end - start,
      lastchunk: end === version.size,
      chunkCRC32: crc,
    };
    if (start === end) return success(attributes);
    return success(attributes, { stream: encodeBase64(host.engine.readObject(version.object, { start, end })) });
  },
});

export const DeleteDownloadHandler = open({
  doc: 'Ends a download handler; says yes also where there is none.',
  params: { ...ticketParameter, ...handlerParameter },
  run: async ({ AuthenticationTicket, DownloadHandler }, visit) => {
    const guid = readGuid(DownloadHandler);
    if (guid === undefined) throw problems.badHandlerRequest();
    await visit.downloads.end(await visit.admit(AuthenticationTicket), guid);
    return success({ error: '' });
  },
});
