import { isRefusal, Refusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import type { Staged } from '../../../engine/verbs.js';
import { type Asker, needIn, needOwn, needUpload } from '../asker.js';
import { malformed, needToken } from '../parameters.js';

/** Where a chunk goes. */
export interface Place {
  readonly uploadToken?: string | undefined;
  readonly sessionToken?: string | undefined;
  /** From the file's first byte on; behind the highest byte there is, where it is not told. */
  readonly offset?: number | undefined;
}

/** A chunk that was staged; nothing is an empty one. */
export interface Chunk {
  readonly staged: Staged | undefined;
  /** Told of the upload before the chunk is judged. */
  readonly found?: (upload: Upload) => void;
}

/** Takes a chunk's bytes in. Refuses strangers, unknown tokens and chunks that are too large before their bytes are read. */
export const stageChunk = (asker: Asker, place: Place, source: AsyncIterable<Uint8Array>): Promise<Staged> => {
  const { uploadToken, sessionToken, offset } = place;
  asker.caller.need('upload');
  return asker.host.engine.stage(source, {
    upload: needToken(uploadToken),
    keep: 'whole',
    limit: asker.options.maxChunk,
    from: asker.from,
    ...(offset !== undefined && offset >= 0 && { offset }),
    judge: (upload) => {
      needOwn(upload, asker);
      needIn(upload, sessionToken);
    },
  });
};

/**
 * Adds a chunk. False: the server could not store a chunk that was right in itself,
 * the one use that the seed has for it (§A9). Refuses all else.
 */
export const acceptChunk = async (asker: Asker, place: Place, { staged, found }: Chunk): Promise<boolean> => {
  const { host, caller } = asker;
  const { uploadToken, sessionToken, offset } = place;
  caller.need('upload');
  const token = needToken(uploadToken);
  if (offset !== undefined && offset < 0) throw malformed('The offset must not be negative.');
  const upload = await needUpload(asker, token, sessionToken);
  found?.(upload);
  if (!staged) {
    if (upload.state !== 'open') throw new Refusal('not-open', { id: token, state: upload.state });
    return true;
  }
  try {
    await host.engine.accept(staged, { offset: offset ?? 'end', overlap: 'replace' });
    return true;
  } catch (error) {
    if (isRefusal(error)) throw error;
    host.log.error({ err: error, upload: staged.upload }, 'a chunk could not be stored');
    return false;
  }
};
