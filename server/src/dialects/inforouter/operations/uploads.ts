import { isRefusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import type { Staged } from '../../../engine/verbs.js';
import { hyphenated } from '../../../kit/guids.js';
import { bytes, flag, int, text, type XmlOutElement } from '../../../wire/soap/index.js';
import { failureWith, success } from '../answers.js';
import type { Visit } from '../context.js';
import { readGuid } from '../guids.js';
import {
  findHandler,
  keepLast,
  type Measure,
  measure,
  needHandler,
  needHandlerGuid,
  negotiate,
  nothing,
  openHandler,
  printCrc,
  readCrc,
  wasLast,
} from '../handlers.js';
import { answering, forms, open, operation, response, ticketed, ticketParameter } from '../operation.js';
import { chunkBounds } from '../options.js';
import { problems } from '../problems.js';

const handlerParameter = { UploadHandler: text({ doc: 'The GUID that CreateUploadHandler answered.' }) };

export const CreateUploadHandler = ticketed({
  doc: 'Opens an upload handler, for a document that comes in chunks, and answers its GUID and the size of its chunks.',
  params: {
    PreferedChunkSize: int({ aka: ['ChunkSize'], doc: 'Bytes; 262144 to 33554432, or 0 for the server’s choice.' }),
  },
  run: async ({ PreferedChunkSize }, context) => {
    const { id } = await openHandler(context, context.caller);
    return success({
      error: '',
      UploadHandler: hyphenated(id),
      ChunkSize: negotiate(PreferedChunkSize, context.options.chunkSize),
    });
  },
});

/** What became of a chunk's bytes when they came: staged, or counted alone, or refused. */
type Received = { readonly staged: Staged } | { readonly measured: Measure } | { readonly refused: unknown };

/** The handler as far as it is known before the bytes; whatever is known is judged (specs/inforouter.md §5.3). */
const judgeBefore = async (
  visit: Visit,
  { AuthenticationTicket, UploadHandler }: { AuthenticationTicket?: string; UploadHandler?: string },
): Promise<Upload | undefined> => {
  const guid = UploadHandler === undefined ? undefined : needHandlerGuid(UploadHandler);
  const caller = AuthenticationTicket === undefined ? undefined : await visit.admit(AuthenticationTicket);
  return guid !== undefined && caller ? needHandler(visit, caller, guid) : undefined;
};

const receiveChunk = async (
  visit: Visit,
  sofar: { AuthenticationTicket?: string; UploadHandler?: string },
  source: AsyncIterable<Buffer>,
): Promise<Received> => {
  try {
    const upload = await judgeBefore(visit, sofar);
    const staged = await visit.host.engine.stage(source, {
      ...(upload && { upload: upload.id }),
      keep: 'whole',
      limit: chunkBounds.most,
      from: visit.call.exchange.remote,
    });
    visit.dropLater(staged);
    return { staged };
  } catch (error) {
    // Of a handler that is complete no byte was taken; it may be its last chunk again.
    if (isRefusal(error, 'not-open') && error.facts.state === 'sealed') return { measured: await measure(source) };
    return { refused: error };
  }
};

const tryAgain = (error: string): XmlOutElement => failureWith({ tryagain: 'true', error });

/** What is answered to a last chunk; the checksum of the whole is the engine's, made of those of the chunks. */
const complete = ({ digests }: Upload): XmlOutElement =>
  success({ tryagain: 'false', filehexcrc: printCrc(digests.crc32 ?? '') });

/** A chunk for a handler that has had its last: the very same again, as its answer was lost, or one too many. */
const answerAgain = (
  upload: Upload,
  chunk: Measure,
  claim: { crc: string | undefined; last: boolean },
): XmlOutElement => {
  const claimed = { length: chunk.length, crc: claim.crc ?? '' };
  if (!claim.last || !wasLast(upload, claimed)) throw problems.uploadHandlerComplete();
  return chunk.crc === claim.crc ? complete(upload) : differs();
};

const differs = (): XmlOutElement => tryAgain('The checksum of the chunk differs; send the chunk again.');

const acceptChunk = async (
  visit: Visit,
  upload: Upload,
  staged: Staged,
  { chunk, last }: { chunk: Measure; last: boolean },
): Promise<XmlOutElement> => {
  const { upload: after } = await visit.host.engine.accept(staged, {
    upload: upload.id,
    offset: 'end',
    ...(last && { last, metadata: keepLast(chunk) }),
  });
  if (last) return complete(after);
  // The vendor has no question for it: a client that wants to go on asks with a chunk of no bytes what is there.
  return success({ tryagain: 'false', ...(chunk.length === 0 && { bytesreceived: after.received }) });
};

const takeChunk = async (
  visit: Visit,
  upload: Upload,
  received: Received,
  claim: { crc: string | undefined; last: boolean },
): Promise<XmlOutElement> => {
  if ('refused' in received) throw received.refused;
  const { length, crc } =
    'measured' in received
      ? received.measured
      : { length: received.staged.length, crc: received.staged.digests.crc32 ?? '' };
  const chunk = { length, crc };
  if (upload.state === 'sealed') return answerAgain(upload, chunk, claim);
  if (claim.crc === undefined) throw problems.invalidParameter('ChunkHEXCRC');
  // The bytes of a handler that was complete when they came were not kept.
  if (claim.crc !== crc || 'measured' in received) return differs();
  return acceptChunk(visit, upload, received.staged, { chunk, last: claim.last });
};

export const UploadFileChunk = operation({
  doc: 'Adds a chunk to an upload handler. A chunk whose checksum differs is not added, and is to be sent again (tryagain).',
  params: {
    ...ticketParameter,
    ...handlerParameter,
    FileChunk: bytes({ doc: 'The chunk’s bytes: at most 33554432.' }),
    ChunkHEXCRC: text({ doc: 'CRC-32 of the chunk’s bytes, in hexadecimal digits.' }),
    LastChunk: flag({ doc: 'Whether the document is complete with this chunk.' }),
  },
  result: response,
  http: forms,
  receive: ({ AuthenticationTicket, UploadHandler }, visit, source): Promise<Received> =>
    receiveChunk(
      visit,
      {
        ...(AuthenticationTicket !== undefined && { AuthenticationTicket }),
        ...(UploadHandler !== undefined && { UploadHandler }),
      },
      source,
    ),
  run: (args, visit) =>
    answering(
      visit,
      async () => {
        const guid = needHandlerGuid(args.UploadHandler);
        const caller = await visit.admit(args.AuthenticationTicket);
        const upload = await needHandler(visit, caller, guid);
        const received = args.FileChunk ?? (await receiveChunk(visit, args, nothing()));
        const claim = { crc: readCrc(args.ChunkHEXCRC), last: args.LastChunk };
        try {
          return await takeChunk(visit, upload, received, claim);
        } catch (error) {
          if (isRefusal(error, 'busy')) return tryAgain('The upload handler is in use by another request.');
          // Completed by another request meanwhile.
          if (!isRefusal(error, 'not-open')) throw error;
          const now = await needHandler(visit, caller, guid);
          return await takeChunk(visit, now, received, claim);
        }
      },
      { tryagain: 'false' },
    ),
});

export const DeleteUploadHandler = open({
  doc: 'Ends an upload handler and drops its bytes; says yes also where there is none.',
  params: { ...ticketParameter, ...handlerParameter },
  run: async ({ AuthenticationTicket, UploadHandler }, visit) => {
    const guid = readGuid(UploadHandler);
    if (guid === undefined) throw problems.badHandlerRequest();
    const caller = await visit.admit(AuthenticationTicket);
    const upload = await findHandler(visit, caller, guid);
    if (upload) await visit.host.engine.cancel(upload.id);
    return success({ error: '' });
  },
});
