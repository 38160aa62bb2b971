import { isRefusal } from '../../engine/refusals.js';
import type { FileFacts, FileSaid, PageSaid, SaidKind } from './facts.js';
import {
  malformed,
  readChunksCount,
  readFileName,
  readFileSize,
  readId,
  readPageName,
  readRelativePath,
  readSha1,
  readVirtualPath,
} from './parameters.js';
import type { ContentArguments } from './types.js';

/** Most assets of one page: each is an upload of its own. */
const mostAssets = 5_000;

/** Arguments of a file, with what only some of their types have. */
interface Members {
  /** REST knows more kinds than SOAP. */
  readonly ContentType?: SaidKind | 'Auto' | undefined;
  readonly ContentId?: number | undefined;
  readonly RelativePath?: string | undefined;
  readonly WebPageAssetId?: number | undefined;
}

/** What is said of a file, whatever form it came in. */
export type Arguments = Omit<ContentArguments, keyof Members> & Members;

/** What is said of a web page. */
export type AnyPageArguments = Arguments & {
  readonly Name?: string | undefined;
  readonly Assets?: readonly Arguments[] | undefined;
  readonly WebPageId?: number | undefined;
};

/** Reads and judges the facts of a file (§A6). Refuses `malformed`. */
const readFacts = (args: Arguments): FileFacts => {
  const { FileName, FileSize, ChunksCount, ContentType, FileLastModifiedDate, VirtualPath, SHA1Hash } = args;
  const { ContentId, RelativePath, WebPageAssetId } = args;
  return {
    ...(ContentId && { contentId: readId(ContentId, 'content') }),
    ...(FileName !== undefined && FileName !== '' && { fileName: readFileName(FileName) }),
    ...(FileSize && { fileSize: readFileSize(FileSize) }),
    ...(ChunksCount && { chunksTotal: readChunksCount(ChunksCount) }),
    ...(ContentType && ContentType !== 'Auto' && { contentType: ContentType }),
    ...(FileLastModifiedDate &&
      FileLastModifiedDate.getUTCFullYear() > 1 && { lastModified: FileLastModifiedDate.toISOString() }),
    ...(VirtualPath && { virtualPath: readVirtualPath(VirtualPath) }),
    ...(SHA1Hash && readSha1(SHA1Hash) && { sha1Hash: SHA1Hash }),
    ...(RelativePath && { relativePath: readRelativePath(RelativePath) }),
    ...(WebPageAssetId && { webPageAssetId: readId(WebPageAssetId, 'asset') }),
  };
};

/** Reads and judges the arguments of StartFileUpload and CompleteFileUpload. Refuses `malformed`. */
export const readFile = (args: Arguments): FileSaid => {
  const { FileThumb, UploadToken, SessionToken } = args;
  return {
    facts: readFacts(args),
    ...(FileThumb && FileThumb.length > 0 && { thumb: FileThumb }),
    ...(UploadToken && { uploadToken: UploadToken }),
    ...(SessionToken && { sessionToken: SessionToken }),
  };
};

/** A fault in an asset says which one it is. */
const readAsset = (args: Arguments, index: number): FileSaid => {
  try {
    return readFile(args);
  } catch (error) {
    throw isRefusal(error, 'malformed') ? malformed(`Asset ${index + 1}: ${error.facts.reason}`) : error;
  }
};

/** Reads and judges the arguments of a web page's session. Refuses `malformed`. */
export const readPage = (args: AnyPageArguments): PageSaid => {
  const { Name, Assets = [], WebPageId } = args;
  if (Assets.length > mostAssets) throw malformed(`A web page has at most ${mostAssets} assets.`);
  return {
    ...readFile(args),
    ...(Name && { name: readPageName(Name) }),
    ...(WebPageId && { webPageId: readId(WebPageId, 'web page') }),
    assets: Assets.map(readAsset),
  };
};
