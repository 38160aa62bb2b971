import type { UploadState as EngineState, Upload } from '../../engine/upload.js';
import { newest } from '../../services/catalog/versions.js';
import { kindOfFile, sessionFacts, uploadFacts } from './facts.js';
import type { Result } from './library/filing.js';
import type { Match } from './library/matching.js';
import { resultOf, type Session } from './sessions/session.js';
import { stemOf } from './sessions/start.js';
import type { PageStatus, Status, UploadState } from './types.js';
import type { Begun } from './uploads/negotiate.js';

const isResult = (result: unknown): result is Result =>
  typeof result === 'object' && result !== null && 'contentId' in result && typeof result.contentId === 'number';

const ends: Readonly<Record<Exclude<EngineState, 'open'>, UploadState>> = {
  sealed: 'Uploaded',
  finished: 'Completed',
  cancelled: 'Cancelled',
  expired: 'Terminated',
  corrupt: 'Corrupted',
};

/** The state in the vendor's words (specs/brightsign.md §A7). An upload is Uploaded by itself once all bytes are there. */
export const stateOf = ({ state, size, received, metadata }: Upload): UploadState => {
  if (state !== 'open') return ends[state];
  if (uploadFacts(metadata).queued && received === 0) return 'Queued';
  if (size !== null && received === size) return 'Uploaded';
  return received > 0 ? 'Uploading' : 'Started';
};

/** An upload as ContentUploadStatus. `contentId`: what it came to, where the upload does not know that. */
export const statusOf = (upload: Upload, contentId?: number): Status => {
  const facts = uploadFacts(upload.metadata);
  const id = contentId ?? (isResult(upload.result) ? upload.result.contentId : undefined);
  return {
    ...(facts.chunksTotal !== undefined && { ChunksTotal: facts.chunksTotal }),
    ...(id !== undefined && { ContentId: id }),
    ...(upload.endedAt !== null && { EndTime: new Date(upload.endedAt) }),
    FileName: facts.fileName,
    FileSize: upload.size ?? facts.fileSize ?? 0,
    LastActivityTime: new Date(upload.touchedAt),
    ...(facts.sha1Hash !== undefined && { SHA1Hash: facts.sha1Hash }),
    ...(upload.group !== null && { SessionToken: upload.group }),
    StartTime: new Date(upload.createdAt),
    State: stateOf(upload),
    UploadToken: upload.id,
  };
};

/** How far a session is: as far as its files are, as long as it is not over. */
export const sessionStateOf = ({ group, page, assets }: Session): UploadState => {
  if (group.state !== 'open') return ends[group.state];
  const states = [page, ...assets].map(stateOf);
  if (states.every((state) => state === 'Queued')) return 'Queued';
  if (states.every((state) => state === 'Completed' || state === 'Cancelled')) return 'Uploaded';
  return states.some((state) => state !== 'Queued' && state !== 'Started') ? 'Uploading' : 'Started';
};

/** A session as WebPageUploadStatus: what is told of its HTML file, but for the session's own state and times. */
export const pageStatusOf = (session: Session): PageStatus => {
  const { group, page, assets } = session;
  const result = resultOf(session);
  const { ContentId: _file, EndTime: _end, ...file } = statusOf(page);
  const touched = [group, page, ...assets].map(({ touchedAt }) => touchedAt);
  return {
    ...file,
    ...(result && { ContentId: result.contentId }),
    ...(group.endedAt !== null && { EndTime: new Date(group.endedAt) }),
    LastActivityTime: new Date(Math.max(...touched)),
    StartTime: new Date(group.createdAt),
    State: sessionStateOf(session),
    Name: sessionFacts(group.metadata).name ?? stemOf(uploadFacts(page.metadata).fileName),
    Assets: assets.map((asset, index) => statusOf(asset, result?.assets[index])),
  };
};

/** A file of the library as ContentInfo. */
export const infoOf = ({ file, virtualPath }: Match) => {
  const latest = newest(file);
  return {
    FileName: file.name,
    FileSize: latest.size,
    Id: file.id,
    ...(latest.digests.sha1 !== undefined && { SHA1Hash: latest.digests.sha1 }),
    Type: kindOfFile(file),
    UploadDate: new Date(latest.createdAt),
    VirtualPath: virtualPath,
  };
};

/** What is answered to the start of a file: with what the server has of it already, as ContentNegotiationStatus. */
export const begunStatusOf = ({ upload, matches }: Begun): Status => {
  const status = statusOf(upload);
  if (matches.length === 0) return status;
  return { ...status, $type: 'ContentNegotiationStatus', MatchingFiles: matches.map(infoOf) };
};
