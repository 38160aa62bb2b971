import type { Upload } from '../../../engine/upload.js';
import { gaps, type Ranges } from '../../../kit/ranges.js';
import { contentFacts, restKindOf } from '../facts.js';
import type { Match } from '../library/matching.js';
import type { Session } from '../sessions/session.js';
import { infoOf, pageStatusOf, statusOf } from '../status.js';
import type { Status } from '../types.js';
import type { Begun } from '../uploads/negotiate.js';

const momentText = (moment: Date | undefined): string | null => moment?.toISOString() ?? null;

/** A run of chunks: so many of that length, one after the other, that share a state; none of them: they are not there yet. */
export interface ChunkRun {
  readonly count: number;
  readonly length: number;
  readonly state: 'Uploaded' | 'Queued';
}

/** What is there of a file as runs, from its first byte on (specs/brightsign.md §B4): chunks that touch are told as one. */
export const chunkRuns = ({ size, received }: Upload, ranges: Ranges): ChunkRun[] => {
  const end = Math.max(size ?? received, ranges.at(-1)?.end ?? 0);
  const missing = new Set(gaps(ranges, { start: 0, end }));
  return [...ranges, ...missing]
    .sort((a, b) => a.start - b.start)
    .map((range) => {
      const isMissing = missing.has(range);
      return {
        count: isMissing ? 0 : 1,
        length: range.end - range.start,
        state: isMissing ? 'Queued' : 'Uploaded',
      };
    });
};

const shape = (status: Status, chunks: readonly ChunkRun[]) => ({
  sessionToken: status.SessionToken ?? null,
  uploadToken: status.UploadToken ?? null,
  contentId: status.ContentId ?? 0,
  fileName: status.FileName ?? null,
  fileSize: status.FileSize,
  shA1Hash: status.SHA1Hash ?? null,
  state: status.State,
  startTime: momentText(status.StartTime),
  endTime: momentText(status.EndTime),
  lastActivityTime: momentText(status.LastActivityTime),
  chunks,
});

/** How a file stands. */
export const fileShape = (upload: Upload, chunks: readonly ChunkRun[] = []) => shape(statusOf(upload), chunks);

const matchShape = (match: Match) => {
  const info = infoOf(match);
  return {
    id: info.Id,
    fileName: info.FileName,
    virtualPath: info.VirtualPath,
    mediaType: restKindOf({ ...contentFacts(match.file.metadata), fileName: match.file.name }),
    fileSize: info.FileSize,
    shA1Hash: info.SHA1Hash ?? null,
    uploadDate: momentText(info.UploadDate),
  };
};

/** A file that has begun, with what the server has of it already. */
export const negotiationShape = ({ upload, matches }: Begun) => ({
  ...fileShape(upload),
  matchingFiles: matches.map(matchShape),
});

/** How a session stands; its assets in the order in which they were announced. */
export const sessionShape = (session: Session) => {
  const status = pageStatusOf(session);
  return {
    ...shape(status, []),
    name: status.Name ?? null,
    assets: (status.Assets ?? []).map((asset) => shape(asset, [])),
  };
};
