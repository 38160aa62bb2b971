import { isRefusal, Refusal } from '../../engine/refusals.js';
import type { Upload } from '../../engine/upload.js';
import type { Accepted, Staged } from '../../engine/verbs.js';
import { bytes, flag, int, long, nillable, operationsWith, optional, text } from '../../wire/soap/index.js';
import { type Context, findOwn, needOwn } from './context.js';
import { filing, matchingFiles, needContent } from './library.js';
import { fromMetadata, largestFile, readArguments, readSha1, startFacts, toMetadata } from './messages.js';
import { infoOf, statusOf } from './status.js';
import { anyContentArguments, anyStatus, type ContentArguments, FileUploadFault } from './types.js';

const operation = operationsWith<Context>();

const malformed = (reason: string): Refusal => new Refusal('malformed', { reason });

const needToken = (token: string | undefined): string => {
  if (!token) throw malformed('The upload token must not be empty.');
  return token;
};

/** Sessions are for web pages; a token that names none is not to be taken for a file of its own. */
const refuseSession = (token: string | undefined): void => {
  if (token) throw new Refusal('no-such-group', { id: token });
};

/** Overwriting a content needs a permission of its own (§A11). */
const judgeUpdate = async ({ caller, host }: Context, contentId: number | undefined): Promise<void> => {
  if (contentId === undefined) return;
  caller.need('update');
  await host.ledger.read((facts) => needContent(host.catalog, facts, contentId));
};

/**
 * Keeps a given thumbnail as an object of its own; says which. It has a word of its own for its dialect, so that nobody
 * takes it for a file.
 */
const keepThumb = async (
  { host, caller, options }: Context,
  thumb: Buffer | undefined,
): Promise<{ thumb?: string }> => {
  if (!thumb || thumb.length === 0) return {};
  const { id } = await host.engine.open({
    dialect: 'brightsign-thumb',
    owner: caller.account.name,
    size: thumb.length,
    expiry: { at: host.clock.now() + options.expireAfter, sliding: null },
    quota: host.quota.limit(caller.account),
    chunkFollows: true,
  });
  const once = (async function* () {
    yield thumb;
  })();
  const staged = await host.engine.stage(once, { upload: id, offset: 0, keep: 'whole' });
  const { upload } = await host.engine.accept(staged, { finish: {} });
  return upload.object === null ? {} : { thumb: upload.object };
};

/** What the library has already of a file whose hash was told (§A10). */
const negotiate = async ({ host }: Context, upload: Upload) => {
  const { sha1Hash, fileName } = fromMetadata(upload.metadata);
  const status = statusOf(upload);
  if (sha1Hash === undefined) return status;
  const wanted = { sha1: readSha1(sha1Hash), size: upload.size, fileName };
  const matches = await host.ledger.read((facts) => matchingFiles(host.catalog, facts, wanted));
  if (matches.length === 0) return status;
  const files = matches.map(({ file, virtualPath }) => infoOf(file, virtualPath));
  return { ...status, $type: 'ContentNegotiationStatus', MatchingFiles: files };
};

/** The upload that an own token names, emptied: it went wrong or is not over, and begins anew (§A9). */
const restart = async (
  context: Context,
  token: string | undefined,
  size: number | null,
): Promise<Upload | undefined> => {
  const again = token ? await findOwn(context, token) : undefined;
  const startable = again?.state === 'corrupt' || again?.state === 'open';
  return again && startable && (size === null || again.size === size) ? context.host.engine.reset(again.id) : undefined;
};

/** Begins an upload, or begins one anew. */
const start = async (context: Context, args: ContentArguments): Promise<Upload> => {
  const { host, call, caller, options } = context;
  const said = startFacts(readArguments(args));
  await judgeUpdate(context, said.contentId);
  const facts = { ...said, ...(call.seen.data !== undefined && { dataNamespace: call.seen.data }) };
  const declared = said.sha1Hash === undefined ? {} : { sha1: readSha1(said.sha1Hash) };
  const expiry = { at: host.clock.now() + options.expireAfter, sliding: options.expireAfter };
  const again = await restart(context, args.UploadToken, said.fileSize ?? null);
  const upload =
    again ??
    (await host.engine.open({
      dialect: 'brightsign',
      owner: caller.account.name,
      size: said.fileSize ?? null,
      maxSize: largestFile,
      declared,
      follow: ['sha1'],
      metadata: toMetadata(facts),
      expiry,
      quota: host.quota.limit(caller.account),
    }));
  // Only now that the upload is there, so that a refused one leaves no thumbnail behind.
  const kept = await keepThumb(context, args.FileThumb);
  if (!again && kept.thumb === undefined) return upload;
  return host.engine.amend(upload.id, { metadata: toMetadata({ ...facts, ...kept }), declared, expiry });
};

/** Initialises an upload (specs/brightsign.md §A5). */
export const StartFileUpload = operation({
  doc: 'Begins the upload of a file and answers its upload token.',
  params: { args: anyContentArguments },
  flat: 'args',
  result: anyStatus,
  fault: FileUploadFault,
  run: async ({ args }, context) => {
    context.caller.need('upload');
    refuseSession(args.SessionToken);
    return negotiate(context, await start(context, args));
  },
});

/** Adds a chunk; the offset alone places it, the part number is a label (§A8, §A9). */
export const AppendChunk = operation({
  doc: 'Adds a chunk of a file at an offset, in any order; answers true once it is stored.',
  params: {
    sessionToken: nillable(text()),
    uploadToken: nillable(text()),
    partNumber: optional(int(), { minOccurs: 0 }),
    data: bytes(),
    offset: optional(long(), { minOccurs: 0 }),
  },
  result: flag(),
  fault: FileUploadFault,
  receive: async ({ uploadToken, sessionToken, offset }, context, source): Promise<Staged> => {
    const { host, options, caller } = context;
    caller.need('upload');
    refuseSession(sessionToken);
    const staged = await host.engine.stage(source, {
      upload: needToken(uploadToken),
      keep: 'whole',
      limit: options.maxChunk,
      ...(offset !== undefined && offset >= 0 && { offset }),
      judge: (upload) => needOwn(upload, context),
    });
    context.dropLater(staged);
    return staged;
  },
  run: async ({ uploadToken, sessionToken, offset, data }, context) => {
    const { host, caller } = context;
    caller.need('upload');
    refuseSession(sessionToken);
    const token = needToken(uploadToken);
    if (offset !== undefined && offset < 0) throw malformed('The offset must not be negative.');
    const upload = await host.engine.look(token);
    needOwn(upload, context);
    context.answerAs(upload);
    if (!data) {
      if (upload.state !== 'open') throw new Refusal('not-open', { id: token, state: upload.state });
      return true;
    }
    return (await acceptOrSay(context, data, offset)) !== null;
  },
});

/** The one use that the seed has for False: the server could not store a chunk that was right in itself (§A9). */
const acceptOrSay = async ({ host }: Context, data: Staged, offset: number | undefined): Promise<Accepted | null> => {
  try {
    return await host.engine.accept(data, { offset: offset ?? 'end', overlap: 'replace' });
  } catch (error) {
    if (isRefusal(error)) throw error;
    host.log.error({ err: error, upload: data.upload }, 'a chunk could not be stored');
    return null;
  }
};

/** Completes an upload: what is specified now wins over what StartFileUpload said (§A6). */
export const CompleteFileUpload = operation({
  doc: 'Makes an uploaded file a content of the library and answers its content id.',
  params: { args: anyContentArguments },
  flat: 'args',
  result: anyStatus,
  fault: FileUploadFault,
  run: async ({ args }, context) => {
    const { host, caller } = context;
    caller.need('upload');
    refuseSession(args.SessionToken);
    const token = needToken(args.UploadToken);
    const upload = await host.engine.look(token);
    needOwn(upload, context);
    if (upload.state === 'finished') return statusOf(upload);
    const said = readArguments(args);
    const before = fromMetadata(upload.metadata);
    await judgeUpdate(context, said.contentId ?? before.contentId);
    const facts = { ...before, ...said, ...(await keepThumb(context, args.FileThumb)) };
    return statusOf(
      await host.engine.finish(token, {
        ...(said.fileSize !== undefined && { size: said.fileSize }),
        ...(said.sha1Hash !== undefined && { declared: { sha1: readSha1(said.sha1Hash) } }),
        metadata: toMetadata(facts),
        onMismatch: 'corrupt',
        ...filing(host.catalog),
      }),
    );
  },
});

/** Cancels an upload; an unknown one is answered with nil, without error (§A8). */
export const CancelFileUpload = operation({
  doc: 'Cancels an upload and deletes its chunks; answers nil for an unknown token.',
  params: { uploadToken: nillable(text(), { aka: ['sessionToken'] }) },
  result: nillable(anyStatus),
  fault: FileUploadFault,
  run: async ({ uploadToken }, context) => {
    const upload = uploadToken ? await findOwn(context, uploadToken) : undefined;
    if (!upload) return undefined;
    context.answerAs(upload);
    const over = upload.state === 'finished' || upload.state === 'expired' || upload.state === 'corrupt';
    return statusOf(over ? upload : await context.host.engine.cancel(upload.id));
  },
});

/** Tells how an upload stands; an unknown one is answered with nil, without error (§A8). */
export const GetFileUploadStatus = operation({
  doc: 'Answers how an upload stands; nil for an unknown token.',
  params: { uploadToken: nillable(text(), { aka: ['sessionToken'] }) },
  result: nillable(anyStatus),
  fault: FileUploadFault,
  run: async ({ uploadToken }, context) => {
    const upload = uploadToken ? await findOwn(context, uploadToken) : undefined;
    if (upload) context.answerAs(upload);
    return upload && statusOf(upload);
  },
});
