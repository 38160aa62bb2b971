import type { Upload } from '../../engine/upload.js';
import type { File } from '../../services/catalog/catalog.js';
import { contentTypeOf, fromMetadata } from './messages.js';
import type { Status, UploadState } from './types.js';

/** What a finished upload's `result` holds. */
export interface Result {
  readonly contentId: number;
}

const isResult = (result: unknown): result is Result =>
  typeof result === 'object' && result !== null && 'contentId' in result && typeof result.contentId === 'number';

/** The state in the vendor's words (specs/brightsign.md §A7). An upload is Uploaded by itself once all bytes are there. */
export const stateOf = ({ state, size, received }: Upload): UploadState => {
  switch (state) {
    case 'open':
      if (size !== null && received === size) return 'Uploaded';
      return received > 0 ? 'Uploading' : 'Started';
    case 'sealed':
      return 'Uploaded';
    case 'finished':
      return 'Completed';
    case 'cancelled':
      return 'Cancelled';
    case 'expired':
      return 'Terminated';
    case 'corrupt':
      return 'Corrupted';
  }
};

/** An upload as ContentUploadStatus. */
export const statusOf = (upload: Upload): Status => {
  const facts = fromMetadata(upload.metadata);
  return {
    ...(facts.chunksTotal !== undefined && { ChunksTotal: facts.chunksTotal }),
    ...(isResult(upload.result) && { ContentId: upload.result.contentId }),
    ...(upload.endedAt !== null && { EndTime: new Date(upload.endedAt) }),
    FileName: facts.fileName,
    FileSize: upload.size ?? 0,
    LastActivityTime: new Date(upload.touchedAt),
    ...(facts.sha1Hash !== undefined && { SHA1Hash: facts.sha1Hash }),
    StartTime: new Date(upload.createdAt),
    State: stateOf(upload),
    UploadToken: upload.id,
  };
};

/** A file of the library as ContentInfo; `virtualPath` is its folder's. */
export const infoOf = (file: File, virtualPath: string) => {
  const latest = file.versions[file.versions.length - 1] ?? file.versions[0];
  return {
    FileName: file.name,
    FileSize: latest.size,
    Id: file.id,
    ...(latest.digests.sha1 !== undefined && { SHA1Hash: latest.digests.sha1 }),
    Type: contentTypeOf({ ...fromMetadata(file.metadata), fileName: file.name }),
    UploadDate: new Date(latest.createdAt),
    VirtualPath: virtualPath,
  };
};
