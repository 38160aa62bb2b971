import { Refusal } from '../../engine/refusals.js';
import type { Upload } from '../../engine/upload.js';
import type { Staged } from '../../engine/verbs.js';
import { text } from '../../http/answers.js';
import type { Exchange } from '../../http/exchange.js';
import { type Context, idOf, needAlive, needOwn, type Operation } from './context.js';
import { joinAll } from './finish.js';
import {
  type Check,
  type Checksum,
  digestsFor,
  expires,
  kindOf,
  readCheck,
  readChecksum,
  readCount,
} from './messages.js';
import { refusals } from './refusals.js';

/** A body that is to become the next bytes of an upload. */
export interface Chunk {
  readonly upload: string;
  readonly offset: number;
  /** The length of the upload, if this request tells it. */
  readonly size: number | null;
  readonly check: Check;
  /** Judges the upload before the first byte is read. */
  readonly judge?: (upload: Upload) => void;
}

/** Does the request say that its body is bytes of an upload? */
export const isChunk = (exchange: Exchange): boolean =>
  /^application\/offset\+octet-stream\s*(;|$)/i.test(exchange.headers['content-type'] ?? '');

/** The answer to a body of another type. */
export const wrongType = () => text(415, 'The Content-Type of a chunk is application/offset+octet-stream.');

const expected = (exchange: Exchange, check: Check): Checksum | null => {
  if (check !== 'trailer') return check;
  const value = exchange.trailers()['upload-checksum'];
  if (value === undefined)
    throw new Refusal('malformed', { reason: 'The trailer Upload-Checksum was announced, and did not come.' });
  return readChecksum(value);
};

const accept = async (
  exchange: Exchange,
  { host, finish }: Context,
  { chunk, staged, known }: { chunk: Chunk; staged: Staged; known: Upload },
) => {
  const size = known.size ?? chunk.size;
  const checksum = expected(exchange, chunk.check);
  return host.engine.accept(staged, {
    overlap: 'refuse',
    ...(checksum !== null && { digests: { [checksum.algorithm]: checksum.hex } }),
    ...(chunk.size !== null && { size: chunk.size }),
    ...(kindOf(known) === 'partial' ? { last: chunk.offset + staged.length === size } : { finish }),
  });
};

/**
 * Takes a request's body in as the next bytes of an upload, and finishes the upload if it is complete by that. What came
 * before a cut is kept, unless the chunk has a checksum.
 */
export const append = async (
  exchange: Exchange,
  context: Context,
  chunk: Chunk,
): Promise<{ upload: Upload; cut: boolean }> => {
  const { engine } = context.host;
  let known: Upload | undefined;
  const staged = await engine.stage(exchange.body(), {
    upload: chunk.upload,
    offset: chunk.offset,
    append: true,
    keep: chunk.check === null ? 'arrived' : 'whole',
    length: exchange.length,
    limit: chunk.size === null ? null : chunk.size - chunk.offset,
    digests: digestsFor(chunk.check),
    gone: exchange.gone,
    finishSoon: exchange.finishSoon,
    from: exchange.remote,
    judge: (upload) => {
      chunk.judge?.(upload);
      known = upload;
    },
  });
  try {
    if (known === undefined) throw new Error('the engine staged a chunk without having it judged');
    const { upload, joins } = await accept(exchange, context, { chunk, staged, known });
    await joinAll(context, joins);
    return { upload, cut: staged.cut };
  } catch (error) {
    await engine.discard(staged);
    throw error;
  }
};

/** `PATCH`: the next bytes of an upload, and its length if that was deferred. */
export const patch: Operation = async (exchange, caller, context) => {
  caller.need('upload');
  if (!isChunk(exchange)) return wrongType();
  const { headers } = exchange;
  const id = idOf(exchange);
  const offset = readCount(headers, 'Upload-Offset');
  if (offset === undefined) throw new Refusal('malformed', { reason: 'Upload-Offset is wanted.' });
  const size = readCount(headers, 'Upload-Length') ?? null;
  const now = context.host.clock.now();

  const judge = (upload: Upload): void => {
    needOwn(upload, caller);
    if (upload.expiry !== null && upload.expiry.at <= now) throw new Refusal('not-open', { id, state: 'expired' });
    if (size === null) return;
    if (upload.size !== null && upload.size !== size)
      throw new Refusal('size-conflict', { known: upload.size, given: size });
    if (upload.maxSize !== null && size > upload.maxSize)
      throw new Refusal('too-large', { limit: upload.maxSize, size });
    if (size < offset) throw new Refusal('size-conflict', { known: offset, given: size });
  };

  try {
    const { upload, cut } = await append(exchange, context, {
      upload: id,
      offset,
      size,
      check: readCheck(headers),
      judge,
    });
    const answer = { 'upload-offset': upload.contiguous, ...expires(upload) };
    if (!cut) return { status: 204, headers: answer };
    const refusal = refusals.cut({ received: upload.contiguous - offset, kept: upload.contiguous - offset });
    return { ...refusal, headers: { ...refusal.headers, ...answer } };
  } catch (error) {
    if (!(error instanceof Refusal && error.kind === 'not-open')) throw error;
    return patchComplete(await needAlive(context, id, caller), { offset, length: exchange.length, error });
  }
};

/** A chunk for an upload that takes no more: nothing, said at its end, is no error. */
const patchComplete = (
  upload: Upload,
  { offset, length, error }: { offset: number; length: number | null; error: Refusal },
) => {
  if (kindOf(upload) === 'final' || upload.contiguous !== upload.size) throw error;
  if (offset !== upload.contiguous) throw new Refusal('wrong-offset', { expected: upload.contiguous, given: offset });
  if (length !== 0) throw new Refusal('beyond-end', { size: upload.size, end: offset + (length ?? 1) });
  return { status: 204, headers: { 'upload-offset': offset, ...expires(upload) } };
};
